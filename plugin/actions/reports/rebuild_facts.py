"""Compute all facts of a shop anew from what is stored of its orders: orders first, then members.

In committed steps of at most two seconds, with a cursor in the shop's settings: what is killed goes on where it was,
and what changes meanwhile is kept by whoever changes it. By the same function as `keep_facts`, so the two can only
differ where something went wrong.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine

from plugin.actions.reports import keep_facts
from plugin.actions.work.steps import LONGEST_SECONDS
from plugin.actions.work.work import Work
from plugin.rules.retention.counted_by import CountedBy, Rebuild, counted_by, under_way
from plugin.rules.retention.months import first_month
from plugin.store.database.db import shop_transaction
from plugin.store.database.turns import take_turn
from plugin.store.reports import member_stats, order_facts
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

TURN: Final = "facts"
MOST: Final = 500


def is_due(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Whether facts are counted by something that is no longer so, or a rebuild is not over."""
    return under_way(shop.settings) is not None or counted_by(shop.settings) != _by_now(conn, shop, now)


def _by_now(conn: Connection, shop: Shop, now: datetime) -> CountedBy:
    today = shop.day(now)
    first = order_facts.first_day(conn, shop.id) or today
    return CountedBy(shop.timezone, shop.currency, first_month(first, today))


def begin(engine: Engine, shop_id: int) -> None:
    """Have everything computed anew from the first order on, whatever was under way."""
    with shop_transaction(engine, shop_id) as conn:
        take_turn(conn, shop_id, TURN)
        shops.merge_settings(conn, shop_id, Rebuild(shops.get(conn, shop_id).timezone).setting())


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
        at = _begun(conn, shop_id, now)
        if at is None:
            return None
        shop = shops.get(conn, shop_id)
        after = _orders(conn, shop, at, most) if at.stage == "orders" else _members(conn, shop, at, most)
        if at.stage != after.stage == "members":
            shops.merge_settings(conn, shop_id, _by_now(conn, shop, now).setting())
        shops.merge_settings(conn, shop_id, after.setting())
    return after


def _begun(conn: Connection, shop_id: int, now: datetime) -> Rebuild | None:
    """What is under way, or due: from here on its setting says how days are counted."""
    shop = shops.get(conn, shop_id)
    at = under_way(shop.settings)
    if at is not None and at.zone == shop.timezone:
        return at
    at = Rebuild(shop.timezone) if at is not None else _what_is_due(conn, shop, now)
    if at is not None:
        shops.merge_settings(conn, shop_id, at.setting())
    return at


def _what_is_due(conn: Connection, shop: Shop, now: datetime) -> Rebuild | None:
    """Days hang on the zone, members on all three."""
    kept, wanted = counted_by(shop.settings), _by_now(conn, shop, now)
    if kept == wanted:
        return None
    if kept is None or kept.zone != wanted.zone:
        return Rebuild(wanted.zone)
    shops.merge_settings(conn, shop.id, wanted.setting())
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
    kept = counted_by(shop.settings)
    if kept is None:
        return Rebuild(shop.timezone)
    member_stats.refresh(conn, shop.id, ids, kept.currency, kept.first_month)
    seen = replace(at, members=at.members + len(ids))
    return replace(seen, stage="over") if len(ids) < most else replace(seen, after=ids[-1])
