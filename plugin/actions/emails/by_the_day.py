"""Emails that come with a day: written down as it begins in the shop, for every day since the last one that was done,
and sent at the hour of each kind.

A page of members to a transaction. Each email is written down once, so a run may stop and start again anywhere.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.days_emails import STEPS, Step
from plugin.actions.emails.news import tell_now
from plugin.actions.work.work import Work
from plugin.rules.emails.kind_settings import switched_on
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

DONE_UNTIL: Final = "emails_done_until"
CATCH_UP: Final = timedelta(days=3)
"""An email that is later than this has missed its moment."""


def queue_hourly(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Queue the shop's run where its day has begun and was not seen to; says whether it has."""
    due = first_day(shop, now) <= shop.day(now)
    if due:
        jobs.queue(conn, shop.id, JobKind.DAILY_EMAILS, ["day"], now)
    return due


def carry_out(work: Work, shop: Shop, _job: Job) -> None:
    """Every day that has begun, each kind that the shop sends, a page at a time."""
    last = shop.day(work.clock())
    day = first_day(shop, work.clock())
    while day <= last:
        for kind, step in STEPS:
            after: int | None = 0
            while after is not None and switched_on(shop.settings, kind):
                after = _page(work, shop.id, step, day, after)
        with shop_transaction(work.engine, shop.id) as conn:
            shops.merge_settings(conn, shop.id, {DONE_UNTIL: day.isoformat()})
        day += timedelta(days=1)


def first_day(shop: Shop, now: datetime) -> date:
    """The first day that is still to be seen to: today, tomorrow, or one of those that are caught up with."""
    done, today = shop.settings.get(DONE_UNTIL), shop.day(now)
    since = date.fromisoformat(str(done)) if done else today - timedelta(days=1)
    return max(since, today - CATCH_UP) + timedelta(days=1)


def _page(work: Work, shop_id: int, step: Step, day: date, after: int) -> int | None:
    with shop_transaction(work.engine, shop_id) as conn:
        shop, now = shops.get(conn, shop_id), work.clock()
        page = step(conn, shop, day, after, now)
        tell_now(conn, shop, page.rows, now)
    return page.last
