"""A rule for orders in one line of words, as staff read it in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugin.rules.explain import plain
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.types import Facts

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CHANNELS: Mapping[str, str] = {
    "online": "Online store", "pos": "Point of sale", "draft": "Draft orders", "api": "Other apps (API)",
}  # fmt: skip
_SUBSCRIPTION = {"only": "subscription orders", "never": "no subscription orders"}
_SALE = {"only": "reduced items", "never": "items that are not reduced"}


def effect(rule: OrderRule, currency: str) -> str:
    """What it does."""
    if rule.effect == "multiplier" and not rule.multiplier:
        return "Earns nothing"
    if rule.effect == "multiplier":
        return f"Points × {plain(str(rule.multiplier))}"
    if rule.effect == "rate":
        return f"{rule.points:,} for every {plain(str(rule.per_amount))} {currency}"
    return f"{rule.points:,} extra for each {'item' if rule.effect == 'per_item' else 'order'}"


def conditions(rule: OrderRule, currency: str, tiers: Mapping[str, str]) -> str:
    """When it holds and for what; `tiers` are names by key."""
    parts = [
        _count(rule.products, "product"),
        _count(rule.collections, "collection"),
        _listed("tag", rule.tags),
        _listed("vendor", rule.vendors),
        _SALE.get(rule.sale, ""),
        _listed("customer tag", rule.customer_tags),
        _listed("tier", (tiers.get(key, key) for key in rule.tiers)),
        ", ".join(CHANNELS[key] for key in CHANNELS if key in rule.channels),
        ", ".join(WEEKDAYS[day] for day in sorted(rule.weekdays)),
        f"from {plain(str(rule.minimum_order))} {currency}" if rule.minimum_order else "",
        _SUBSCRIPTION.get(rule.subscription, ""),
    ]
    return "; ".join(part for part in parts if part) or "every order"


def _count(ids: frozenset[int], name: str) -> str:
    return f"{len(ids)} {name}{'' if len(ids) == 1 else 's'}" if ids else ""


def _listed(name: str, words: Iterable[str]) -> str:
    found = sorted(words, key=str.casefold)
    return f"{name} {' or '.join(found[:3])}{' …' if len(found) > 3 else ''}" if found else ""


MISSES: Mapping[str, str] = {
    "weekday": "it was placed on another day of the week",
    "channel": "it came through another channel",
    "minimum": "it is below the minimum",
    "subscription": "it is, or is not, a subscription order",
    "tier": "the member stood in another tier",
    "customer_tag": "the customer carries none of the tags",
    "items": "none of its items is meant",
}
"""Why a rule does not hold for an order, by code of `order_rules.fails`."""
UNKNOWN: Mapping[Facts, str] = {
    Facts.PRODUCTS: "tags and collections of its products",
    Facts.VARIANTS: "which of its items are reduced",
    Facts.CUSTOMERS: "the customer's tags",
    Facts.SUBSCRIPTION: "whether it belongs to a subscription",
    Facts.TENDERS: "how it was paid",
    Facts.ORDER: "the whole order",
}
"""What was never asked of the shop for an order, by what it would wait for."""
