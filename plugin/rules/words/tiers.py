"""Tiers in words: what is counted, with its unit, and what is missing."""

from __future__ import annotations

from babel import Locale

from plugin.rules.formats import DEFAULT_POINTS_NAME, long_date, money, points
from plugin.rules.tiers.placing import Aim
from plugin.rules.words.texts import counted, text


def amount(value: int, metric: str, currency: str, locale: Locale, points_name: str = DEFAULT_POINTS_NAME) -> str:
    """What is counted, with its unit: `$120.00`, `120 points`, `3 orders`."""
    if metric == "spend":
        return money(value, currency, locale)
    if metric == "points":
        return points(value, points_name, locale)
    return counted(locale, "unit.orders", value)


def window(kind: str, days: int, locale: Locale) -> str:
    """Over what time it is counted: `this year`, `in the last 90 days`."""
    return counted(locale, "tier.window.rolling", days) if kind == "rolling" else text(locale, f"tier.window.{kind}")


def aim(
    goal: Aim, tier: str, metric: str, currency: str, locale: Locale, *, keep: bool, points_name: str
) -> str:  # fmt: skip
    """What is missing: `$80.00 more by 31 December 2027 to reach Gold.`"""
    missing = amount(goal.missing, metric, currency, locale, points_name)
    if goal.by is None:
        return text(locale, "tier.aim.keep" if keep else "tier.aim.reach", missing=missing, tier=tier)
    key = "tier.aim.keep_by" if keep else "tier.aim.reach_by"
    return text(locale, key, missing=missing, tier=tier, day=long_date(goal.by, locale))
