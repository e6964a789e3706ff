"""How a shop's mails look: its colours and logo, checked so that every text on them can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Final

from plugin.errors import BadInput
from plugin.rules.formats import one_line, web_address
from plugin.rules.mail_domains import ascii_domain
from plugin.rules.words.texts import Said

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS = re.compile(r"[^\s<>\"(),:;@\\\x00-\x1f]+@[^\s<>\"(),:;@\\\x00-\x1f]+")
_LIGHT, _DARK, _BLACK = "#ffffff", "#17171a", "#000000"
READABLE: Final = 4.5
"""The contrast that WCAG 2.2 asks of body text."""
FONTS: Final[Mapping[str, str]] = {
    "system": "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif",
    "humanist": "Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', 'Noto Sans', sans-serif",
    "geometric": "Avenir, Montserrat, Corbel, 'URW Gothic', 'Noto Sans', sans-serif",
    "serif": "Georgia, 'Times New Roman', 'Noto Serif', serif",
    "old_style": "'Iowan Old Style', 'Palatino Linotype', Palatino, 'Noto Serif', serif",
    "mono": "ui-monospace, SFMono-Regular, Consolas, Menlo, 'Noto Sans Mono', monospace",
}
"""Fonts that readers have already, by name: mail programs load none."""
CORNERS: Final = ("0", "6", "12", "18", "24")
"""How round cards and buttons are, in pixels."""
SOCIAL: Final = ("instagram", "facebook", "tiktok", "youtube", "x", "pinterest")
"""Where a shop can be followed."""


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
    """Colours, logo, shapes, sender and fixed texts of one shop's mails. Empty texts are left out of the mail.

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
    font: str = "system"
    corner: str = "18"
    header: str = ""
    address: str = ""
    instagram: str = ""
    facebook: str = ""
    tiktok: str = ""
    youtube: str = ""
    x: str = ""
    pinterest: str = ""

    @property
    def font_stack(self) -> str:
        """The fonts, as CSS names them."""
        return FONTS[self.font]

    @property
    def corner_px(self) -> int:
        """How round cards are, in pixels."""
        return int(self.corner)

    @property
    def social(self) -> tuple[tuple[str, str], ...]:
        """Where the shop can be followed: name and address, those that are set."""
        return tuple((name, found) for name in SOCIAL if (found := getattr(self, name)))

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
        for name, usual in (("font", "system"), ("corner", "18")):
            if not getattr(self, name):
                object.__setattr__(self, name, usual)
        if wrong:
            raise BadInput(Said("frame.wrong.fields"), wrong)


def brand_of(stored: Mapping[str, object]) -> Brand:
    """The brand that is stored; what is missing has its default."""
    known = {field.name for field in fields(Brand)}
    return Brand(**{name: str(value) for name, value in stored.items() if name in known})


def _line(value: str) -> str:
    return one_line(value)


def _url(value: str) -> str:
    try:
        return web_address(value)
    except ValueError:
        raise ValueError(Said("frame.wrong.url")) from None


def _paragraph(value: str) -> str:
    return one_line(value, 1000)


def _profile(value: str) -> str:
    """An https address: a link of an email leads nowhere else."""
    if not _url(value).startswith("https://"):
        raise ValueError(Said("frame.wrong.url"))
    return value


def _one_of(choices: Collection[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(Said("emails.wrong.choice"))
        return value

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "primary": colour,
    "background": colour,
    "text": colour,
    "logo_url": _url,
    "logo_alt": _line,
    "sender_name": _line,
    "reply_to": mail_address,
    "footer": _paragraph,
    "font": _one_of(FONTS),
    "corner": _one_of(CORNERS),
    "header": _line,
    "address": _paragraph,
    **dict.fromkeys(SOCIAL, _profile),
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
    return next(ink for ink in inks if contrast(ink, ground) >= READABLE)


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
        "quiet": quiet if contrast(quiet, card) >= READABLE else ink,
        "line": blend(ink, card, 0.86),
        "tint": tint if min(contrast(ink, tint), contrast(accent, tint)) >= READABLE else card,
        "accent": accent,
    }


def has_dark_cards(brand: Brand) -> bool:
    """Whether the text is too light for white cards, so that they are dark.

    >>> has_dark_cards(Brand()), has_dark_cards(Brand(text="#fefefe"))
    (False, True)
    """
    return palette(brand)["card"] == _DARK


def blend(one: str, other: str, share: float) -> str:
    """The colour that lies `share` of the way from one to the other."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Contrast:
    """How well something can be read, from 1 to 21. `instead`: the ink stands in for a colour that could not be."""

    what: str
    ink: str
    ground: str
    ratio: float
    instead: bool


def contrasts(brand: Brand) -> tuple[Contrast, ...]:
    """What is written on what in the mails, and how well it can be read with these colours."""
    colours = palette(brand)
    pairs = (
        ("text", brand.text, colours["ink"], colours["card"]),
        ("outside", brand.text, colours["on_background"], colours["background"]),
        ("heading", brand.primary, colours["accent"], colours["card"]),
        ("button", _LIGHT, colours["on_primary"], colours["primary"]),
    )
    return tuple(Contrast(what, ink, ground, contrast(ink, ground), ink != wish) for what, wish, ink, ground in pairs)
