"""Expiry over a big shop: every lot gets its end, its warnings, and is taken when nobody used it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from bench import big
from bench.place import Place
from bench.table import Line
from plugin.actions.points import expire_points
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work.jobs import Job

POLICY = Expiry(policy="after_earning", period=365, first_warning_days=30, last_warning_days=3)
RUNS = {
    "ends noted": timedelta(),
    "first warning": timedelta(days=340),
    "last warning": timedelta(days=363),
    "taken": timedelta(days=367),
    "run again": timedelta(days=367, hours=1),
}
"""What each run does to lots that are all older than the switching on, and how long after it."""


@dataclass
class Clock:
    """A moment that the bench moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def measure(place: Place, entries: int, members: int) -> list[Line]:
    """Switch expiry on in a big shop, and let its lots come to their end."""
    database, shop_id = big.make(place, "suki_ending", entries, members)
    clock = Clock(datetime.now(UTC))
    seconds = {}
    settings = Settings(**place.for_settings(database))
    with Mailer.from_settings(settings) as mailer:
        work = Work(database.engine, AdminClients.of(settings), mailer, clock)
        switched_on = _switch_on(database.engine, shop_id, clock.now)
        for name, later in RUNS.items():
            clock.now = switched_on + later
            seconds[name] = _run(work, shop_id)
    left = database.ask("SELECT count(*) FROM lots WHERE points_left > 0")
    warned = database.ask("SELECT count(*) FROM messages")
    if left or database.ask("SELECT sum(points) FROM entries"):
        raise RuntimeError(f"{left:,} lots are left")
    total = sum(seconds.values())
    how = ", ".join(f"{name} {took:.0f} s" for name, took in seconds.items())
    rate = entries * (len(RUNS) - 1) / (total - seconds["run again"])
    return [
        Line(
            f"expiry: {entries:,} lots of {members:,} members from switching on to gone",
            f"{total / 60:.1f} min, {rate:,.0f} lots a second and run",
            how=f"{how}; {warned:,} warnings written down",
            numbers={"seconds": seconds, "lots": entries, "members": members, "lots_a_second": rate},
        )
    ]


def _switch_on(engine: Engine, shop_id: int, now: datetime) -> datetime:
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, Programme(expiry=POLICY), "bench", "", now)
    return now


def _run(work: Work, shop_id: int) -> float:
    started = time.perf_counter()
    with shop_transaction(work.engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
    expire_points.carry_out(work, shop, Job(0, shop_id, "expire_points", "", {}, 0, 0, work.clock()))
    return time.perf_counter() - started
