"""Connections that are being opened, each in a thread of its own, while emails go out by those that are open."""

from __future__ import annotations

import smtplib
import socket
import threading

from plugin.clients.smtp.smtp_pool import Pool

Opened = tuple[smtplib.SMTP, bool]
"""A connection, and whether it was used before."""


class Opening:
    """Has connections opened, and says so by a byte at `signal`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._found: list[Opened | Exception] = []
        self._left = False
        self.count = 0
        self.signal, self._other_end = socket.socketpair()
        self.signal.setblocking(False)

    def more(self, wanted: int) -> bool:
        """Have so many under way; says whether that made any more."""
        missing = max(0, wanted - self.count)
        for _ in range(missing):
            self.count += 1
            threading.Thread(target=self._open, name="smtp-opening", daemon=True).start()
        return bool(missing)

    def collect(self) -> list[Opened | Exception]:
        """Those that are open by now, and what went wrong with others."""
        self.signal.recv(4096)
        with self._lock:
            found, self._found = self._found, []
        self.count -= len(found)
        return found

    def leave(self) -> None:
        """Nobody wants them any more: what is open, or will be, goes to the pool."""
        with self._lock:
            self._left, found = True, self._found
            self._found = []
            self.signal.close()
            self._other_end.close()
        for one in found:
            self._keep(one)

    def _open(self) -> None:
        found: Opened | Exception
        try:
            found = self._pool.take()
        except Exception as error:
            found = error
        with self._lock:
            if not self._left:
                self._found.append(found)
                self._other_end.send(b".")
                return
        self._keep(found)

    def _keep(self, found: Opened | Exception) -> None:
        if not isinstance(found, Exception):
            self._pool.give_back(found[0])
