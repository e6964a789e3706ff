"""Compute a shop's days again: those on which an order changed, today and yesterday; all of them once zone or currency
are others. Days that nobody can look at any more are forgotten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.reports import rebuild_facts
from plugin.actions.work.work import Work
from plugin.rules.retention.counted_by import counted_by
from plugin.rules.retention.outcomes import PERIODS, Period, up_to
from plugin.store.database.db import shop_transaction
from plugin.store.database.turns import take_turn
from plugin.store.reports import outcomes
from plugin.store.reports.outcomes import By
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop

DAYS_BY: Final = "days_counted_by"
"""The shop's setting in which it stands by what its days are counted."""
HORIZON: Final = 2 * max(PERIODS) + 1
STILL_CHANGE: Final = 45
"""So many days are computed again each night: what a redemption, an import or a merge changed of them."""
A_STEP: Final = 2


def by_of(shop: Shop) -> By:
    """By what the shop's days are counted: as its facts are, so that orders and points fall on the same days."""
    kept = counted_by(shop.settings)
    return By(kept.zone, kept.currency) if kept else By(shop.timezone, shop.currency)


def carry_out(work: Work, shop: Shop) -> None:
    """Go on until no day is marked."""
    with shop_transaction(work.engine, shop.id) as conn:
        _begin(conn, shops.get(conn, shop.id), work.clock())
    while step(work, shop.id):
        pass
    with shop_transaction(work.engine, shop.id) as conn:
        counted: dict[str, Any] = asdict(outcomes.count_people(conn, shop.id))
        shops.merge_settings(conn, shop.id, {outcomes.PEOPLE: counted})


def _begin(conn: Connection, shop: Shop, now: datetime) -> None:
    today, by = shop.day(now), by_of(shop)
    if shop.settings.get(DAYS_BY) != asdict(by):
        outcomes.forget_days(conn, shop.id)
        outcomes.mark(conn, shop.id, up_to(today, HORIZON).days)
        shops.merge_settings(conn, shop.id, {DAYS_BY: asdict(by)})
    else:
        outcomes.forget_days(conn, shop.id, today - timedelta(days=HORIZON))
        outcomes.mark(conn, shop.id, up_to(today, 2).days)


def step(work: Work, shop_id: int) -> int:
    """The next marked days, in a transaction of their own; answers how many they were."""
    with shop_transaction(work.engine, shop_id) as conn:
        take_turn(conn, shop_id, rebuild_facts.TURN)
        shop = shops.get(conn, shop_id)
        days = outcomes.take_marks(conn, shop_id, A_STEP)
        oldest = shop.day(work.clock()) - timedelta(days=HORIZON)
        wanted = [day for day in days if day >= oldest]
        for run in _runs(wanted):
            found = outcomes.compute(conn, shop_id, run, by_of(shop))
            outcomes.keep(conn, shop_id, run.days, found)
    return len(days)


def _runs(days: list[date]) -> list[Period]:
    """The days as stretches without a gap."""
    runs: list[Period] = []
    for day in days:
        if runs and runs[-1].last + timedelta(days=1) == day:
            runs[-1] = Period(runs[-1].first, day)
        else:
            runs.append(Period(day, day))
    return runs


def mark_recent(conn: Connection, shop: Shop, now: datetime) -> None:
    """Each night: the days of which something may have changed that marks no day."""
    outcomes.mark(conn, shop.id, up_to(shop.day(now), STILL_CHANGE).days)
