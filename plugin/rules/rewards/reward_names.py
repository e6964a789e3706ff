"""What a reward is called within a sentence: by its name; one of a free amount by what it brings.

The name of a free amount ("As much as you like") is a heading, and no thing that one could redeem or need points for.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from babel import Locale

from plugin.rules import formats
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.rewards.kinds import Slider
from plugin.rules.rewards.money_rewards import CreditSlider
from plugin.rules.words.texts import text

FREE: Final[Mapping[str, str]] = {"slider": "off", "store_credit_slider": "credit"}
"""Kinds of reward whose amount the member chooses, and what that is."""

_WORTH: Final[Mapping[str, str]] = {"slider": "surface.worth_off", "store_credit_slider": "surface.worth_credit"}
Slide = Slider | CreditSlider


def named(name: str, slide: Slide | None, points: int, currency: str, locale: Locale) -> str:
    """A reward that may be redeemed; `slide` where its amount is free: so many points (or the least) buy it."""
    if slide is None:
        return name
    return _worth(slide.kind, slide.value * (bought(slide, points) // slide.step), currency, locale)


def bought(slide: Slide, points: int) -> int:
    """How many of the points go into a free amount: as many as fit, or its least."""
    return max(slide.points, min(slide.most, points - points % slide.step))


def redeemed(terms: Mapping[str, Any], name: str, locale: Locale) -> str:
    """A reward that was redeemed, by its copied terms."""
    value = terms.get("value")
    if terms.get("kind") not in FREE or not value:
        return name
    return _worth(str(terms["kind"]), Decimal(str(value)), str(terms.get("currency", "")), locale)


def _worth(kind: str, value: Decimal, currency: str, locale: Locale) -> str:
    worth = formats.money(to_minor(value, minor_digits(currency)), currency, locale)
    return text(locale, _WORTH[kind], worth=worth)
