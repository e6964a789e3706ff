"""List, once and in steps, the members who were there before the list was kept: the newest first."""

from __future__ import annotations

from typing import Final

from plugin.actions.work.work import Work
from plugin.store.database.db import shop_transaction
from plugin.store.members import member_list
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

A_STEP: Final = 500
LISTED: Final = "members_listed"
"""Down to which member; 0 when everybody is."""


def queue(work: Work, shop: Shop) -> None:
    """Queue it where somebody is missing."""
    with shop_transaction(work.engine, shop.id) as conn:
        if shop.settings.get(LISTED) != 0:
            if member_list.is_complete(conn, shop.id) and LISTED not in shop.settings:
                shops.merge_settings(conn, shop.id, {LISTED: 0})
            else:
                jobs.queue(conn, shop.id, JobKind.LIST_MEMBERS, ["all"], work.clock())


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Go on from where the last run was, a step in a transaction of its own each."""
    while step(work, shop.id):
        pass


def step(work: Work, shop_id: int) -> bool:
    """The next members; says whether there may be more."""
    with shop_transaction(work.engine, shop_id) as conn:
        before = shops.get(conn, shop_id).settings.get(LISTED)
        if before == 0:
            return False
        lowest = member_list.add_older(conn, shop_id, before, A_STEP)
        shops.merge_settings(conn, shop_id, {LISTED: lowest or 0})
        return lowest is not None
