"""Tiers in words: why somebody stands where they stand, and what is missing, for staff and shoppers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from babel import Locale

from plugin.rules.formats import long_date, money, number, points
from plugin.rules.tiers.placing import Aim
from plugin.rules.types import Reason

Audience = Literal["staff", "shopper"]
Translate = Callable[[str], str]
_WORDS: dict[Audience, dict[str, str]] = {
    "staff": {
        "tier_multiplier": "The member stood in {tier} when the order was placed: {multiplier} times the points.",
        "tier_value": "{value} {window}.",
        "tier_none": "That is not enough for a tier.",
        "tier_held": "It holds {tier}.",
        "tier_reached": "It reached {tier}.",
        "tier_lowered": "{tier} is what is left of it.",
        "tier_until": "As things stand, {tier} is there up to and including {until}.",
        "tier_pinned": "Staff set {tier}, without an end.",
        "tier_pinned_until": "Staff set {tier} up to and including {until}.",
        "tier_set": "Staff set {tier}. {note}",
        "tier_by_tag": "A tag of the customer in Shopify puts the member into {tier}, for as long as it is there.",
        "tier_bonus": "{points} for reaching {tier}.",
        "tier_bonus_back": "A refund took {tier} away, and with it the bonus of {points}.",
    },
    "shopper": {
        "tier_multiplier": "You were in {tier}: {multiplier} times the points.",
        "tier_value": "{value} {window}.",
        "tier_none": "You are not in a tier yet.",
        "tier_held": "You are in {tier}.",
        "tier_reached": "You reached {tier}.",
        "tier_lowered": "You are in {tier} now.",
        "tier_until": "{tier} is yours up to and including {until}.",
        "tier_pinned": "You are in {tier}.",
        "tier_pinned_until": "You are in {tier} up to and including {until}.",
        "tier_set": "You are in {tier}.",
        "tier_by_tag": "You are in {tier}.",
        "tier_bonus": "{points} for reaching {tier}.",
        "tier_bonus_back": "Orders that counted for {tier} were refunded: the bonus of {points} went as well.",
    },
}
_WINDOWS = {
    "lifetime": "since the beginning",
    "calendar": "so far this year",
    "rolling": "in the last {days:day|days}",
}
_KINDS = {"tier_bonus": "Bonus for reaching {tier}", "tier_bonus_back": "Bonus for {tier} taken back"}
KINDS = tuple(_KINDS)
_AIMS = {
    "reach": "{missing} more to reach {tier}.",
    "reach by": "{missing} more by {day} to reach {tier}.",
    "keep": "{missing} more to keep {tier}.",
    "keep by": "{missing} more by {day} to keep {tier}.",
}
_ORDERS = {"one": "{count} order", "more": "{count} orders"}
CODES = tuple(_WORDS["staff"])


def as_it_is(text: str) -> str:
    """English stays English."""
    return text


def headline(kind: str, reason: Mapping[str, Any], translate: Translate) -> str:
    """What a tier's entry is, in a few words."""
    return translate(_KINDS[kind]).format(tier=reason.get("tier") or "")


def words(reason: Reason, locale: Locale, audience: Audience, points_name: str, translate: Translate) -> str:
    """One of CODES as a sentence."""
    values: dict[str, Any] = dict(reason.values)
    if reason.code == "tier_value":
        counted = str(values["metric"])
        values["value"] = amount(int(values["value"]), counted, str(values["currency"]), locale, points_name, translate)
        values["window"] = translate(_WINDOWS[str(values["window"])]).format(
            days=number(int(values.get("window_days") or 0), locale)
        )
    if values.get("until"):
        values["until"] = long_date(date.fromisoformat(str(values["until"])), locale)
    if "points" in values:
        values["points"] = points(int(values["points"]), points_name, locale)
    return translate(_WORDS[audience][reason.code]).format_map(values).rstrip()


def amount(
    value: int,
    metric: str,
    currency: str,
    locale: Locale,
    points_name: str = "points",
    translate: Translate = as_it_is,
) -> str:
    """What is counted, with its unit: `$120.00`, `120 points`, `3 orders`."""
    if metric == "spend":
        return money(value, currency, locale)
    if metric == "points":
        return points(value, points_name, locale)
    return translate(_ORDERS["one" if value == 1 else "more"]).format(count=number(value, locale))


def aim(
    goal: Aim,
    tier: str,
    metric: str,
    currency: str,
    locale: Locale,
    *,
    keep: bool,
    points_name: str,
    translate: Translate = as_it_is,
) -> str:
    """What is missing: `$80.00 more by 31 December 2027 to reach Gold.`"""
    pattern = ("keep" if keep else "reach") + (" by" if goal.by else "")
    return translate(_AIMS[pattern]).format(
        missing=amount(goal.missing, metric, currency, locale, points_name, translate),
        day=long_date(goal.by, locale) if goal.by else "",
        tier=tier,
    )
