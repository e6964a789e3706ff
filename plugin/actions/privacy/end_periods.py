"""Once a night: what has been kept as long as docs/operating/privacy.md says goes, shop by shop and step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from plugin.actions.work.work import Work
from plugin.observe import get_logger
from plugin.rules.privacy.kept_for import PERIODS
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.privacy import ended_periods
from plugin.store.shops.shops import Shop
from plugin.store.work import months
from plugin.store.work.jobs import Job

SWEEPING_DAY = 2
"""The day after the months' parts may have been dropped."""
MONTHS: Final[Mapping[months.Parent, str]] = {"deliveries": "webhooks", "events": "events"}
"""What lies in parts by month, and the period after which a part goes."""
log = get_logger()


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Let go of everything in the shop whose time is over."""
    for kind in ended_periods.KINDS:
        while step(work, shop.id, kind) >= ended_periods.A_STEP:
            pass
    if work.clock().day == SWEEPING_DAY:
        _sweep(work, shop.id)


def _sweep(work: Work, shop_id: int) -> None:
    """Once a month: what says which delivery is about whom ends with the delivery."""
    after: tuple[int, int] | None = (-(2**63), 0)
    while after is not None:
        with shop_transaction(work.engine, shop_id) as conn:
            after = ended_periods.sweep_subjects(conn, shop_id, after)


def step(work: Work, shop_id: int, kind: str) -> int:
    """One step of one kind; answers how many rows went."""
    with shop_transaction(work.engine, shop_id) as conn:
        return ended_periods.end(conn, shop_id, kind, before(kind, work.clock()))


def before(kind: str, now: datetime) -> datetime:
    """The moment before which a kind's time is over."""
    return now - timedelta(days=PERIODS[kind].days)


def keep_months(work: Work) -> None:
    """Make the parts that the next months' deliveries and events lie in, and drop those whose time is over."""
    now = work.clock()
    for parent, period in MONTHS.items():
        with system_transaction(work.engine) as conn:
            made = months.make(conn, parent, now)
            dropped = months.drop(conn, parent, before(period, now).date())
        if made or dropped:
            log.info("months", of=parent, made=made, dropped=dropped)
    with system_transaction(work.engine) as conn:
        ended_periods.end_intake_counts(conn, before("intake_counts", now))
        ended_periods.end_provider_calls(conn, before("provider_calls", now))
