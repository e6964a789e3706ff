"""Several emails at once, each on a connection of its own, by one thread that never waits for one of them alone.

What is about to be handed over, and what became of it, is written down for all of them together: the conversations that
are ready wait a few milliseconds for those that soon will be.
"""

from __future__ import annotations

import selectors
import smtplib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from plugin.clients.smtp.conversation import ODD, Conversation, Parcel, Wait, conversation, not_sent
from plugin.clients.smtp.opening import Opening
from plugin.clients.smtp.provider import Letter, Sending
from plugin.clients.smtp.smtp_pool import Pool
from plugin.clients.smtp.wire import Wire
from plugin.errors import Refused, SukiError, Unavailable

LIVELY_SECONDS: Final = 0.1
"""One that got no further for so long is not waited for by others."""
GATHER_SECONDS: Final = 0.25
"""The longest that one which is ready, or has ended, waits for others."""
Prepare = Callable[[Letter], Parcel]


@dataclass(slots=True, eq=False)
class _Talk:
    """One email on its connection. `handed_over`: the final dot is, or is about to be, said."""

    letter: Letter
    parcel: Parcel
    wire: Wire
    steps: Conversation
    waits: Wait = Wait.REPLY
    handed_over: bool = False
    since: float = 0.0


class Exchange:
    """Hands over what `sending` gives out, until it gives no more or the server is out of reach."""

    def __init__(self, pool: Pool, sending: Sending, prepare: Prepare, timeout_seconds: float) -> None:
        self._pool, self._sending, self._prepare = pool, sending, prepare
        self._timeout = timeout_seconds
        self._opening = Opening(pool)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._opening.signal, selectors.EVENT_READ, None)
        self._talks: set[_Talk] = set()
        self._prepared: deque[tuple[Letter, Parcel]] = deque()
        self._free: deque[tuple[smtplib.SMTP, bool]] = deque()
        self._ended: dict[int, SukiError | None] = {}
        self._ended_since = 0.0
        self._no_more = False
        self._most = pool.size

    def run(self) -> None:
        """Until everything that was begun has ended. What `sending` raises ends it at once."""
        try:
            while self._hear(0) or self._start() or self._write_down() or self._draw() or self._rest():
                pass
        finally:
            self._leave()

    def _rest(self) -> bool:
        """Nothing can be done at once: wait for the servers. False when nothing is under way any more."""
        if self._talks or self._ended or (self._prepared and self._opening.count):
            self._hear(self._patience())
            return True
        return False

    def _patience(self) -> float:
        """Seconds until something is to be done though nobody speaks."""
        now = time.monotonic()
        ends = [talk.since + (GATHER_SECONDS if talk.waits is Wait.GO else self._timeout) for talk in self._talks]
        if self._ended or len(ends) > 1:
            ends.append(now + LIVELY_SECONDS)
        return max(0.0, min(ends, default=now + self._timeout) - now)

    def _hear(self, seconds: float) -> bool:
        """Go on with the conversations of which something was heard, or which can go on sending; with those that took
        too long, where nothing was."""
        heard = self._selector.select(seconds)
        for key, events in heard:
            if key.data is None:
                self._opened()
            else:
                self._go_on(key.data, events)
        return bool(heard) or self._give_up()

    def _give_up(self) -> bool:
        now = time.monotonic()
        late = [one for one in self._talks if one.waits is not Wait.GO and now - one.since > self._timeout]
        for talk in late:
            self._throw(talk, TimeoutError("the server took too long"))
        return bool(late)

    def _opened(self) -> None:
        """A connection was opened; where none could be and none is there, the server is out of reach."""
        for found in self._opening.collect():
            if not isinstance(found, Exception):
                self._free.append(found)
                continue
            if not (self._talks or self._free) and (ready := self._pool.take_ready()) is not None:
                self._free.append((ready, True))
            self._most = len(self._talks) + len(self._free) + self._opening.count  # it takes no more of them now
            if not self._most:
                self._out_of_reach(found)

    def _out_of_reach(self, error: Exception) -> None:
        """No more is tried; the first that waits is told why."""
        if not isinstance(error, Unavailable):
            raise error
        self._no_more = True
        if self._prepared:
            self._end(self._prepared[0][0], error)
        self._prepared.clear()

    def _draw(self) -> bool:
        """Prepare the next email while the servers are at work."""
        if self._no_more or len(self._prepared) >= self._pool.size:
            return False
        letter = self._sending.next()
        if letter is None:
            self._no_more = True
            return False
        try:
            self._prepared.append((letter, self._prepare(letter)))
        except Refused as error:
            self._end(letter, error)
        return True

    def _start(self) -> bool:
        """Begin with the next email on a connection that is free, or have one opened."""
        if not self._prepared:
            return False
        if not self._free and (ready := self._pool.take_ready()) is not None:
            self._free.append((ready, True))
        if not self._free:
            wanted = len(self._talks) + len(self._prepared)
            return self._opening.more(min(wanted, self._most) - len(self._talks))
        smtp, reused = self._free.popleft()
        self._begin(*self._prepared.popleft(), smtp, reused=reused)
        return True

    def _begin(self, letter: Letter, parcel: Parcel, smtp: smtplib.SMTP, *, reused: bool) -> None:
        try:
            wire = Wire(smtp, reused=reused)
        except OSError:
            self._pool.drop(smtp)
            self._prepared.appendleft((letter, parcel))
            return
        talk = _Talk(letter, parcel, wire, conversation(wire, parcel))
        self._talks.add(talk)
        self._selector.register(wire.socket, selectors.EVENT_READ, talk)
        self._step(talk, partial(next, talk.steps))

    def _go_on(self, talk: _Talk, events: int) -> None:
        if talk not in self._talks:
            return
        try:
            if events & selectors.EVENT_READ:
                talk.wire.pull()
            if events & selectors.EVENT_WRITE:
                talk.wire.push()
                talk.since = time.monotonic()
        except OSError as error:
            self._lost(talk, error)
            return
        self._advance(talk)

    def _lost(self, talk: _Talk, error: OSError) -> None:
        """What was said before the line broke still counts."""
        while talk in self._talks and talk.waits is Wait.REPLY and (reply := talk.wire.reply()) is not None:
            self._step(talk, partial(talk.steps.send, reply))
        if talk in self._talks:
            self._throw(talk, error)

    def _advance(self, talk: _Talk) -> None:
        while talk in self._talks:
            if talk.waits is Wait.REPLY and (reply := talk.wire.reply()) is not None:
                self._step(talk, partial(talk.steps.send, reply))
            elif talk.waits is Wait.SENT and talk.wire.sent:
                self._step(talk, partial(talk.steps.send, None))
            else:
                break
        if talk in self._talks:
            writing = 0 if talk.wire.sent else selectors.EVENT_WRITE
            self._selector.modify(talk.wire.socket, selectors.EVENT_READ | writing, talk)

    def _throw(self, talk: _Talk, error: OSError) -> None:
        self._step(talk, partial(talk.steps.throw, error))

    def _step(self, talk: _Talk, step: Callable[[], Wait]) -> None:
        """One step of the conversation, with whatever becomes of the email."""
        try:
            talk.waits, talk.since = step(), time.monotonic()
        except StopIteration:
            self._finish(talk, None)
        except SukiError as error:
            self._finish(talk, error)
        except OSError as error:
            self._never_begun(talk, error)

    def _never_begun(self, talk: _Talk, error: OSError) -> None:
        """The connection was lost before the server had the content: a re-used one was stale, another is tried."""
        if talk.wire.reused:
            self._put_away(talk)
            self._prepared.appendleft((talk.letter, talk.parcel))
        elif talk.parcel.addresses.odd:
            why = f"The email server disconnected when it saw the address. {ODD}"
            self._finish(talk, Refused(why, "ADDRESS"))
        else:
            lost = not_sent("the connection was lost")
            lost.__cause__ = error
            self._finish(talk, lost)

    def _finish(self, talk: _Talk, error: SukiError | None) -> None:
        self._put_away(talk)
        self._end(talk.letter, error)
        if isinstance(error, Unavailable):
            self._no_more = True
            self._prepared.clear()

    def _end(self, letter: Letter, error: SukiError | None) -> None:
        if not self._ended:
            self._ended_since = time.monotonic()
        self._ended[letter.key] = error

    def _put_away(self, talk: _Talk) -> None:
        self._talks.discard(talk)
        self._selector.unregister(talk.wire.socket)
        smtp = talk.wire.release(self._timeout)
        if talk.wire.usable:
            self._pool.give_back(smtp)
        else:
            self._pool.drop(smtp)

    def _write_down(self) -> bool:
        """Have written down what ended and what is ready to go, unless more of either will be so in a moment."""
        ready = [talk for talk in self._talks if talk.waits is Wait.GO]
        if not self._due(ready):
            return False
        ended, self._ended = self._ended, {}
        may_go = set(self._sending.note(ended, [talk.letter.key for talk in ready]))
        for talk in ready:
            if talk.letter.key in may_go:
                talk.handed_over = True
                self._step(talk, partial(talk.steps.send, None))
                self._advance(talk)
            else:
                talk.wire.usable = False
                self._put_away(talk)
        return True

    def _due(self, ready: list[_Talk]) -> bool:
        """Whether to write down now. What ended waits for those that are about to end; what is ready for whatever is
        lively, for it will end, or get ready, in a moment, and for others as long as connections have nothing to do."""
        now = time.monotonic()
        lively = [one for one in self._talks if one.waits is not Wait.GO and now - one.since < LIVELY_SECONDS]
        if self._ended and (now - self._ended_since > GATHER_SECONDS or not any(one.handed_over for one in lively)):
            return True
        if not ready:
            return False
        first = min(talk.since for talk in ready)
        full = self._no_more or len(self._talks) + len(self._prepared) >= self._most
        return now - first > GATHER_SECONDS or (full and not lively)

    def _leave(self) -> None:
        """Nothing of ours stays behind: what is still under way is cut off."""
        for talk in list(self._talks):
            talk.wire.usable = False
            self._put_away(talk)
        for smtp, _ in self._free:
            self._pool.give_back(smtp)
        self._selector.close()
        self._opening.leave()
