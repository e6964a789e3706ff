"""Previews and merchants' own sources are rendered apart: in a process of its own that can be ended.

It lives as long as ours, is started when it is first needed and again after it was ended, and is asked by one thread at
a time. It is a fresh interpreter, not a copy of ours: nothing of our threads, connections or secrets is in it.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

import orjson

from plugin import observe
from plugin.errors import BadInput, Unavailable
from plugin.messages.apart.frames import receive, send
from plugin.messages.apart.told import Told, to_json
from plugin.messages.render import Piece, finished, in_colour, named_look, render, said_of
from plugin.rules.brand import Brand
from plugin.rules.emails.design import Content, Source
from plugin.rules.emails.stored import to_stored
from plugin.rules.formats import one_line_name
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext, RenderedMail
from plugin.rules.words.texts import Said

START_SECONDS: Final = 20.0
ANSWER_SECONDS: Final = 3.0
"""By the clock; the process itself is ended after one second of processor time."""
ROOT: Final = Path(__file__).resolve().parents[3]
log = observe.get_logger()


class _Gone(Exception):
    """The process ended instead of answering; `tired`: because it had used up its time."""

    def __init__(self, *, tired: bool) -> None:
        super().__init__("the rendering process ended")
        self.tired = tired


class _Child:
    """One process, and the line to it."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "plugin.messages.apart.child", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._line = ours
        self._ready = False

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def ask(self, request: bytes) -> bytes:
        """The answer to one request. _Gone: it ended meanwhile. TimeoutError: it took too long by the clock."""
        try:
            if not self._ready:
                self._line.settimeout(START_SECONDS)
                self._ready = receive(self._line) is not None
            self._line.settimeout(ANSWER_SECONDS)
            send(self._line, request)
            answered = receive(self._line)
        except (BrokenPipeError, ConnectionResetError):
            answered = None
        if answered is None:
            self._line.close()
            raise _Gone(tired=self._process.wait(timeout=5) == -signal.SIGPROF)
        return answered

    def end(self) -> None:
        """End it, whatever it does."""
        self._line.close()
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait(timeout=5)


class Apart:
    """Asks the process, and starts a new one where there is none any more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """The process that is there now."""
        return self._child.pid if self._child is not None else None

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer. BadInput: the content does too much, or ends whoever renders it. Unavailable: try again."""
        asked = orjson.dumps(request)
        with self._lock:
            for last in (False, True):
                try:
                    answered = self._here().ask(asked)
                except _Gone as gone:
                    self._forget()
                    if gone.tired or last:
                        log.warning("rendering_ended", kind=request["kind"], tired=gone.tired)
                        raise BadInput(Said("emails.wrong.too_slow")) from gone
                except TimeoutError as late:
                    self._forget()
                    raise Unavailable("the email wasn't rendered in time", retry_after_seconds=5) from late
                else:
                    found: dict[str, Any] = orjson.loads(answered)
                    return found
        raise AssertionError("unreachable")

    def _here(self) -> _Child:
        if self._child is not None and self._child.owner != os.getpid():
            self._child = None
        if self._child is None:
            self._child = _Child()
        return self._child

    def _forget(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None

    def begin(self) -> None:
        """Start the process, if there is none, without waiting for it: somebody is about to ask."""
        with self._lock:
            self._here()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._forget()


ROOM: Final = Apart()
"""This process's own."""
atexit.register(ROOM.close)


def render_apart(
    kind: MessageKind, context: MailContext, brand: Brand, content: Content | None, room: Apart = ROOM
) -> RenderedMail:
    """The email of that kind for one reader, rendered apart. BadInput names the field of the content that is wrong."""
    values = context.values()
    shown: dict[str, object] = dict(said_of(brand, context))
    if isinstance(content, Source):
        shown |= named_look(brand)
    told = Told(
        {**values, "brand": shown}, str(values["locale"]), one_line_name(context.points_name), str(values["shop_name"])
    )
    stored = to_stored(content) if content is not None else None
    answered = room.ask({"kind": kind.value, "content": stored, "told": to_json(told)})
    if "error" in answered:
        raise BadInput(str(answered["error"]), dict(answered["fields"]))
    return finished(answered["subject"], in_colour(answered["html"], brand), answered["text"], context, brand)


def rendered(
    kind: MessageKind, context: MailContext, brand: Brand, content: Content | None, pieces: Sequence[Piece] = ()
) -> RenderedMail:
    """The email of that kind for one reader, as it is sent: a merchant's source apart, everything else here.

    `pieces` are what others say in it; a source has no room for any.
    """
    if isinstance(content, Source):
        return render_apart(kind, context, brand, content)
    return render(kind, context, brand, content, pieces)


preview = render_apart
"""What an editor shows while somebody writes."""
