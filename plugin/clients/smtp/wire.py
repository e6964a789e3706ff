"""One SMTP connection that never waits: what is still to be sent on it, and the replies that came."""

from __future__ import annotations

import smtplib
import socket
import ssl

_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_A_READ = 65536
MOST_REPLY_BYTES = 65536
Reply = tuple[int, bytes]


class Wire:
    """Lends the socket of a connection that is open and logged in. Every error is an OSError.

    `amid_content`: where no command, not even RSET, would be heard as one. `usable`: another email can follow.
    """

    def __init__(self, smtp: smtplib.SMTP, *, reused: bool) -> None:
        if smtp.sock is None:
            raise ConnectionError("the connection is closed")
        self.smtp, self.reused = smtp, reused
        self.socket: socket.socket = smtp.sock
        self.amid_content = False
        self.usable = True
        self._out = memoryview(b"")
        self._in = bytearray()
        self.socket.setblocking(False)

    def release(self, timeout_seconds: float) -> smtplib.SMTP:
        """The connection as smtplib wants it."""
        if self.smtp.sock is not None:
            self.smtp.sock.settimeout(timeout_seconds)
        return self.smtp

    def say(self, content: bytes) -> None:
        """Send this after what is still to be sent, as far as the other side takes it now."""
        self._out = memoryview(bytes(self._out) + content)
        self.push()

    @property
    def sent(self) -> bool:
        """Whether nothing is left to be sent."""
        return not self._out

    def push(self) -> None:
        """Send what the other side takes now."""
        try:
            while self._out:
                self._out = self._out[self.socket.send(self._out) :]
        except _NOT_NOW:
            return

    def pull(self) -> None:
        """Receive what is there. ConnectionError: the other side has gone, and everything that it said is read."""
        try:
            while len(self._in) <= MOST_REPLY_BYTES:
                piece = self.socket.recv(_A_READ)
                if not piece:
                    raise ConnectionError("the other side has hung up")
                self._in += piece
        except _NOT_NOW:
            return
        raise ConnectionError("the other side does not stop talking")

    @property
    def heard(self) -> bool:
        """Whether the other side has said something that was not asked for yet."""
        return bool(self._in)

    def reply(self) -> Reply | None:
        """The next whole reply, if it is there: its code, -1 for none that is one, and its last line's text."""
        begin = 0
        while (end := self._in.find(b"\n", begin)) >= 0:
            line = bytes(self._in[begin:end]).rstrip(b"\r")
            begin = end + 1
            if line[3:4] != b"-":
                del self._in[:begin]
                return (int(line[:3]) if line[:3].isdigit() else -1), line[4:]
        return None
