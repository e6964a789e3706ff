"""Processing: webhook in to ledger committed, a backlog, and the rules alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import zstandard

from bench import load, orders
from bench.orders import Example
from bench.place import Place, processor_seconds
from bench.table import Line
from bench.waiting import wait_until
from demo.processes import Child
from plugin.rules.orders import earning
from plugin.rules.orders.earning import Snapshot
from plugin.rules.orders.settle import settle
from plugin.rules.payloads import json_text
from plugin.rules.programme import Programme
from plugin.rules.types import OrderView, Refund, RefundLine
from plugin.store.work import deliveries
from plugin.store.work.deliveries import Arrival
from webhooks.orders import order_view

CUSTOMERS = 5000
LOAD_SECONDS = 8.0
MOST_ORDERS = 60_000
BACKLOG = 100_000
ORDERS_A_SECOND, DRAINED_A_SECOND = 1000, 2500
PATIENCE_SECONDS = 180
AT_ONCE = 200


def wait_until_empty(place: Place, patience: float = PATIENCE_SECONDS) -> float:
    """Wait until nothing is left in the inbox; answers the moment, by the monotonic clock."""
    waiting = "SELECT EXISTS (SELECT FROM inbox WHERE state = 'new')"
    with place.database.asking() as ask:
        return wait_until(lambda: not ask(waiting), "the inbox is empty", patience)


def orders_to_ledger(place: Place, example: Example, seconds: float = LOAD_SECONDS) -> Line:
    """Load at full speed with the worker at work; the clock stops when the last order is in the ledger."""
    domain = "orders.myshopify.com"
    shop_id = place.shop(domain)
    feed = orders.feed(place.directory, example, place.secret, domain, range(MOST_ORDERS), CUSTOMERS)
    with place.web() as web, place.running("worker", "plugin.cli", "worker"):
        started = time.monotonic()
        burst = load.at_full_speed(web.port, feed, seconds)
        took = wait_until_empty(place) - started
    entries = place.database.ask("SELECT count(*) FROM entries WHERE shop_id = %s", shop_id)
    codes = place.database.ask("SELECT count(*) FROM redemptions WHERE shop_id = %s", shop_id)
    rate = entries / took
    return Line(
        "orders a second, webhook in to ledger committed",
        f"{rate:,.0f}/s",
        f"≥ {ORDERS_A_SECOND:,}/s",
        rate >= ORDERS_A_SECOND,
        f"{entries} orders of {CUSTOMERS} customers in {took:.1f} s, {seconds:.0f} s of it under full load;"
        f" {codes} codes and as many mails written down with them",
        {"rate": rate, "entries": entries, "codes": codes, "seconds": took, "acknowledged": burst.answered},
    )


def fill_inbox(url: str, domain: str, example: Example, count: int, customers: int) -> None:
    """Distinct orders, stored as the intake stores them."""
    pack = zstandard.ZstdCompressor(level=1)
    now = datetime.now(UTC)
    with psycopg.connect(url, autocommit=True, options="-c suki.scope=intake") as conn:
        for first in range(0, count, AT_ONCE):
            batch = []
            for number in range(first, min(first + AT_ONCE, count)):
                body = pack.compress(example.body(number, number * 7919 % customers))
                batch.append(Arrival(domain, f"backlog-{number}", orders.TOPIC, "", "2026-10", now, body))
            deliveries.record(conn, batch, [], now)


def backlogs(place: Place, count: int = BACKLOG, workers: int = 1) -> list[Line]:
    """Side by side: Shopify's example, and the same order when it says nothing that contradicts itself."""
    return [backlog(place, example, what, count, workers) for what, example in kinds().items()]


def kinds() -> dict[str, Example]:
    """Orders too old to bring a code or a mail, by what they are."""
    return {"example": old(), "plain": old(**orders.NOTHING_OPEN)}


def backlog(place: Place, example: Example, what: str, count: int = BACKLOG, workers: int = 1) -> Line:
    """A full inbox, then the worker; the clock runs from its first batch."""
    domain = f"backlog-{what}-{workers}.myshopify.com"
    shop_id = place.shop(domain)
    fill_inbox(place.database.url, domain, example, count, CUSTOMERS)
    place.database.run("ANALYZE inbox, deliveries")
    with ExitStack() as stack:
        names = [f"worker-{number}" for number in range(workers)]
        children = [stack.enter_context(place.running(name, "plugin.cli", "worker")) for name in names]
        started, left = _when_begun(place, count)
        before = _used(place, children)
        took = wait_until_empty(place) - started
        ours, database = ((after - first) / left for first, after in zip(before, _used(place, children), strict=True))
    rate = left / took
    entries = place.database.ask("SELECT count(*) FROM entries WHERE shop_id = %s", shop_id)
    return Line(
        f"draining a backlog of {count:,}, {what} orders",
        f"{rate:,.0f}/s",
        f"≥ {DRAINED_A_SECOND:,}/s",
        rate >= DRAINED_A_SECOND and entries == count,
        f"{workers} `suki worker`; {entries} orders in the ledger after {took:.1f} s; processor time for one order:"
        f" worker {ours * 1e6:.0f} µs, PostgreSQL {database * 1e6:.0f} µs",
        {"rate": rate, "entries": entries, "seconds": took, "workers": workers}
        | {"worker_seconds": ours, "postgres_seconds": database},
    )


def _used(place: Place, workers: Sequence[Child]) -> tuple[float, float]:
    """Seconds of the processors that the workers and PostgreSQL have used so far."""
    return processor_seconds(*(worker.process.pid for worker in workers)), processor_seconds(place.postgres())


def _when_begun(place: Place, count: int) -> tuple[float, int]:
    """When the worker had done its first batch, and how many were left then."""
    left = count

    def begun() -> bool:
        nonlocal left
        left = int(ask("SELECT count(*) FROM inbox"))
        return left < count

    with place.database.asking() as ask:
        return wait_until(begun, "the worker begins", PATIENCE_SECONDS, every_seconds=0.01), left


def rules_alone(example: Example, seconds: float = 2.0) -> list[Line]:
    """No database: what the rules make of an order, and what reading its payload takes."""
    body = example.body(1, 1)
    read = _per_second(lambda: order_view(json_text.read(body)), seconds)
    return [
        *(_judged(what, order_view(json_text.read(one.body(1, 1))), seconds) for what, one in kinds().items()),
        _judged("refunded", _given_back(order_view(json_text.read(body))), seconds),
        Line("order payloads read a second", f"{read:,.0f}/s", numbers={"rate": read}),
    ]


def _judged(what: str, view: OrderView, seconds: float) -> Line:
    programme = Programme()

    def judge() -> None:
        result = earning.deserved(view, programme, Snapshot(1), {})
        settle(result.points, 1, {})

    rate = _per_second(judge, seconds)
    return Line(f"{what} orders settled a second by the rules alone", f"{rate:,.0f}/s", numbers={"rate": rate})


def _given_back(view: OrderView) -> OrderView:
    """Such an order is weighed in fractions."""
    line = view.lines[0]
    rows = (RefundLine(line.id, 1, line.price_minor, 0),)
    return replace(view, refunds=(Refund(1, rows, moved=None),), financial_status="partially_refunded")


def _per_second(step: Callable[[], object], seconds: float) -> float:
    ended = (started := time.perf_counter()) + seconds
    count = 0
    while time.perf_counter() < ended:
        for _ in range(100):
            step()
        count += 100
    return count / (time.perf_counter() - started)


def old(days: int = 30, **otherwise: Any) -> Example:
    """Orders too old to bring a code or a mail; `otherwise` are fields that are different in them."""
    return orders.example(timedelta(days=days), **otherwise)
