"""Compute all facts of a shop anew from what is stored of its orders: orders first, then members.

In committed steps of at most two seconds, with a cursor in the shop's settings: what is killed goes on where it was,
and what changes meanwhile is kept by whoever changes it. By the same function as `keep_facts`, so the two can only
differ where something went wrong.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine

from plugin.actions.reports import keep_facts
from plugin.actions.work.steps import LONGEST_SECONDS
from plugin.actions.work.work import Work
from plugin.rules.retention.months import first_month
from plugin.store.database.db import shop_transaction
from plugin.store.database.turns import take_turn
from plugin.store.reports import member_stats, order_facts
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

TURN: Final = "facts"
COUNTED_BY, UNDER_WAY = "facts_counted_by", "facts_rebuild"
"""The shop's settings in which it stands by what facts are counted, and how far a rebuild has come."""
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class CountedBy:
    """What a change of makes other facts of the same orders."""

    zone: str
    currency: str
    first_month: date


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How far it is: the last order or member, how many of them, and in which zone days are counted."""

    zone: str
    stage: str = "orders"
    after: int = 0
    orders: int = 0
    members: int = 0
    changed: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self.stage == "over"


def counted_by(shop: Shop) -> CountedBy | None:
    """By what the shop's facts are counted; None before they were ever computed."""
    kept = shop.settings.get(COUNTED_BY)
    if not isinstance(kept, Mapping):
        return None
    return CountedBy(kept["zone"], kept["currency"], date.fromisoformat(kept["first_month"]))


def under_way(shop: Shop) -> Rebuild | None:
    """How far the shop's rebuild is, where one was begun and is not over."""
    kept = shop.settings.get(UNDER_WAY)
    return Rebuild(**kept) if isinstance(kept, Mapping) and kept else None


def is_due(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Whether facts are counted by something that is no longer so, or a rebuild is not over."""
    return under_way(shop) is not None or counted_by(shop) != _by_now(conn, shop, now)


def _by_now(conn: Connection, shop: Shop, now: datetime) -> CountedBy:
    today = shop.day(now)
    first = order_facts.first_day(conn, shop.id) or today
    return CountedBy(shop.timezone, shop.currency, first_month(first, today))


def begin(engine: Engine, shop_id: int) -> None:
    """Have everything computed anew from the first order on, whatever was under way."""
    with shop_transaction(engine, shop_id) as conn:
        take_turn(conn, shop_id, TURN)
        _remember(conn, shop_id, Rebuild(shops.get(conn, shop_id).timezone))


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Go on to the end; where nothing is under way, begin with what is due."""
    for _ in steps(work.engine, shop.id, work.clock):
        pass


def steps(engine: Engine, shop_id: int, clock: Callable[[], datetime], most: int = MOST) -> Iterator[Rebuild]:
    """One step after the other, each of a size that keeps it far from two seconds; says how far each came."""
    while True:
        began = time.monotonic()
        at = step(engine, shop_id, clock(), most)
        if at is None:
            return
        yield at
        slow = time.monotonic() - began > LONGEST_SECONDS
        most = max(1, most // 2) if slow else most


def step(engine: Engine, shop_id: int, now: datetime, most: int) -> Rebuild | None:
    """The next orders or members; answers how far that is, None where nothing was left to do."""
    with shop_transaction(engine, shop_id) as conn:
        take_turn(conn, shop_id, TURN)
        shop = shops.get(conn, shop_id)
        at = under_way(shop) or _what_is_due(conn, shop, now)
        if at is None:
            return None
        if at.zone != shop.timezone:
            at = Rebuild(shop.timezone)
        after = _orders(conn, shop, at, most) if at.stage == "orders" else _members(conn, shop, at, most)
        if at.stage != after.stage == "members":
            _count_by(conn, shop_id, _by_now(conn, shop, now))
        _remember(conn, shop_id, after)
    return after


def _what_is_due(conn: Connection, shop: Shop, now: datetime) -> Rebuild | None:
    """Days hang on the zone, members on all three."""
    kept, wanted = counted_by(shop), _by_now(conn, shop, now)
    if kept == wanted:
        return None
    if kept is None or kept.zone != wanted.zone:
        return Rebuild(wanted.zone)
    _count_by(conn, shop.id, wanted)
    return Rebuild(wanted.zone, "members")


def _orders(conn: Connection, shop: Shop, at: Rebuild, most: int) -> Rebuild:
    ids = order_facts.next_orders(conn, shop.id, at.after, most)
    changed = len(keep_facts.refresh(conn, shop, ids))
    last = ids[-1] if len(ids) == most else None
    changed += order_facts.forget_missing(conn, shop.id, at.after, last)
    seen = replace(at, orders=at.orders + len(ids), changed=at.changed + changed)
    return replace(seen, stage="members", after=0) if last is None else replace(seen, after=last)


def _members(conn: Connection, shop: Shop, at: Rebuild, most: int) -> Rebuild:
    ids = member_stats.next_members(conn, shop.id, at.after, most)
    kept = counted_by(shops.get(conn, shop.id))
    if kept is None:
        return Rebuild(shop.timezone)
    member_stats.refresh(conn, shop.id, ids, kept.currency, kept.first_month)
    seen = replace(at, members=at.members + len(ids))
    return replace(seen, stage="over") if len(ids) < most else replace(seen, after=ids[-1])


def _count_by(conn: Connection, shop_id: int, by: CountedBy) -> None:
    shops.merge_settings(conn, shop_id, {COUNTED_BY: {**asdict(by), "first_month": by.first_month.isoformat()}})


def _remember(conn: Connection, shop_id: int, at: Rebuild) -> None:
    kept: dict[str, Any] = {} if at.over else asdict(at)
    shops.merge_settings(conn, shop_id, {UNDER_WAY: kept})
