"""A rule for orders in one line of words, as staff read it in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugin.rules.explain import plain
from plugin.rules.orders import earning_rules, sales_channels
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.types import Facts
from plugin.rules.words.texts import Said

WEEKDAYS = tuple(
    Said(f"programme.order_rules.weekday.{day}")
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
CHANNELS: Mapping[str, str] = {
    channel: Said(f"programme.order_rules.channel.{channel}") for channel in earning_rules.CHANNELS
}
SHOWN = 3
"""As many tags, vendors or tiers are named."""


def effect(rule: OrderRule, currency: str) -> str:
    """What it does."""
    if rule.effect == "multiplier" and not rule.multiplier:
        return Said("programme.order_rules.does.nothing")
    if rule.effect == "multiplier":
        return Said("programme.order_rules.does.multiplier", value=plain(str(rule.multiplier)))
    if rule.effect == "rate":
        amount = f"{plain(str(rule.per_amount))} {currency}"
        return Said("programme.order_rules.does.rate", points=rule.points, amount=amount)
    return Said(f"programme.order_rules.does.{rule.effect}", points=rule.points)


def conditions(rule: OrderRule, currency: str, tiers: Mapping[str, str]) -> list[list[str]]:
    """When it holds and for what, one after the other, each as a few words; `tiers` are names by key."""
    parts: list[list[str]] = [
        _count("products", rule.products),
        _count("collections", rule.collections),
        _listed("tags", rule.tags),
        _listed("vendors", rule.vendors),
        _only("sale", rule.sale),
        _listed("customer_tags", rule.customer_tags),
        _listed("tiers", (tiers.get(key, key) for key in rule.tiers)),
        [CHANNELS[key] for key in CHANNELS if key in rule.channels] + _by_name(rule.sources),
        [WEEKDAYS[day] for day in sorted(rule.weekdays)],
        _minimum(rule, currency),
        _only("subscription", rule.subscription),
    ]
    return [part for part in parts if part] or [[Said("programme.order_rules.for.everything")]]


def _count(what: str, ids: frozenset[int]) -> list[str]:
    return [Said(f"programme.order_rules.for.{what}", len(ids))] if ids else []


def _listed(what: str, words: Iterable[str]) -> list[str]:
    found = sorted(words, key=str.casefold)
    named = ", ".join(found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
    return [Said(f"programme.order_rules.for.{what}", words=named)] if found else []


def _by_name(sources: Iterable[str]) -> list[str]:
    found = sorted((sales_channels.name_of(source) for source in sources), key=str.casefold)
    return [*found[:SHOWN], "…"] if len(found) > SHOWN else found


def _only(what: str, choice: str) -> list[str]:
    return [] if choice == "any" else [Said(f"programme.order_rules.for.{what}_{choice}")]


def _minimum(rule: OrderRule, currency: str) -> list[str]:
    amount = f"{plain(str(rule.minimum_order))} {currency}"
    return [Said("programme.order_rules.for.minimum", amount=amount)] if rule.minimum_order else []


MISSES: Mapping[str, str] = {
    code: Said(f"programme.order_rules.misses.{code}")
    for code in ("weekday", "channel", "minimum", "subscription", "tier", "customer_tag", "items")
}
"""Why a rule does not hold for an order, by code of `order_rules.fails`: a sentence."""
UNKNOWN: Mapping[Facts, str] = {fact: Said(f"programme.order_rules.unknown.{fact.name.lower()}") for fact in Facts}
"""What was never asked of the shop for an order, by what it would wait for: words within a sentence."""
