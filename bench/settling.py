"""What events and facts add to settling an order: the same orders settled with and without them, in turn."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Engine

from bench.place import Database, Place
from bench.processing import CUSTOMERS, fill_inbox, kinds
from bench.table import Line
from plugin.actions import record_event
from plugin.actions.points import write_points
from plugin.actions.reports import keep_facts
from plugin.store.database.db import engine_at
from plugin.store.points.ledger import Ledger
from plugin.store.reports import member_stats
from plugin.worker import collect_rarely
from webhooks.inbox import BATCH, process_shop

ROUNDS, WARM_UP = 24, 2
MOST_TIMES = 1.1
KEY: Final = bytes(32)
"""In place of the keys of hashes, so that these are made too."""


def _nothing(*_: object) -> None:
    """In place of what writes."""


def _no_orders(*_: object) -> list[int]:
    """In place of what answers of which orders it wrote."""
    return []


def _entries_alone(accounts: Ledger, _now: datetime) -> None:
    """Points written as they were before there were events."""
    accounts.write()


@contextmanager
def without_events() -> Iterator[None]:
    """Nothing that happens is recorded, wherever `record` was imported."""
    record: Any = record_event.record
    modules = [one for one in list(sys.modules.values()) if getattr(one, "record", None) is record]
    with ExitStack() as stack:
        stack.enter_context(patch.object(write_points, "write", _entries_alone))
        for module in modules:
            stack.enter_context(patch.object(module, "record", _nothing))
        yield


@contextmanager
def without_facts() -> Iterator[None]:
    """No facts are kept beside orders, and nobody's stats are marked."""
    with patch.object(keep_facts, "keep", _no_orders), patch.object(member_stats, "mark", _nothing):
        yield


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _without_both() -> Iterator[None]:
    with without_events(), without_facts():
        yield


SIDES: Final[dict[str, Callable[[], Any]]] = {
    "both": _as_it_is,
    "neither": _without_both,
    "events": without_facts,
    "facts": without_events,
}
"""What is kept in each of four databases, and how it is brought about."""


@dataclass
class Side:
    """One database with a full inbox, and what each batch of it took: ours and PostgreSQL's seconds for one order."""

    database: Database
    shop_id: int
    engine: Engine
    backend: int
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    @property
    def both(self) -> list[float]:
        """Of each batch, what an order took in all."""
        return [mine + other for mine, other in zip(self.ours, self.theirs, strict=True)]

    def settle(self) -> None:
        """The next batch."""
        mine, other = time.process_time(), on_processor(self.backend)
        taken = process_shop(self.engine, self.shop_id, datetime.now(UTC), BATCH, KEY, KEY)
        self.ours.append((time.process_time() - mine) / taken)
        self.theirs.append((on_processor(self.backend) - other) / taken)


def on_processor(pid: int) -> float:
    """Seconds that a process of one thread was on a processor; to the nanosecond, where `psutil` knows hundredths.
    Source: Linux, Documentation/scheduler/sched-stats.rst."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def measure(place: Place) -> list[Line]:
    """Shopify's example and a plain order."""
    collect_rarely()
    return [_line(place, what) for what in kinds()]


def _line(place: Place, what: str) -> Line:
    with ExitStack() as stack:
        sides = {name: stack.enter_context(_side(place, what, name)) for name in SIDES}
        for number in range(ROUNDS):
            for name in sorted(SIDES, reverse=number % 2 == 1):
                with SIDES[name]():
                    sides[name].settle()
    return _compared(what, sides)


@contextmanager
def _side(place: Place, what: str, name: str) -> Iterator[Side]:
    """A database of its own, and one connection to it, whose backend's time is measured."""
    database, domain = place.second_database(f"suki_{what}_{name}"), f"{name}.myshopify.com"
    shop_id = place.shop(domain, database)
    fill_inbox(database.url, domain, kinds()[what], ROUNDS * BATCH, CUSTOMERS)
    database.run("ANALYZE inbox, deliveries", "CHECKPOINT")
    engine = engine_at(database.url, "suki-bench", pool_size=1, max_overflow=0)
    with engine.connect() as conn:
        backend = int(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    try:
        yield Side(database, shop_id, engine, backend)
    finally:
        engine.dispose()
        database.engine.dispose()


def _compared(what: str, sides: dict[str, Side]) -> Line:
    """The median of the rounds' own ratios, without the first rounds, in which statements are planned."""
    bare = sides["neither"].both[WARM_UP:]
    times = {
        name: statistics.median(one / other for one, other in zip(side.both[WARM_UP:], bare, strict=True))
        for name, side in sides.items()
    }
    ours = {name: statistics.median(side.ours[WARM_UP:]) * 1e6 for name, side in sides.items()}
    theirs = {name: statistics.median(side.theirs[WARM_UP:]) * 1e6 for name, side in sides.items()}
    told = "; ".join(f"{name} {ours[name]:.0f} + {theirs[name]:.0f} µs, {times[name]:.2f} ×" for name in sides)
    return Line(
        f"settling with events and facts against without, {what} orders",
        f"{times['both']:.2f} ×",
        f"≤ {MOST_TIMES:g} ×",
        times["both"] <= MOST_TIMES,
        f"processor time for one order, ours and PostgreSQL's, medians of {ROUNDS - WARM_UP} × {BATCH}: {told}",
        {"times": times, "worker_us": ours, "postgres_us": theirs},
    )
