"""Rewards that nobody used in time, and redemptions whose order has come or gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from plugin.actions.rewards.redeem_points import post_redemption
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import reward_uses
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

LATE = timedelta(hours=1)
"""An order placed with the code in its last minutes has this long to arrive before the code is taken back."""


def take_back(work: Work, shop: Shop) -> int:
    """Mark the shop's expired redemptions and queue the asking; answers how many there were."""
    now = work.clock()

    def step(conn: Connection, limit: int) -> int:
        ids = reward_uses.expired(conn, shop.id, now - LATE, limit)
        jobs.queue(conn, shop.id, JobKind.CODE, ids, now)
        return len(ids)

    return in_steps(work.engine, shop.id, step)


def post(work: Work, shop: Shop, job: Job) -> None:
    """Bring the ledger to what the redemption holds now."""
    with shop_transaction(work.engine, shop.id) as conn:
        post_redemption(conn, shop, job.number, work.clock())
