"""Where a member can share the own link: what each channel is called, and the address that opens it with the words.

Addresses are those that the channels document for pages that have no account with them. Messenger's dialog for
computers asks for an app registered with Facebook, so it is offered on phones only, where its own address will do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

NONE: Final = "none"
"""Chosen: no channel; the link can be copied all the same."""


@dataclass(frozen=True, slots=True)
class Channel:
    """`address` has the places {link}, {text} and {words} (the text with the link at its end), as parts of an address.
    An empty name is said in the reader's language, by `shopper.friends.by.` and the key."""

    key: str
    name: str
    address: str
    phones_only: bool = False

    def opens(self, link: str, words: str) -> str:
        """The address that shares this link with these words before it."""
        parts = {"link": link, "text": words, "words": f"{words} {link}"}
        return self.address.format(**{name: quote(part, safe="") for name, part in parts.items()})

    @property
    def is_page(self) -> bool:
        """Whether it opens a page rather than another app."""
        return self.address.startswith("https://")


CHANNELS: Final[Mapping[str, Channel]] = {
    one.key: one
    for one in (
        Channel("messenger", "Messenger", "fb-messenger://share/?link={link}", phones_only=True),
        Channel("viber", "Viber", "viber://forward?text={words}"),
        Channel("whatsapp", "WhatsApp", "https://wa.me/?text={words}"),
        Channel("line", "LINE", "https://line.me/R/share?text={words}"),
        Channel("telegram", "Telegram", "https://t.me/share/url?url={link}&text={text}"),
        Channel("facebook", "Facebook", "https://www.facebook.com/sharer/sharer.php?u={link}"),
        Channel("x", "X", "https://x.com/intent/post?text={words}"),
        Channel("sms", "", "sms:?&body={words}", phones_only=True),
        Channel("email", "", "mailto:?body={words}"),
    )
}
_EVERYWHERE: Final = ("facebook", "sms", "email")
_BY_CURRENCY: Final[Mapping[str, tuple[str, ...]]] = {
    "PHP": ("messenger", "viber"),
    "THB": ("line", "messenger"),
    "JPY": ("line", "x"),
    "TWD": ("line", "messenger"),
    "VND": ("messenger", "viber"),
    "UAH": ("viber", "telegram"),
    "BGN": ("viber", "messenger"),
    "RSD": ("viber", "whatsapp"),
    "USD": ("messenger", "whatsapp"),
    "CAD": ("messenger", "whatsapp"),
    "AUD": ("messenger", "whatsapp"),
    "NZD": ("messenger", "whatsapp"),
    "PLN": ("messenger", "whatsapp"),
}
"""What people use where the currency is the shop's: of its country nothing else is known here."""


def chosen(share: str) -> tuple[str, ...]:
    """The keys that were chosen; none where nothing was."""
    return tuple(filter(None, share.split(",")))


def channels(share: str, currency: str) -> tuple[Channel, ...]:
    """Those that are offered: what was chosen, else what is usual where the shop's currency is."""
    if share == NONE:
        return ()
    usual = (*_BY_CURRENCY.get(currency, ("whatsapp", "messenger")), *_EVERYWHERE)
    return tuple(CHANNELS[key] for key in (chosen(share) or usual) if key in CHANNELS)
