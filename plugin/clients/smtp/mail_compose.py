"""Puts a rendered mail into the form that mail servers exchange."""

from __future__ import annotations

import re
import secrets
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Self

from plugin.errors import Refused
from plugin.rules.brand import mail_address
from plugin.rules.formats import one_line, web_address
from plugin.rules.mail_domains import ascii_domain, breaks_the_rules
from plugin.rules.messages import RenderedMail

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}")
_HEADER_WORDS = re.compile(r"[!-~](?:[ -~]{0,700}[!-~])?")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Sender and recipient as they stand in the envelope."""

    sender: str
    recipient: str

    @classmethod
    def of(cls, sender: str, recipient: str) -> Self:
        """Both, checked; a domain in any script becomes ASCII by IDNA 2008. Raises Refused."""
        return cls(_plain(sender), _plain(recipient))

    @property
    def need_utf8(self) -> bool:
        """Whether a name before the @ is beyond ASCII, which the server must be able to handle."""
        return not (self.sender.isascii() and self.recipient.isascii())

    @property
    def odd(self) -> bool:
        """Whether the recipient's breaks the rules but may exist: it is tried once, and fails alone."""
        return breaks_the_rules(self.recipient.rpartition("@")[0])


@lru_cache(maxsize=4096)
def _plain(address: str) -> str:
    try:
        local, domain = mail_address(address.strip()).rsplit("@", 1)
        return f"{local}@{ascii_domain(domain)}"
    except ValueError as error:
        raise Refused("This isn't an email address.", "ADDRESS") from error


def compose(
    mail: RenderedMail,
    addresses: Addresses,
    message_id: str,
    *,
    sender: str = "",
    more: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The whole message: headers, the plain text, and the HTML as the preferred alternative.

    `sender` is whom it comes from, where it goes back to another address; `more` are headers of a few plain words. All
    are written here, since the standard library's own folding (3.11) breaks long names and the addresses of
    List-Unsubscribe, and its quoted-printable takes longer than rendering does.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a message id is <something@domain>")
    headers = _headers(mail, _plain(sender) if sender else addresses.sender, addresses.recipient, message_id)
    lines = [f"{name}: {value}\r\n" for name, value in {**headers, **_checked(more)}.items()]
    return "".join(lines).encode() + _bodies(mail)


def _headers(mail: RenderedMail, sender: str, recipient: str, message_id: str) -> dict[str, str]:
    headers = {
        "From": f"{_phrase('From', one_line(mail.from_name, 100))}<{sender}>",
        "To": f"<{recipient}>",
        "Subject": _words("Subject", one_line(mail.subject)),
        "Date": format_datetime(datetime.now(UTC)),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": one_line(mail.locale, 20),
    }
    if mail.reply_to:
        headers["Reply-To"] = f"<{_plain(mail.reply_to)}>"
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{web_address(mail.unsubscribe_url)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _checked(more: Mapping[str, str]) -> Mapping[str, str]:
    """Headers that need no folding and smuggle nothing."""
    for name, value in more.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_WORDS.fullmatch(value):
            raise ValueError("a header of ours is a name and a few plain words")
    return more


def _phrase(header: str, name: str) -> str:
    """A display name before an address, quoted or encoded as it needs; empty for none."""
    if not name:
        return ""
    if name.isascii() and "=?" not in name:
        return '"' + re.sub(r'(["\\])', r"\\\1", name) + '" '
    return _encoded(header, name) + "\r\n "


def _words(header: str, value: str) -> str:
    if value.isascii() and "=?" not in value:
        return value
    return _encoded(header, value)


def _encoded(header: str, value: str) -> str:
    """RFC 2047 encoded words, folded between characters."""
    return Header(value, "utf-8", header_name=header).encode(linesep="\r\n")


def _bodies(mail: RenderedMail) -> bytes:
    """Both as quoted-printable: what stands between them cannot occur there (RFC 2045, 6.7: `=_` is nothing)."""
    between = f"=_{secrets.token_hex(12)}"
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{between}"\r\n\r\n'
    pieces = [head.encode("ascii")]
    for kind, content in (("text/plain", mail.text), ("text/html", mail.html)):
        of_part = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        pieces += (f"--{between}\r\n{of_part}".encode("ascii"), _quoted(content), b"\r\n")
    return b"".join((*pieces, f"--{between}--\r\n".encode("ascii")))


def _quoted(content: str) -> bytes:
    """Quoted-printable (RFC 2045, 6.7) with CRLF at each line's end."""
    lines = content.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    whole = lines if lines.endswith(b"\n") else lines + b"\n"
    return b2a_qp(whole, istext=True).replace(b"\n", b"\r\n")
