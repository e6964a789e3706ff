"""Compute members' stats and the shop's days again where an order changed: in batches, soon after the settling.

What the stats are counted by (the shop's zone and currency, and the month of its first order) is written down; when it
is another by now, everything is computed anew instead (`rebuild_facts`).
"""

from __future__ import annotations

from typing import Final

from plugin.actions.reports import rebuild_facts, refresh_days
from plugin.actions.work.work import Work
from plugin.rules.retention.counted_by import counted_by
from plugin.store.database.db import shop_transaction
from plugin.store.database.turns import take_turn
from plugin.store.reports import member_stats, outcomes
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

A_STEP: Final = 1_000


def queue(work: Work, shop: Shop) -> None:
    """Queue it where something changed since it ran."""
    with shop_transaction(work.engine, shop.id) as conn:
        marked = member_stats.any_marks(conn, shop.id) or outcomes.any_marks(conn, shop.id)
        if marked or rebuild_facts.is_due(conn, shop, work.clock()):
            jobs.queue(conn, shop.id, JobKind.REFRESH_STATS, ["due"], work.clock())


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Go through everybody who is marked, a step in a transaction of its own each; then through the marked days."""
    while step(work, shop.id) >= A_STEP:
        pass
    refresh_days.carry_out(work, shop)


def step(work: Work, shop_id: int) -> int:
    """The next marks; answers how many they were. None while everything is to be computed anew."""
    with shop_transaction(work.engine, shop_id) as conn:
        take_turn(conn, shop_id, rebuild_facts.TURN)
        shop = shops.get(conn, shop_id)
        by = counted_by(shop.settings)
        if by is None or rebuild_facts.is_due(conn, shop, work.clock()):
            jobs.queue(conn, shop_id, JobKind.REBUILD_FACTS, ["all"], work.clock())
            return 0
        number, people = member_stats.take_marks(conn, shop_id, A_STEP)
        member_stats.refresh(conn, shop_id, people, by.currency, by.first_month)
    return number
