"""From which address a shop's emails come: its own, once its domain is proved, else the one that all shops share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, Self

from plugin.errors import BadInput
from plugin.rules.brand import mail_address
from plugin.rules.formats import one_line
from plugin.rules.mail_domains import ascii_domain
from plugin.rules.sending.domain_check import Finding, outcome
from plugin.rules.words.texts import Said

Standing = Literal["unchecked", "right", "wrong"]
SETTING: Final = "sender"
_OTHERS: Final = frozenset(
    """gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com
    aol.com gmx.com gmx.de gmx.net web.de mail.com proton.me protonmail.com yandex.com mail.ru zoho.com qq.com 163.com
    naver.com myshopify.com shopify.com""".split()
)
"""Where nobody can enter records of a shop's."""
_ADDRESS_OR_LINK: Final = re.compile(r"\S@|@\s*[\w-]+\.\w|[<>]|://|\bwww\.|\w\.[a-z]{2,}/", re.IGNORECASE)
_OF_ADDRESSES: Final = re.compile(r"[<>@/:\s]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """The address that a shop wants, and how its domain stands. `broken_at`: since when it is no longer right."""

    address: str
    standing: Standing = "unchecked"
    checked_at: datetime | None = None
    broken_at: datetime | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def domain(self) -> str:
        """As DNS writes it."""
        return ascii_domain(self.address.rpartition("@")[2])

    @property
    def used(self) -> bool:
        """Whether emails come from it."""
        return self.standing == "right"

    def after(self, findings: Sequence[Finding], now: datetime) -> Sender:
        """As it stands after a check. Where somebody did not answer it stays as it was."""
        found = outcome(findings)
        kept = replace(self, checked_at=now, findings=tuple(findings))
        if found == "later":
            return kept
        broken = None if found == "right" else (self.broken_at or (now if self.used else None))
        return replace(kept, standing=found, broken_at=broken)

    def stored(self) -> dict[str, Any]:
        """As the shop's settings keep it."""
        return {
            "address": self.address,
            "standing": self.standing,
            "checked_at": self.checked_at.isoformat() if self.checked_at else None,
            "broken_at": self.broken_at.isoformat() if self.broken_at else None,
            "findings": [one.stored() for one in self.findings],
        }

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self | None:
        """From a shop's settings; None where it wants no address of its own."""
        kept = settings.get(SETTING)
        if not kept:
            return None
        return cls(
            kept["address"],
            kept["standing"],
            datetime.fromisoformat(kept["checked_at"]) if kept["checked_at"] else None,
            datetime.fromisoformat(kept["broken_at"]) if kept["broken_at"] else None,
            tuple(Finding.read(one) for one in kept["findings"]),
        )


def sender_of(settings: Mapping[str, Any], brand: Mapping[str, Any], name: str, shared: str) -> tuple[str, str]:
    """(address, name) that a shop's emails come from: `settings` and `brand` are the shop's, `shared` is MAIL_FROM."""
    own = Sender.read(settings)
    shown = str(brand.get("sender_name") or "") or name
    return (own.address if own is not None and own.used else shared), shown_name(shown)


def shown_name(name: str) -> str:
    """A sender's name, without what makes it pass for an address: whatever the shop is called.

    >>> shown_name("PayPal <security@paypal.com>")
    'PayPal security paypal.com'
    """
    return one_line(_OF_ADDRESSES.sub(" ", unicodedata.normalize("NFKC", name)), 100) if is_no_name(name) else name


def is_no_name(name: str) -> bool:
    """Whether an address or a link stands in it, however it is written. A domain by itself is many a shop's name.

    >>> is_no_name("Nena.ph & Co."), is_no_name("visit nena.ph/sale"), is_no_name("security＠paypal.com")
    (False, True, True)
    """
    return _ADDRESS_OR_LINK.search(unicodedata.normalize("NFKC", name)) is not None


def wanted(text: str, ours: Sequence[str]) -> Sender:
    """The address that was entered. BadInput at its field: it is none, or its domain can't be a shop's own; `ours` are
    the installation's domains."""
    try:
        address = mail_address(text.strip())
    except ValueError as error:
        raise _refused(str(error) if not error.args else error.args[0]) from None
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise _refused(Said("settings.sender.plain"))
    sender = Sender(f"{local}@{ascii_domain(domain)}")
    others = (*_OTHERS, *ours)
    if any(sender.domain == other or sender.domain.endswith(f".{other}") for other in others if other):
        raise _refused(Said("settings.sender.foreign", domain=sender.domain))
    if "." not in sender.domain:
        raise _refused(Said("frame.wrong.email_domain"))
    return sender


def _refused(words: str) -> BadInput:
    return BadInput(words, {"address": words})
