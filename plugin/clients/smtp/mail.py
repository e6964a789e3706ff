"""Hands mails over to an SMTP server, so that the caller always knows whether one may have gone out."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Self

from plugin.clients.smtp.conversation import Parcel, stuffed
from plugin.clients.smtp.exchange import Exchange
from plugin.clients.smtp.mail_compose import Addresses, compose
from plugin.clients.smtp.provider import Letter, Sending
from plugin.clients.smtp.server import Security, Server
from plugin.clients.smtp.smtp_pool import Pool
from plugin.errors import SettingsError, SukiError, Unavailable
from plugin.rules.mail_domains import ascii_domain
from plugin.rules.messages import RenderedMail
from plugin.settings import Settings


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
        connections: int = 8,
        max_age_seconds: float = 240,
        check_after_seconds: float = 10,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._from = mail_from
        self._timeout = timeout_seconds
        login = (user, password or "") if user else None
        server = Server(host, port, _own_name(mail_from), login, security, timeout_seconds, tls)
        self._pool = Pool(server.connect, connections, timeout_seconds, max_age_seconds, check_after_seconds)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
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
            connections=settings.smtp_connections,
        )

    def send_all(self, sending: Sending) -> None:
        """Hands over what `sending` gives out, several at a time: see `Provider`.

        An address that breaks the rules is tried once: no `later` for it.
        """
        Exchange(self._pool, sending, self._parcel, self._timeout).run()

    def send(
        self,
        mail: RenderedMail,
        recipient: str,
        message_id: str,
        before_handover: Callable[[], None] = lambda: None,
        *,
        sender: str = "",
    ) -> None:
        """Hands one mail over, from the `sender` or the operator's own address; returns once the server has taken it.

        `before_handover` is called when all but the final dot is sent: record there that the mail is
        being handed over. What it raises stops the mail. Raises Refused (never send this again as it
        is), Unavailable (it was not sent, try later), NotYet (the same, and it is about this recipient alone),
        UnknownOutcome (it may have been sent).
        """
        one = _One(Letter(0, mail, recipient, message_id, sender=sender), before_handover)
        self.send_all(one)
        if one.error is not None:
            raise one.error

    def _parcel(self, letter: Letter) -> Parcel:
        sender = letter.sender or self._from
        addresses = Addresses.of(letter.returns_to or sender, letter.recipient)
        composed = compose(letter.mail, addresses, letter.message_id, sender=sender, more=letter.headers or {})
        return Parcel(addresses, stuffed(composed))

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


class _One:
    """A single mail that somebody waits for."""

    def __init__(self, letter: Letter, before_handover: Callable[[], None]) -> None:
        self._letter: Letter | None = letter
        self._before_handover = before_handover
        self.error: SukiError | None = Unavailable("The email wasn't sent.")

    def next(self) -> Letter | None:
        """The mail, once."""
        letter, self._letter = self._letter, None
        return letter

    def note(self, ended: Mapping[int, SukiError | None], beginning: Sequence[int]) -> Collection[int]:
        """Remember how it ended; what `before_handover` raises stops it."""
        for error in ended.values():
            self.error = error
        if beginning:
            self._before_handover()
        return beginning


def _own_name(mail_from: str) -> str:
    try:
        return ascii_domain(mail_from.rpartition("@")[2])
    except ValueError as error:
        raise SettingsError("MAIL_FROM must have a valid domain after the @") from error
