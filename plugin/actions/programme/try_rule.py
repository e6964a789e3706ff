"""What a recent order would earn under a rule that is not saved yet: nothing is written, nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.orders.order_knowledge import gather
from plugin.rules.orders import earning, order_rules
from plugin.rules.orders.basis import eligible
from plugin.rules.orders.earning import Deserved, Snapshot
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule
from plugin.rules.programme import Programme
from plugin.rules.types import OrderView
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops.shops import Shop
from plugin.store.versions.programmes import Version

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Seen from then, whatever was fetched is fresh."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the order would earn, and without the rule; why the rule does not hold, as a code; what is not known."""

    found: Deserved
    without: Deserved
    misses: str = ""
    unknown: str = ""


def try_rule(conn: Connection, shop: Shop, version: Version, rule: OrderRule, order: StoredOrder) -> Tried | None:
    """Judge the order by the version with this rule in it, as if it were placed within the rule's period
    and after the programme began."""
    view = order.effective
    if view is None:
        return None
    tried = rule.model_copy(update={"active": True, "starts_at": None, "ends_at": None})
    orders = version.programme.orders
    others = tuple(one for one in orders.rules if one.key != rule.key)
    with_it, without = (_with(version.programme, orders, rules) for rules in ((*others, tried), others))
    drafted = replace(version, programme=with_it)
    known = gather(conn, shop, [drafted], [view], LONG_AGO)
    start = _start(order, version)
    found, plain = (
        earning.deserved(view, programme, start, known.products, None, known.of(view))
        for programme in (with_it, without)
    )
    misses = _misses(view, with_it, tried, found.snapshot, shop)
    missing = known.missing(view, drafted, None)
    return Tried(found, plain, misses, missing.facts.value if missing else "")


def _with(programme: Programme, orders: OrderEarning, rules: tuple[OrderRule, ...]) -> Programme:
    changed = OrderEarning.model_validate({**_settings(orders), "rules": rules})
    return programme.model_copy(update={"orders": changed})


def _settings(orders: OrderEarning) -> dict[str, object]:
    return {name: getattr(orders, name) for name in OrderEarning.model_fields}


def _start(order: StoredOrder, version: Version) -> Snapshot:
    """Of what was found out about the order, only the tier: lines and buyer are judged anew."""
    kept = order.snapshot
    return Snapshot(version.number, tier=kept.tier, multiplier=kept.multiplier) if kept else Snapshot(version.number)


def _misses(view: OrderView, programme: Programme, rule: OrderRule, snapshot: Snapshot, shop: Shop) -> str:
    bought = sum(row.original_minor for row in eligible(view, programme.basis, snapshot.verdicts))
    zone = ZoneInfo(shop.timezone)
    why = order_rules.fails(rule, view, bought, snapshot.tier or "", snapshot.welcome or (), zone)
    picked = any(rule.key in keys for keys in snapshot.about.values())
    return why or ("" if picked else "items")
