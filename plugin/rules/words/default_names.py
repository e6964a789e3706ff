"""Names that come with the app, in the reader's language: of rewards, tiers and activities that nobody has renamed.

A name is one of them as long as it reads as the app writes it in English, its amount included; so a merchant's own
name is never touched, and what was copied of a name years ago is still known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from babel import Locale

from plugin.rules import formats
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.words.catalogues import ENGLISH, pattern

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "reward": tuple(
        f"names.reward.{name}" for name in ("percent", "off", "shipping", "choose", "card", "credit", "product", "next")
    ),
    "tier": tuple(f"names.tier.{name}" for name in ("bronze", "silver", "gold", "platinum", "friend", "regular")),
    "perk": tuple(f"names.perk.{name}" for name in ("early", "wrapping", "present")),
    "campaign": tuple(f"names.campaign.{name}" for name in ("from", "double", "triple")),
    "activity": tuple(
        f"names.activity.{name}"
        for name in ("newsletter", "birthday", "anniversary", "social", "visit", "profile", "review", "survey")
    ),
}
"""By kind of name, the texts whose English a name of the app is."""
_ENGLISH: Final = Locale(ENGLISH)


@lru_cache(maxsize=8192)
def said(kind: str, source: str, currency: str, locale: Locale) -> str:
    """The name in the reader's language; the same where it is the merchant's own.

    >>> said("reward", "$5 off", "USD", Locale("th")), said("tier", "Regulars", "USD", Locale("es"))
    ('ส่วนลด US$5', 'Regulars')
    """
    for key in KEYS.get(kind, ()):
        places = _read(key, source, currency)
        if places is not None:
            filled = {name: show(locale) for name, show in places.items()}
            return pattern(locale.language, key).format_map(filled)
    return source


def is_default(kind: str, source: str, currency: str) -> bool:
    """Whether the name is one of the app's."""
    return any(_read(key, source, currency) is not None for key in KEYS.get(kind, ()))


def _read(key: str, source: str, currency: str) -> Mapping[str, Callable[[Locale], str]] | None:
    """What the name fills the places of the text with; None where it is not that text."""
    found = _shape(key).fullmatch(source)
    if found is None:
        return None
    places: dict[str, Callable[[Locale], str]] = {}
    for name, written in found.groupdict().items():
        shown = _percent(written) if name == "percent" else _money(written, currency)
        if shown is None:
            return None
        places[name] = shown
    return places


@cache
def _shape(key: str) -> re.Pattern[str]:
    escaped = re.escape(pattern(ENGLISH, key))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.{1,40}?)", escaped))


def _percent(written: str) -> Callable[[Locale], str] | None:
    value = _number(written.removesuffix("%"))
    if value is None or formats.percent(value, _ENGLISH) != written:
        return None
    return lambda locale: formats.percent(value, locale)


def _money(written: str, currency: str) -> Callable[[Locale], str] | None:
    """An amount as English writes it, short or in full; None for anything else."""
    value = _number(re.sub(r"[^\d.]", "", written))
    if value is None or not currency or value != round(value, minor_digits(currency)):
        return None
    minor = to_minor(value, minor_digits(currency))
    if written not in (formats.short_money(minor, currency, _ENGLISH), formats.money(minor, currency, _ENGLISH)):
        return None
    return lambda locale: formats.short_money(minor, currency, locale)


def _number(written: str) -> Decimal | None:
    return Decimal(written) if re.fullmatch(r"\d{1,12}(\.\d{1,4})?", written, re.ASCII) else None
