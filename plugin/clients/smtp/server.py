"""How to reach the email server, and log in."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Literal

from plugin.clients.smtp.conversation import not_sent

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and who we are. Every error of smtplib is an OSError."""

    host: str
    port: int
    own_name: str
    login: tuple[str, str] | None
    security: Security
    timeout_seconds: float
    tls: ssl.SSLContext | None

    def connect(self) -> smtplib.SMTP:
        """A connection ready for mails. Whatever goes wrong here, no mail was sent: Unavailable."""
        try:
            smtp = self._open()
        except OSError as error:
            raise not_sent(f"no connection ({_cause(error)})") from error
        try:
            self._greet(smtp)
        except OSError as error:
            smtp.close()
            raise not_sent(f"no session ({_cause(error)})") from error
        return smtp

    def _open(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, self.own_name, timeout=self.timeout_seconds, context=self._context()
            )
        return smtplib.SMTP(self.host, self.port, self.own_name, timeout=self.timeout_seconds)

    def _context(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()

    def _greet(self, smtp: smtplib.SMTP) -> None:
        if smtp.sock is not None:  # else the lone final dot waits 40 ms for Nagle
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            smtp.starttls(context=self._context())
            smtp.ehlo_or_helo_if_needed()
        if self.login:
            smtp.login(*self.login)


def _cause(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"login refused, {error.smtp_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}"
    return type(error).__name__
