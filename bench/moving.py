"""Moving in: a file of members looked at and carried out, and past orders foreseen and counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from bench import orders as orders_of
from bench.place import Place
from bench.processing import CUSTOMERS, fill_inbox, old
from bench.table import Line
from plugin.actions.imports import carry_out_file, check_file, upload_file
from plugin.actions.orders import past_orders
from plugin.actions.work.steps import in_steps
from plugin.store.database.db import shop_transaction
from plugin.store.orders import past_runs
from plugin.store.shops import shops
from webhooks.inbox import BATCH, process_shop

LINES, MOST_SECONDS = 100_000, 60
ORDERS, LEAST_A_SECOND = 10_000, 1_500


def measure(place: Place, lines: int = LINES, orders: int = ORDERS) -> list[Line]:
    """One file and one run over past orders."""
    return [_file(place, lines), _past(place, orders)]


def _file(place: Place, lines: int) -> Line:
    shop_id, engine = place.shop("moving.myshopify.com"), place.database.engine
    rows = (f"p{at}@example.com,P{at},Q,{at % 5000},{at % 12 + 1:02}/{at % 28 + 1:02},K{at:06}" for at in range(lines))
    heading = "Email address,First name,Last name,Current points balance,Birthday,Referral link"
    content = "\n".join([heading, *rows]).encode()
    now = datetime.now(UTC)
    started = time.perf_counter()
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        number = upload_file.upload(conn, shop, "bench.csv", content, "", now, shown=False, actor="staff:1")
    uploaded = time.perf_counter() - started
    in_steps(engine, shop_id, lambda conn, _: check_file.step(conn, shop, number, now, b""), 1)
    checked = time.perf_counter() - started
    with shop_transaction(engine, shop_id) as conn:
        carry_out_file.carry_out(conn, shop, number, "staff:1", now)
    in_steps(engine, shop_id, lambda conn, _: carry_out_file.step(conn, shop, number, "staff:1", now), 1)
    seconds = time.perf_counter() - started
    done = place.database.ask("SELECT count(*) FROM members WHERE shop_id = %s AND balance >= 0", shop_id)
    if done != lines:
        raise RuntimeError(f"{done:,} members of {lines:,}")
    return Line(
        f"a file of {lines:,} members, from upload to the last line",
        f"{seconds:.0f} s",
        f"≤ {MOST_SECONDS * lines / LINES:.0f} s",
        seconds <= MOST_SECONDS * lines / LINES,
        f"uploaded in {uploaded:.1f} s, looked at by {checked:.0f} s; points, names, birthdays and codes",
        {"seconds": seconds, "uploaded": uploaded, "checked": checked, "lines": lines},
    )


def _past(place: Place, count: int) -> Line:
    domain = "past.myshopify.com"
    shop_id, engine = place.shop(domain), place.database.engine
    now = datetime.now(UTC)
    place.database.run(f"UPDATE shops SET launched_at = now(), settings = settings || "
                       f"jsonb_build_object('counts_from', now()::text) WHERE id = {shop_id}")  # fmt: skip
    fill_inbox(place.database.url, domain, old(**orders_of.NOTHING_OPEN), count, CUSTOMERS)
    started = time.perf_counter()
    while process_shop(engine, shop_id, datetime.now(UTC), BATCH):
        pass
    stored = time.perf_counter() - started
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        run_id = past_orders.plan(conn, shop, now - timedelta(days=9999), now, "now", "staff:1", now)
        rows = conn.exec_driver_sql(
            "SELECT order_id, placed_at FROM order_views WHERE shop_id = %(id)s", {"id": shop_id}
        )
        past_runs.add_orders(conn, shop_id, run_id, [(row[0], row[1], False) for row in rows])
        past_runs.change(conn, shop_id, run_id, state="foreseeing")
    started = time.perf_counter()
    _steps(engine, shop_id, lambda conn, most: past_orders.foresee_step(conn, shop, run_id, now, most))
    foreseen = time.perf_counter() - started
    with shop_transaction(engine, shop_id) as conn:
        past_orders.confirm(conn, shop, run_id, "staff:1", now)
    started = time.perf_counter()
    _steps(engine, shop_id, lambda conn, most: past_orders.count_step(conn, shop, run_id, now, most))
    counted = time.perf_counter() - started
    with shop_transaction(engine, shop_id) as conn:
        run = past_runs.get(conn, shop_id, run_id)
    if run is None or run.state != "done" or run.totals["posted"] <= 0 or run.totals["done"] != count:
        raise RuntimeError(f"not everything was counted: {run and run.totals}")
    return Line(
        f"{count:,} past orders counted",
        f"{count / counted:,.0f} a second",
        f"≥ {LEAST_A_SECOND:,} a second",
        count / counted >= LEAST_A_SECOND,
        f"stored at {count / stored:,.0f} a second, foreseen at {count / foreseen:,.0f}; together"
        f" {count / (stored + foreseen + counted):,.0f}; reading them is Shopify's pace",
        {"stored": stored, "foreseen": foreseen, "counted": counted, "orders": count},
    )


def _steps(engine: Engine, shop_id: int, step: Callable[[Connection, int], int]) -> None:
    in_steps(engine, shop_id, step, past_orders.ORDERS)
