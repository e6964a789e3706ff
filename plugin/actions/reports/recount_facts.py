"""Every night some of a shop's orders and members, picked at random, are counted again; what differs is corrected,
said, and has everything counted again, for what a sample finds may be wrong elsewhere."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.reports import keep_facts, rebuild_facts, refresh_days
from plugin.actions.work.work import Work
from plugin.observe import fact_differences, get_logger
from plugin.rules.retention.counted_by import counted_by, under_way
from plugin.store.database.db import shop_transaction
from plugin.store.database.turns import take_turn
from plugin.store.reports import member_stats, recount
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

RECOUNTED: Final = "facts_recounted"
"""The shop's setting in which it stands what the last recount found."""
PLACES, A_PLACE = 10, 20
"""How many places of the shop's orders, and of its members, are looked at, and how many rows at each."""
log = get_logger()


@dataclass(frozen=True, slots=True)
class Recount:
    """What was looked at, and how much of it was wrong."""

    at: str
    orders: int
    members: int
    wrong_orders: int
    wrong_members: int


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Count a sample again, and say what differed."""
    if counted_by(shop.settings) is None or under_way(shop.settings) is not None:
        return
    found = sample(work, shop.id, random.Random())  # noqa: S311 (a sample, no secret)
    if found.wrong_orders or found.wrong_members:
        fact_differences.labels("orders").inc(found.wrong_orders)
        fact_differences.labels("members").inc(found.wrong_members)
        log.warning("facts_differed", shop=shop.domain, **asdict(found))
        rebuild_facts.begin(work.engine, shop.id)
    with shop_transaction(work.engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {RECOUNTED: asdict(found)})
        refresh_days.mark_recent(conn, shop, work.clock())
        if found.wrong_orders or found.wrong_members:
            jobs.queue(conn, shop.id, JobKind.REBUILD_FACTS, ["all"], work.clock())


def sample(work: Work, shop_id: int, dice: random.Random) -> Recount:
    """Count again, and correct, what stands at some places; a transaction each."""
    looked = {"orders": 0, "members": 0, "wrong_orders": 0, "wrong_members": 0}
    for what, look in (("members", _members), ("orders", _orders)):
        for _ in range(PLACES):
            with shop_transaction(work.engine, shop_id) as conn:
                take_turn(conn, shop_id, rebuild_facts.TURN)
                number, wrong = look(conn, shops.get(conn, shop_id), dice)
            looked[what] += number
            looked[f"wrong_{what}"] += wrong
    return Recount(at=work.clock().isoformat(), **looked)


def _orders(conn: Connection, shop: Shop, dice: random.Random) -> tuple[int, int]:
    ids = recount.some_orders(conn, shop.id, dice.random(), A_PLACE)
    return len(ids), len(keep_facts.refresh(conn, shop, ids))


def _members(conn: Connection, shop: Shop, dice: random.Random) -> tuple[int, int]:
    """Whoever is marked is to be computed again anyway."""
    by = counted_by(shop.settings)
    if by is None:
        return 0, 0
    ids = recount.some_members(conn, shop.id, dice.random(), A_PLACE)
    before = member_stats.kept(conn, shop.id, ids)
    member_stats.refresh(conn, shop.id, ids, by.currency, by.first_month)
    after = member_stats.kept(conn, shop.id, ids)
    return len(ids), sum(before.get(key) != after.get(key) for key in ids)


def last(shop: Shop) -> Recount | None:
    """What the last recount found."""
    kept: Any = shop.settings.get(RECOUNTED)
    return Recount(**kept) if kept else None


def found_wrong_since(shop: Shop, since: datetime) -> Recount | None:
    """The last recount, where it is from since then and found something wrong."""
    found = last(shop)
    if found is None or datetime.fromisoformat(found.at) < since:
        return None
    return found if found.wrong_orders or found.wrong_members else None
