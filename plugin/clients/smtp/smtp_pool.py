"""A few open SMTP connections, shared by threads."""

from __future__ import annotations

import smtplib
import threading
import time
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
    """Lends out at most `size` connections. Old ones are replaced, idle ones asked whether they live."""

    def __init__(
        self,
        connect: Callable[[], smtplib.SMTP],
        size: int,
        wait_seconds: float,
        max_age_seconds: float,
        check_after_seconds: float,
    ) -> None:
        self._connect = connect
        self._places = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[smtplib.SMTP] = []
        self._records: dict[smtplib.SMTP, _Record] = {}
        self._wait = wait_seconds
        self._max_age = max_age_seconds
        self._check_after = check_after_seconds

    def take(self) -> tuple[smtplib.SMTP, bool]:
        """A connection, and whether it has been used before. Raises Unavailable."""
        if not self._places.acquire(timeout=self._wait):
            raise Unavailable("All connections to the email server are busy.", retry_after_seconds=self._wait)
        try:
            while idle := self._next_idle():
                if self._alive(idle):
                    return idle, True
                self._forget(idle)
            return self._fresh(), False
        except BaseException:
            self._places.release()
            raise

    def give_back(self, smtp: smtplib.SMTP, *, clean: bool = True) -> None:
        """Keeps the connection for the next mail; one that is not clean is first made to forget this one."""
        if not clean and not _answers(smtp.rset):
            self.drop(smtp)
            return
        with self._lock:
            record = self._records[smtp]
            record.idle_since, record.mails = time.monotonic(), record.mails + 1
            self._idle.append(smtp)
        self._places.release()

    def drop(self, smtp: smtplib.SMTP) -> None:
        """Ends a connection that is in doubt, without another word on it."""
        self._forget(smtp)
        self._places.release()

    def close(self) -> None:
        """Ends every idle connection politely."""
        while idle := self._next_idle():
            self._part(idle)

    def _fresh(self) -> smtplib.SMTP:
        smtp, now = self._connect(), time.monotonic()
        with self._lock:
            self._records[smtp] = _Record(now, now)
        return smtp

    def _next_idle(self) -> smtplib.SMTP | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _alive(self, smtp: smtplib.SMTP) -> bool:
        with self._lock:
            record = self._records[smtp]
        now = time.monotonic()
        if now - record.opened_at > self._max_age or record.mails >= MAX_MAILS:
            return False
        if now - record.idle_since < self._check_after:
            return True
        return _answers(smtp.noop)

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
