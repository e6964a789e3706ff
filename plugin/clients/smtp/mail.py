"""Hands mails over to an SMTP server, so that the caller always knows whether one may have gone out.

Everything up to the last byte of the content can be repeated safely. Only the final dot hands the mail
over; from there until the server's answer nobody but the server knows.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from plugin.clients.smtp.mail_compose import Addresses, compose
from plugin.clients.smtp.smtp_pool import Pool
from plugin.errors import NotYet, Refused, SettingsError, Unavailable, UnknownOutcome
from plugin.rules.mail_domains import ascii_domain
from plugin.rules.messages import RenderedMail
from plugin.settings import Settings

Security = Literal["starttls", "tls", "none"]
_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_ABOUT_THE_MAILBOX = re.compile(rb"\s*4\.[12]\.\d")
"""Source: RFC 3463, 3.2 and 3.3: the address, the mailbox."""
ODD = "The address has dots in places that aren't allowed, so we won't try again."
_DOT_LINE = re.compile(rb"(?m)^\.")


class Mailer:
    """Sends mails through one SMTP server over a few re-used connections. May be shared by threads."""

    def __init__(
        self,
        host: str,
        port: int,
        mail_from: str,
        *,
        user: str | None = None,
        password: str | None = None,
        security: Security = "starttls",
        timeout_seconds: float = 20,
        connections: int = 4,
        max_age_seconds: float = 240,
        check_after_seconds: float = 10,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._from = mail_from
        self._timeout = timeout_seconds
        login = (user, password or "") if user else None
        server = _Server(host, port, _own_name(mail_from), login, security, timeout_seconds, tls)
        self._pool = Pool(server.connect, connections, timeout_seconds, max_age_seconds, check_after_seconds)

    @classmethod
    def from_settings(cls, settings: Settings, connections: int = 4) -> Self:
        """The mailer that the settings describe."""
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.mail_from,
            user=settings.smtp_user,
            password=password,
            security=settings.smtp_security,
            timeout_seconds=settings.smtp_timeout_seconds,
            connections=connections,
        )

    def send(
        self,
        mail: RenderedMail,
        recipient: str,
        message_id: str,
        before_handover: Callable[[], None] = lambda: None,
    ) -> None:
        """Hands the mail over; returns once the server has taken it.

        `before_handover` is called when all but the final dot is sent: record there that the mail is
        being handed over. What it raises stops the mail. Raises Refused (never send this again as it
        is), Unavailable (it was not sent, try later), NotYet (the same, and it is about this recipient alone),
        UnknownOutcome (it may have been sent). An address that breaks the rules is tried once: no `later` for it.
        """
        addresses = Addresses.of(self._from, recipient)
        message = compose(mail, addresses, message_id)
        smtp = self._ready(addresses)
        try:
            self._deliver(smtp, message, before_handover)
        except Unavailable as error:
            if addresses.odd:
                raise Refused(f"{error.message} {ODD}", "ADDRESS") from error
            raise

    def _deliver(self, smtp: smtplib.SMTP, message: bytes, before_handover: Callable[[], None]) -> None:
        amid_content = False  # where no command, not even RSET, would be heard as one
        try:
            self._content(smtp, message)
            amid_content = True
            before_handover()
            self._still_there(smtp)
            amid_content = False
            self._hand_over(smtp)
        except BaseException as error:
            self._put_away(smtp, keep=isinstance(error, Refused) and not amid_content)
            raise
        self._pool.give_back(smtp)

    def check(self) -> None:
        """Connects and logs in, or finds an open connection alive. Raises Unavailable."""
        self._pool.give_back(self._pool.take()[0])

    def close(self) -> None:
        """Says goodbye on every idle connection."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self, addresses: Addresses) -> smtplib.SMTP:
        """A connection on which the server has accepted sender and recipient.

        A re-used connection can have gone stale in the meantime; then another is tried.
        """
        while True:
            smtp, reused = self._pool.take()
            try:
                self._envelope(smtp, addresses)
                return smtp
            except OSError as error:
                self._pool.drop(smtp)
                if not reused and addresses.odd:
                    raise Refused(f"The email server disconnected when it saw the address. {ODD}", "ADDRESS") from error
                if not reused:
                    raise _not_sent("the connection was lost") from error
            except BaseException as error:
                self._put_away(smtp, keep=isinstance(error, Refused | NotYet))
                raise

    def _put_away(self, smtp: smtplib.SMTP, *, keep: bool) -> None:
        if keep:
            self._pool.give_back(smtp, clean=False)
        else:
            self._pool.drop(smtp)

    def _envelope(self, smtp: smtplib.SMTP, addresses: Addresses) -> None:
        options = []
        if addresses.need_utf8:
            if not smtp.has_extn("smtputf8"):
                raise Refused("The email server can't deliver to this address (no SMTPUTF8).", "SMTPUTF8")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        _accepted("sender", *smtp.mail(addresses.sender, options), {250})
        _recipient_accepted(*smtp.rcpt(addresses.recipient), addresses)

    def _content(self, smtp: smtplib.SMTP, message: bytes) -> None:
        """Everything but the final dot."""
        try:
            _accepted("message", *smtp.docmd("DATA"), {354})
            smtp.send(_stuffed(message))
        except OSError as error:
            raise _not_sent("the connection was lost") from error

    def _still_there(self, smtp: smtplib.SMTP) -> None:
        """Notices a server that hung up or spoke out of turn while the handover was being recorded.

        Without the dot it cannot have taken the mail, so this is the last moment to fail for certain.
        """
        if smtp.sock is None:
            raise _not_sent("the connection was lost")
        smtp.sock.settimeout(0)
        try:
            smtp.sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            smtp.sock.settimeout(self._timeout)
            return
        except OSError as error:
            raise _not_sent("the connection was lost") from error
        raise _not_sent("the email server disconnected")

    def _hand_over(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except OSError as error:
            raise UnknownOutcome("The connection was lost while the email was being sent.") from error
        if code // 100 not in (2, 4, 5):
            raise UnknownOutcome("The email server's response wasn't valid.")
        if code // 100 != 2:
            _accepted("message", code, reply, {250})


def _own_name(mail_from: str) -> str:
    try:
        return ascii_domain(mail_from.rpartition("@")[2])
    except ValueError as error:
        raise SettingsError("MAIL_FROM must have a valid domain after the @") from error


@dataclass(frozen=True, slots=True)
class _Server:
    """How to reach the server and log in. Every error of smtplib is an OSError."""

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
            raise _not_sent(f"no connection ({_cause(error)})") from error
        try:
            self._greet(smtp)
        except OSError as error:
            smtp.close()
            raise _not_sent(f"no session ({_cause(error)})") from error
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


def _stuffed(content: bytes) -> bytes:
    """The content as it travels: lines end in CRLF, a dot that begins a line is doubled (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    return _DOT_LINE.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _accepted(what: str, code: int, reply: bytes, good: set[int]) -> None:
    """Returns if the code is a good one; an error's text is the code alone, for replies quote addresses."""
    if code in good:
        return
    detail = _ENHANCED.match(reply)
    said = f"{code} {detail[1].decode()}" if detail else str(code)
    if 500 <= code < 600:
        raise Refused(f"The email server refused the {what} ({said}).", str(code))
    raise _not_sent(f"it temporarily refused the {what} ({said})")


def _recipient_accepted(code: int, reply: bytes, addresses: Addresses) -> None:
    """What the server says of one mailbox is no reason to spare the others: Refused or NotYet, not Unavailable."""
    if addresses.odd and code not in (250, 251, 421):
        raise Refused(f"The email server refused the recipient ({code}). {ODD}", str(code))
    if code == 450 or (code // 100 == 4 and _ABOUT_THE_MAILBOX.match(reply)):
        raise NotYet(f"The email server temporarily refused the recipient ({code}).", 0.0)
    _accepted("recipient", code, reply, {250, 251})


def _not_sent(why: str) -> Unavailable:
    return Unavailable(f"The email server isn't available: {why}.")


def _cause(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"login refused, {error.smtp_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}"
    return type(error).__name__
