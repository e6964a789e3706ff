"""How a shop's mails look: its colours and logo, checked so that every text on them can be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from plugin.errors import BadInput
from plugin.rules.formats import one_line, web_address
from plugin.rules.mail_domains import ascii_domain
from plugin.rules.words.texts import Said

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"[^\s<>\"(),:;@\\\x00-\x1f]+@[^\s<>\"(),:;@\\\x00-\x1f]+")
_LIGHT, _DARK, _BLACK = "#ffffff", "#17171a", "#000000"
_READABLE = 4.5
"""The contrast that WCAG 2.2 asks of body text."""


def colour(value: str) -> str:
    """The value if it is a colour written #rrggbb; raises ValueError otherwise."""
    if not _COLOUR.fullmatch(value):
        raise ValueError(Said("frame.wrong.colour"))
    return value.lower()


def mail_address(value: str) -> str:
    """The value if it can stand in a header as one bare address; raises ValueError otherwise."""
    if not _ADDRESS.fullmatch(value) or len(value) > 254:
        raise ValueError(Said("frame.wrong.email"))
    try:
        ascii_domain(value.rpartition("@")[2])
    except ValueError:
        raise ValueError(Said("frame.wrong.email_domain")) from None
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Colours, logo and sender of one shop's mails. Empty texts are left out of the mail.

    Raises BadInput naming every field that is wrong.
    """

    primary: str = "#7a2e1f"
    background: str = "#f5f1ea"
    text: str = "#2b2622"
    logo_url: str = ""
    logo_alt: str = ""
    sender_name: str = ""
    reply_to: str = ""
    footer: str = ""

    def __post_init__(self) -> None:
        wrong: dict[str, str] = {}
        for name, check in _CHECKS.items():
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, check(value) if value else "")
            except ValueError as error:
                wrong[name] = error.args[0]
        for name in ("primary", "background", "text"):
            if not getattr(self, name):
                wrong[name] = Said("frame.wrong.colour")
        if wrong:
            raise BadInput(Said("frame.wrong.fields"), wrong)


def _line(value: str) -> str:
    return one_line(value)


def _url(value: str) -> str:
    try:
        return web_address(value)
    except ValueError:
        raise ValueError(Said("frame.wrong.url")) from None


def _paragraph(value: str) -> str:
    return one_line(value, 1000)


_CHECKS: dict[str, Callable[[str], str]] = {
    "primary": colour,
    "background": colour,
    "text": colour,
    "logo_url": _url,
    "logo_alt": _line,
    "sender_name": _line,
    "reply_to": mail_address,
    "footer": _paragraph,
}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def readable_on(ground: str, wish: str = "") -> str:
    """`wish` if it can be read on the ground, else a white or a black that can: one of them always can."""
    inks = (wish, _DARK, _LIGHT, _BLACK) if wish else (_DARK, _LIGHT, _BLACK)
    return next(ink for ink in inks if contrast(ink, ground) >= _READABLE)


def palette(brand: Brand) -> dict[str, str]:
    """Every colour that the mails use. Three are the shop's; the rest follow so that all can be read."""
    card = max((_LIGHT, _DARK), key=lambda ground: contrast(brand.text, ground))
    ink = readable_on(card, brand.text)
    accent = readable_on(card, brand.primary)
    tint = blend(brand.primary, card, 0.92)
    quiet = blend(ink, card, 0.28)
    return {
        "primary": brand.primary,
        "on_primary": readable_on(brand.primary, _LIGHT),
        "background": brand.background,
        "on_background": readable_on(brand.background, brand.text),
        "card": card,
        "ink": ink,
        "quiet": quiet if contrast(quiet, card) >= _READABLE else ink,
        "line": blend(ink, card, 0.86),
        "tint": tint if min(contrast(ink, tint), contrast(accent, tint)) >= _READABLE else card,
        "accent": accent,
    }


def blend(one: str, other: str, share: float) -> str:
    """The colour that lies `share` of the way from one to the other."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
