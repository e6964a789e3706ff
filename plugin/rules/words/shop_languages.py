"""The languages of one shop: as Shopify has them, else those that the app speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from babel import Locale, UnknownLocaleError

from plugin.rules.words.catalogues import ENGLISH, LANGUAGES

At = Literal["published", "unpublished", "unknown"]
MOST: Final = 50
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


@dataclass(frozen=True, slots=True)
class ShopLanguage:
    """One language: whether the shop is written in it, whether shoppers can choose it, whether the app speaks it."""

    tag: str
    primary: bool
    at: At
    spoken: bool


def from_shopify(answer: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What Shopify answers, as it is kept: those of its tags that can be read."""
    found: list[dict[str, Any]] = [
        {"tag": str(one["locale"]), "primary": bool(one["primary"]), "published": bool(one["published"])}
        for one in answer
    ]
    return [one for one in found if _TAG.fullmatch(one["tag"]) and _known(one["tag"])][:MOST]


def languages_of(known: Sequence[Mapping[str, Any]], shop_locale: str, translated: Iterable[str]) -> list[ShopLanguage]:
    """The shop's languages, the one that it is written in first; without Shopify's word all that the app speaks, and
    whatever has translations in any case."""
    usual = _language(shop_locale) or ENGLISH
    found: dict[str, ShopLanguage] = {}
    for one in known:
        tag = str(one["tag"])
        at: At = "published" if one["published"] else "unpublished"
        found[tag] = ShopLanguage(tag, bool(one["primary"]), at, spoken(tag))
    for tag in (*(() if known else LANGUAGES), *translated):
        found.setdefault(tag, ShopLanguage(tag, not known and _language(tag) == usual, "unknown", spoken(tag)))
    return sorted(found.values(), key=lambda one: (not one.primary, not one.spoken, one.at != "published", one.tag))


def spoken(tag: str) -> bool:
    """Whether shoppers can read the app in this language."""
    return _language(tag) in LANGUAGES


def _known(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _language(tag: str) -> str:
    language = tag.replace("_", "-").partition("-")[0].lower()
    return "fil" if language == "tl" else language
