"""Hands the emails of a batch over, and writes down, for several together, which are about to go and how it went."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from plugin.actions.sending import take_back
from plugin.actions.work.job_outcomes import RECORD_ATTEMPTS, Spared, TurnOver
from plugin.actions.work.work import Work
from plugin.clients.smtp.provider import Letter
from plugin.errors import (
    BadInput,
    HeldBack,
    LeftOut,
    NoDatabase,
    NoMailbox,
    NotYet,
    Refused,
    SukiError,
    Unavailable,
    UnknownOutcome,
)
from plugin.messages import may_go
from plugin.messages.sending import end_messages
from plugin.messages.sending.letters import Letters, Part, Written
from plugin.observe import mail_outcomes
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext
from plugin.store.database.db import shop_transaction
from plugin.store.database.waits import is_wait
from plugin.store.members.members import Member
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import messages, one_mail
from plugin.store.work.jobs import Job
from plugin.store.work.messages import Beginning, Message, Outcome

SOMEBODY_AT_IT: Final = "somebody else is changing this message"
LOOK_AGAIN_SECONDS: Final = 2.0
PARTS_CHANGED: Final = "what goes with this email changed meanwhile"
LATER_SECONDS: Final = 30.0
"""When one is tried again that could not be rendered for now."""
_DATABASE = (DBAPIError, NoDatabase)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that is to go: whom to, and what it says."""

    job: Job
    kind: MessageKind
    message: Message
    reader: Member
    context: MailContext
    promotional: bool = False
    parts: tuple[Part, ...] = ()


class HandingOver:
    """One batch on its way. Whatever keeps a job from being done is in `failures`, by job."""

    def __init__(
        self, work: Work, shop: Shop, ready: Iterable[Ready], letters: Letters, over: Callable[[], bool]
    ) -> None:
        self._work, self._shop, self._letters, self._over = work, shop, letters, over
        self._waiting = deque(ready)
        self._given: dict[int, Ready] = {}
        self._written: dict[int, Written] = {}
        self._begun: set[int] = set()
        self._unwritten: dict[int, Outcome] = {}
        self._no_mailbox: dict[str, str] = {}
        self._told: set[int] = set()
        self._out_of_reach: SukiError | None = None
        self.failures: dict[int, Exception] = {}

    def next(self) -> Letter | None:
        """The next email, rendered; None when there is none, or the turn is over and one has been tried."""
        while self._waiting and not (self._given and self._over()):
            one = self._waiting.popleft()
            key = one.message.id
            self._given[key] = one
            try:
                written = self._letters.write(
                    one.kind, one.message, one.reader, one.context, one.parts, promotional=one.promotional
                )
            except BadInput as error:
                self._note(one, error, "failed", str(error))
            except SukiError as error:
                self._note(one, NotYet(error.message, LATER_SECONDS))
            else:
                self._written[key] = written
                return written.letter
        return None

    def note(self, ended: Mapping[int, SukiError | None], beginning: Sequence[int]) -> Collection[int]:
        """Written down in one transaction. What the database keeps us from writing is written with the next."""
        for key, error in ended.items():
            self._ended(self._given[key], error)
        try:
            begun, stopped = self._write([self._given[key] for key in beginning])
        except _DATABASE as error:
            for key in beginning:
                self._note(self._given[key], error)
            return ()
        for key in set(beginning) - begun:
            why = stopped.get(key, NotYet(SOMEBODY_AT_IT, LOOK_AGAIN_SECONDS))
            self._note(self._given[key], None if isinstance(why, LeftOut) else why)
        self._begun |= begun
        return begun

    def finish(self, broken: Exception | None = None) -> None:
        """Write down what could not be until now, and say of which jobs nothing became: of those that were not told of
        because something of ours is `broken`, that; else that others found the server out of reach, or the turn over.

        What cannot be written down stays as being handed over, and is found to be of unknown fate.
        """
        left = broken or TurnOver("others wait for their turn")
        if broken is None and self._out_of_reach is not None:
            left = Spared(self._out_of_reach.message)
        for one in (*self._waiting, *self._given.values()):
            if one.message.id not in self._told:
                self.failures.setdefault(one.job.id, left)
        problem = self._write_rest()
        for key in self._unwritten if problem is not None else ():
            self.failures[self._given[key].job.id] = problem  # type: ignore[assignment]

    def _write_rest(self) -> Exception | None:
        """What others' locks undo is tried again; answers what else kept it from being written."""
        for attempt in range(1, RECORD_ATTEMPTS + 1):
            try:
                self._write([])
                return None
            except _DATABASE as error:
                if not is_wait(error) or attempt == RECORD_ATTEMPTS:
                    return error
        return None

    def _ended(self, one: Ready, error: SukiError | None) -> None:
        begun = one.message.id in self._begun
        if error is None:
            self._note(one, None, "sent", self._written[one.message.id].note)
        elif isinstance(error, UnknownOutcome):
            self._note(one, None, "unknown", error.message)
        elif isinstance(error, Refused):
            if isinstance(error, NoMailbox):
                self._no_mailbox[self._written[one.message.id].letter.recipient] = error.mailbox_status
            self._note(one, None, "failed", error.message)
        else:
            self._note(one, error, "queued" if begun else "")
            if isinstance(error, Unavailable):
                self._out_of_reach = error

    def _note(self, one: Ready, failure: Exception | None, state: str = "", error: str = "") -> None:
        self._told.add(one.message.id)
        if failure is not None:
            self.failures[one.job.id] = failure
        if state:
            self._unwritten[one.message.id] = Outcome(one.message.id, state, error)

    def _write(self, beginning: Sequence[Ready]) -> tuple[set[int], dict[int, LeftOut | NotYet]]:
        """One transaction: how some ended, and which of these may go. Answers which do, and what keeps others."""
        if not beginning and not self._unwritten:
            return set(), {}
        now = self._work.clock()
        with shop_transaction(self._work.engine, self._shop.id) as conn:
            take_back.refused(conn, self._shop.id, self._no_mailbox, now)
            stopped = self._stopped(conn, beginning, now) if beginning else {}
            left_out = [_left_out(key, why) for key, why in stopped.items() if isinstance(why, LeftOut | HeldBack)]
            outcomes = [*self._unwritten.values(), *left_out]
            written = end_messages.end(conn, self._shop.id, outcomes, now)
            going = [one for one in beginning if one.message.id not in stopped]
            begun = (
                messages.begin(conn, self._shop.id, [self._beginning(one) for one in going], now) if going else set()
            )
            taken = {one.message.id: _numbers(one) for one in going if one.parts and one.message.id in begun}
            if taken:
                one_mail.take_in(conn, self._shop.id, taken, now)
        self._count([one for one in outcomes if one.message_id in written])
        self._unwritten, self._no_mailbox = {}, {}
        return begun, stopped

    def _stopped(self, conn: Connection, beginning: Sequence[Ready], now: datetime) -> dict[int, LeftOut | NotYet]:
        """What keeps emails from going, by message; one that is to bring others waits where one of these may not go."""
        about = [may_go.About(one.message, one.reader, one.promotional) for one in beginning]
        about += [may_go.About(part.message, one.reader) for one in beginning for part in one.parts]
        stopped = may_go.stopped(conn, shops.get(conn, self._shop.id), about, now)
        parts = {one.message.id: _numbers(one) for one in beginning if one.parts}
        free = one_mail.hold(conn, self._shop.id, parts) if parts else set()
        found = {one.message.id: stopped[one.message.id] for one in beginning if one.message.id in stopped}
        for leader, numbers in parts.items():
            if leader not in free or stopped.keys() & set(numbers):
                found.setdefault(leader, NotYet(PARTS_CHANGED, LOOK_AGAIN_SECONDS))
        return found

    def _beginning(self, one: Ready) -> Beginning:
        mail = self._written[one.message.id].letter.mail
        nature = "promotional" if one.promotional else "transactional"
        return Beginning(one.message.id, mail.subject, mail.locale, nature)

    def _count(self, outcomes: Iterable[Outcome]) -> None:
        for one in outcomes:
            if one.state != "queued":
                mail_outcomes.labels(self._given[one.message_id].message.kind, one.state).inc()


def _numbers(one: Ready) -> list[int]:
    return [part.message.id for part in one.parts]


def _left_out(key: int, why: LeftOut | NotYet) -> Outcome:
    return Outcome(key, "skipped" if isinstance(why, LeftOut) else "queued", why.message)
