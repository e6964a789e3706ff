"""What a storefront needs to say what goods would earn before anybody asks: the programme's figures, without its words.

Liquid reads them on every page of a shop, so they are few. What it cannot know, or what would be too much, is left to
those who ask the app: `asks` says that they have to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from plugin.rules.formats import DEFAULT_POINTS_NAME
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.programme import Programme, ToReach
from plugin.rules.rewards import reward_names
from plugin.rules.words.own_words import PointsName, names_of

MOST_IDS: Final = 150
"""So many products, collections, tags or vendors of one rule go into the page; with more, the app is asked."""
MOST_REWARDS: Final = 20
Figures = dict[str, Any]


def figures(programme: Programme, currency: str, *, taxes_included: bool, now: datetime) -> Figures:
    """Rates, tiers, rules and rewards. Amounts are in major units, except for a rule's least amount, in hundredths.

    `up_to`: prices include tax, which earns nothing, so that a price says at most how much it brings.
    """
    orders, basis = programme.orders, programme.basis
    names = {tier.key: tier.name for tier in programme.tiers.levels}
    rules = [one for one in orders.live if _may_hold(one, now)]
    short = [one for one in rules if _is_short(one)]
    listed: Figures = {
        "no_products": sorted(basis.excluded_products)[: MOST_IDS + 1],
        "no_collections": sorted(basis.excluded_collections)[: MOST_IDS + 1],
        "no_tags": _folded(basis.excluded_tags)[: MOST_IDS + 1],
    }
    too_many = len(short) < len(rules) or any(len(each) > MOST_IDS for each in listed.values())
    return {
        "currency": currency,
        "name": "" if programme.points_name == DEFAULT_POINTS_NAME else programme.points_name,
        **_one(programme),
        "rate": {"points": programme.earning.points, "per": _number(programme.earning.per_amount)},
        "rounding": programme.earning.rounding,
        "min": _hundredths(basis.minimum_order),
        "up_to": taxes_included and not basis.tax,
        "before_discounts": basis.before_discounts,
        "no_sale": not orders.sale_items,
        "code_percent": orders.code_percent,
        "per_item": orders.per_item,
        "per_order": orders.per_order,
        "stacking": orders.stacking,
        "tiers": [{"name": one.name, "times": _number(one.multiplier)} for one in programme.tiers.levels],
        "tier_rates": [
            {"tier": names.get(one.tier, ""), "points": one.points, "per": _number(one.per_amount)}
            for one in orders.tier_rates
        ],
        "rules": [_rule(one, names) for one in short],
        "rewards": _rewards(programme),
        "asks": too_many,
        **({"most": orders.most_points} if orders.most_points is not None else {}),
        **{key: each for key, each in listed.items() if each},
    }


def _one(programme: Programme) -> Figures:
    """What one point is called, where it has a name of its own."""
    own = programme.points_name_one and programme.points_name != DEFAULT_POINTS_NAME
    return {"one": programme.points_name_one} if own else {}


def said_names(programme: Programme, name: PointsName) -> Figures:
    """What of these figures has another name for a reader: points, the rewards that come next, tiers."""
    names = names_of(name)
    rewards = {title: names("reward", title) for goal in programme.to_reach if (title := goal.name)}
    tiers = {tier.name: names("tier", tier.name) for tier in programme.tiers.levels}
    points = {"name": str(name), "one": name.beside(1)} if name.language else {}
    changed = {"rewards": _other(rewards), "tiers": _other(tiers)}
    return {**points, **{key: each for key, each in changed.items() if each}}


def _other(said: dict[str, str]) -> dict[str, str]:
    return {source: text for source, text in said.items() if text != source}


def _may_hold(rule: OrderRule, now: datetime) -> bool:
    """Whether it can hold for what is bought online, once: now or later."""
    over = rule.ends_at is not None and rule.ends_at <= now
    return rule.sold_online and not over and rule.subscription != "only"


def _is_short(rule: OrderRule) -> bool:
    groups = (rule.products, rule.collections, rule.tags, rule.vendors, rule.customer_tags)
    return all(len(group) <= MOST_IDS for group in groups)


def _rule(rule: OrderRule, names: dict[str, str]) -> Figures:
    """What is filled in of it; weekdays from 1 for Monday, moments in seconds of Unix time."""
    said: Figures = {
        "does": rule.effect,
        "times": _number(rule.multiplier) if rule.effect == "multiplier" else None,
        "points": rule.points if rule.effect != "multiplier" else None,
        "per": _number(rule.per_amount) if rule.effect == "rate" else None,
        "from": int(rule.starts_at.timestamp()) if rule.starts_at else None,
        "to": int(rule.ends_at.timestamp()) if rule.ends_at else None,
        "days": [day + 1 for day in sorted(rule.weekdays)],
        "min": _hundredths(rule.minimum_order),
        "tiers": sorted(names.get(key, "") for key in rule.tiers),
        "who": _folded(rule.customer_tags),
        "products": sorted(rule.products),
        "collections": sorted(rule.collections),
        "tags": _folded(rule.tags),
        "vendors": _folded(rule.vendors),
        "sale": "" if rule.sale == "any" else rule.sale,
    }
    return {key: value for key, value in said.items() if value not in (None, [], "") and (key != "min" or value)}


def _rewards(programme: Programme) -> list[Figures]:
    """What is for everybody, the cheapest first: whatever comes next is found by its price."""
    found = sorted(programme.to_reach, key=lambda goal: goal.points)[:MOST_REWARDS]
    return [_reward(goal) for goal in found]


def _reward(goal: ToReach) -> Figures:
    free = {"free": reward_names.FREE[goal.slide.kind]} if goal.slide else {}
    return {"title": goal.name, "points": goal.points, **free}


def _folded(words: Iterable[str]) -> list[str]:
    return sorted({word.lower() for word in words})


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _hundredths(amount: Decimal) -> int | float:
    return _number(amount * 100)
