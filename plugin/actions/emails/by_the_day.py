"""Emails that come with a day: each morning of the shop, for every day since the last one that was done.

A page of members to a transaction. Each email is written down once, so a run may stop and start again anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.news import Row, row, tell_now
from plugin.actions.work.work import Work
from plugin.rules import subjects
from plugin.rules.emails.kind_settings import figure, switched_on
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import Quiet
from plugin.rules.points.expiry import start_of_day
from plugin.store.database.db import shop_transaction
from plugin.store.emails import by_the_day
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

DONE_UNTIL: Final = "emails_done_until"
MORNING: Final = 9
"""The shop's hour from which they are written down."""
CATCH_UP: Final = timedelta(days=3)
"""An email that is later than this has missed its moment."""


@dataclass(frozen=True, slots=True)
class Page:
    """The emails of a page of members, and after which id the next one begins; None at the end."""

    rows: list[Row]
    last: int | None


Step = Callable[[Connection, Shop, date, int], Page]
"""What one kind has to say on a day, from an id on."""


def queue_hourly(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Queue the shop's run where its morning has come and was not seen to; says whether it has."""
    due = _last_due(shop, now) > _done(shop, now)
    if due:
        jobs.queue(conn, shop.id, JobKind.DAILY_EMAILS, ["day"], now)
    return due


def carry_out(work: Work, shop: Shop, _job: Job) -> None:
    """Every morning that is due, each kind that the shop sends, a page at a time."""
    last = _last_due(shop, work.clock())
    day = max(_done(shop, work.clock()), last - CATCH_UP) + timedelta(days=1)
    while day <= last:
        for kind, step in STEPS:
            after: int | None = 0
            while after is not None and switched_on(shop.settings, kind):
                after = _page(work, shop.id, step, day, after)
        with shop_transaction(work.engine, shop.id) as conn:
            shops.merge_settings(conn, shop.id, {DONE_UNTIL: day.isoformat()})
        day += timedelta(days=1)


def _last_due(shop: Shop, now: datetime) -> date:
    return shop.day(now - timedelta(hours=MORNING))


def _done(shop: Shop, now: datetime) -> date:
    """The last day that was seen to; of a shop that has none, the day before."""
    done = shop.settings.get(DONE_UNTIL)
    return date.fromisoformat(str(done)) if done else _last_due(shop, now) - timedelta(days=1)


def _page(work: Work, shop_id: int, step: Step, day: date, after: int) -> int | None:
    with shop_transaction(work.engine, shop_id) as conn:
        shop, now = shops.get(conn, shop_id), work.clock()
        page = step(conn, shop, day, after)
        tell_now(conn, shop, page.rows, now)
    return page.last


def _paged(rows: list[Row], ids: list[int]) -> Page:
    return Page(rows, ids[-1] if len(ids) == by_the_day.PAGE else None)


def _codes_ending(conn: Connection, shop: Shop, day: date, after: int) -> Page:
    """Codes whose last day is so many days away."""
    kind = MessageKind.REWARD_ENDING
    ends = day + timedelta(days=figure(shop.settings, kind, "days") + 1)
    since, until = (start_of_day(each, shop.zone) for each in (ends - timedelta(days=1), ends))
    found = by_the_day.codes_ending(conn, shop.id, since, until, after)
    rows = [row(kind, member, subjects.Redemption(made)) for made, member in found]
    return _paged(rows, [made for made, _ in found])


def _quiet(step: int) -> Step:
    """Who has not ordered for so many days: the first word of a win-back, or the second."""

    def quiet(conn: Connection, shop: Shop, day: date, after: int) -> Page:
        kind = MessageKind.WIN_BACK
        days = figure(shop.settings, kind, "days")
        days += figure(shop.settings, kind, "again_days") if step > 1 else 0
        since = day - timedelta(days=days)
        found = by_the_day.quiet_since(conn, shop.id, since, after)
        return _paged([row(kind, member, Quiet(member, since, step)) for member in found], found)

    return quiet


STEPS: Final[tuple[tuple[MessageKind, Step], ...]] = (
    (MessageKind.REWARD_ENDING, _codes_ending),
    (MessageKind.WIN_BACK, _quiet(1)),
    (MessageKind.WIN_BACK, _quiet(2)),
)
"""What comes with a day, in the order in which it is written down."""
