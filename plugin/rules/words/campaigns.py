"""What orders earn beyond the base rate at the moment, as shoppers read it: what is for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list

from plugin.rules import formats
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.programme import Programme
from plugin.rules.words.texts import text


@dataclass(frozen=True)
class More:
    """One rule: its name, what it gives, the last day if it has one, and on which items if not on all."""

    name: str
    gives: str
    until: str
    on: str


_GIVES: Mapping[str, str] = {
    "multiplier": "shopper.earn.times",
    "per_item": "shopper.earn.per_item",
    "per_order": "shopper.earn.per_order",
    "rate": "shopper.earn.rate",
}


def more_now(programme: Programme, currency: str, zone: ZoneInfo, locale: Locale, now: datetime) -> list[More]:
    """Those that hold now. Ones for some customers or tiers only, ones for other channels than the online store, and
    ones that give less, are not advertised."""
    found = [rule for rule in programme.orders.live if _shown(rule, now)]
    return [_more(rule, programme.points_name, currency, zone, locale) for rule in found]


def _shown(rule: OrderRule, now: datetime) -> bool:
    elsewhere = not rule.sold_online
    less = rule.effect == "multiplier" and rule.multiplier < 1
    for_some = elsewhere or rule.customer_tags or rule.tiers or less
    begun = rule.starts_at is None or rule.starts_at <= now
    return not for_some and begun and (rule.ends_at is None or now < rule.ends_at)


def _more(rule: OrderRule, points_name: str, currency: str, zone: ZoneInfo, locale: Locale) -> More:
    gives = text(
        locale,
        _GIVES[rule.effect],
        points_name=formats.points_unit(points_name, locale),
        times=formats.decimal(rule.multiplier, locale),
        points=formats.points(rule.points, points_name, locale),
        amount=formats.money(to_minor(rule.per_amount, minor_digits(currency)), currency, locale),
    )
    last = (rule.ends_at - timedelta(seconds=1)).astimezone(zone).date() if rule.ends_at else None
    until = text(locale, "shopper.shared.until", day=formats.long_date(last, locale)) if last else ""
    return More(rule.name, gives, until, _on(rule, locale))


def _on(rule: OrderRule, locale: Locale) -> str:
    """On which items, as far as a shopper can tell them by it; tags and collections are the shop's own words."""
    if not rule.picks_lines:
        return ""
    if rule.products or rule.collections or rule.tags or (rule.vendors and rule.sale != "any"):
        return text(locale, "shopper.earn.some_items")
    if rule.vendors:
        names = format_list(sorted(rule.vendors, key=str.casefold), style="or", locale=locale)
        return text(locale, "shopper.earn.items_of", names=names)
    return text(locale, "shopper.earn.sale_only") if rule.sale == "only" else text(locale, "shopper.earn.not_sale")
