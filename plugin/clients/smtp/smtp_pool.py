"""A few open SMTP connections, shared by threads, first come first served."""

from __future__ import annotations

import smtplib
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from plugin.errors import Unavailable

MAX_MAILS = 100
"""Servers commonly end a connection after some hundred mails."""


@dataclass(slots=True)
class _Record:
    opened_at: float
    idle_since: float
    mails: int = 0


class Pool:
    """Lends out at most `size` connections. Old ones are replaced, idle ones asked whether they live.

    Whoever comes first gets the next that is given back: a shop with many mails keeps none from the others.
    """

    def __init__(
        self,
        connect: Callable[[], smtplib.SMTP],
        size: int,
        wait_seconds: float,
        max_age_seconds: float,
        check_after_seconds: float,
    ) -> None:
        self.size = size
        self._connect = connect
        self._free = size
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()
        self._closed = False
        self._idle: list[smtplib.SMTP] = []
        self._records: dict[smtplib.SMTP, _Record] = {}
        self._wait = wait_seconds
        self._max_age = max_age_seconds
        self._check_after = check_after_seconds

    def take_ready(self) -> smtplib.SMTP | None:
        """A connection that was used a moment ago, without a word to the server; None where nobody else's turn may be
        taken, or none is there."""
        with self._lock:
            if self._waiting or not self._free or not self._idle or not self._fresh(self._idle[-1]):
                return None
            self._free -= 1
            return self._idle.pop()

    def take(self) -> tuple[smtplib.SMTP, bool]:
        """A connection, and whether it has been used before; waits for its turn. Raises Unavailable."""
        self._take_place()
        try:
            while idle := self._next_idle():
                if self._alive(idle):
                    return idle, True
                self._forget(idle)
            return self._new(), False
        except BaseException:
            self._release_place()
            raise

    def give_back(self, smtp: smtplib.SMTP) -> None:
        """Keeps the connection for the next mail."""
        with self._lock:
            record, closed = self._records[smtp], self._closed
            record.idle_since, record.mails = time.monotonic(), record.mails + 1
            if not closed:
                self._idle.append(smtp)
        self._release_place()
        if closed:
            self._forget(smtp)

    def drop(self, smtp: smtplib.SMTP) -> None:
        """Ends a connection that is in doubt, without another word on it."""
        self._forget(smtp)
        self._release_place()

    def close(self) -> None:
        """Ends every idle connection politely; what is still lent out ends when it comes back."""
        with self._lock:
            self._closed = True
        while idle := self._next_idle():
            self._part(idle)

    def _take_place(self) -> None:
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(self._wait):
            return
        with self._lock:
            if turn not in self._waiting:  # it came at the last moment
                return
            self._waiting.remove(turn)
        raise Unavailable("All connections to the email server are busy.", retry_after_seconds=self._wait)

    def _release_place(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    def _new(self) -> smtplib.SMTP:
        smtp, now = self._connect(), time.monotonic()
        with self._lock:
            self._records[smtp] = _Record(now, now)
        return smtp

    def _next_idle(self) -> smtplib.SMTP | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _fresh(self, smtp: smtplib.SMTP) -> bool:
        """Whether it can be used without asking."""
        record, now = self._records[smtp], time.monotonic()
        return self._young(record, now) and now - record.idle_since < self._check_after

    def _young(self, record: _Record, now: float) -> bool:
        return now - record.opened_at <= self._max_age and record.mails < MAX_MAILS

    def _alive(self, smtp: smtplib.SMTP) -> bool:
        with self._lock:
            record, fresh = self._records[smtp], self._fresh(smtp)
        return fresh or (self._young(record, time.monotonic()) and _answers(smtp.noop))

    def _forget(self, smtp: smtplib.SMTP) -> None:
        with self._lock:
            self._records.pop(smtp, None)
        smtp.close()

    def _part(self, smtp: smtplib.SMTP) -> None:
        with suppress(OSError):  # saying goodbye to a server that is gone already
            smtp.quit()
        self._forget(smtp)


def _answers(command: Callable[[], tuple[int, bytes]]) -> bool:
    """Whether the server takes the command. Every error of smtplib is an OSError."""
    try:
        return command()[0] == 250
    except OSError:
        return False
