"""Deliveries lie in parts by month: each in its own, none is ever refused for want of one, none is dropped in use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.work import deliveries, months
from plugin.store.work.deliveries import Arrival
from tests.conftest import ShopRow, TestDatabase

NOW = datetime.now(UTC)
LONG_AGO = date(2001, 5, 1)


def parts(engine: Engine, shop: ShopRow) -> dict[str, str]:
    """In which part each delivery lies, by the webhook's id."""
    with shop_transaction(engine, shop.id) as conn:
        rows = conn.exec_driver_sql("SELECT webhook_id, tableoid::regclass::text FROM deliveries")
        return {row[0]: row[1] for row in rows}


def add(engine: Engine, shop: ShopRow, webhook_id: str, at: datetime) -> None:
    with shop_transaction(engine, shop.id) as conn:
        deliveries.add(conn, shop.id, webhook_id, "orders/paid", at, b"{}")


def made(engine: Engine, now: datetime) -> int:
    with system_transaction(engine) as conn:
        return months.make(conn, "deliveries", now)


@pytest.fixture
def a_month(database: TestDatabase, engine: Engine) -> date:
    """A month of its own, long past, as it will be when it may be dropped; gone after the test."""
    name = f"deliveries_{LONG_AGO:%Y_%m}"
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        keeper.execute("ALTER TABLE deliveries DETACH PARTITION deliveries_first")
        keeper.execute("SELECT suki_make_month('deliveries', %s)", (LONG_AGO,))
        yield LONG_AGO
        keeper.execute(f"DROP TABLE IF EXISTS {name}")
        end = keeper.execute("SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month'").fetchone()
        assert end is not None
        keeper.execute(
            "ALTER TABLE deliveries ATTACH PARTITION deliveries_first"
            f" FOR VALUES FROM (MINVALUE) TO ('{end[0]:%Y-%m-%d} 00:00:00+00')"
        )


def test_what_comes_now_and_what_comes_next_month_lie_apart(engine: Engine, shop: ShopRow) -> None:
    later = (NOW.replace(day=1) + timedelta(days=40)).replace(day=3)
    add(engine, shop, "now", NOW)
    add(engine, shop, "later", later)
    assert parts(engine, shop) == {"now": "deliveries_first", "later": f"deliveries_{later:%Y_%m}"}


def test_a_month_that_nobody_made_is_no_reason_to_refuse_a_webhook(engine: Engine, shop: ShopRow) -> None:
    add(engine, shop, "far", NOW + timedelta(days=1000))
    assert parts(engine, shop) == {"far": "deliveries_other"}
    assert made(engine, NOW + timedelta(days=1000)) == 4
    assert parts(engine, shop) == {"far": "deliveries_other"}
    assert made(engine, NOW + timedelta(days=1000)) == 0


def test_months_are_made_once(engine: Engine) -> None:
    made(engine, NOW)
    assert made(engine, NOW) == 0


def test_a_month_is_dropped_when_every_body_in_it_was_emptied_and_not_before(
    engine: Engine, shop: ShopRow, a_month: date
) -> None:
    add(engine, shop, "old", datetime(2001, 5, 7, tzinfo=UTC))
    assert parts(engine, shop) == {"old": "deliveries_2001_05"}
    with system_transaction(engine) as conn:
        assert months.drop(conn, "deliveries", date(2001, 7, 1)) == []
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE deliveries SET body = '', body_state = 'empty'")
    with system_transaction(engine) as conn:
        assert months.drop(conn, "deliveries", date(2001, 5, 31)) == []
        assert months.drop(conn, "deliveries", date(2001, 6, 1)) == ["deliveries_2001_05"]
    assert parts(engine, shop) == {}


def test_a_young_month_is_not_dropped_even_when_it_is_empty(engine: Engine) -> None:
    made(engine, NOW)
    with system_transaction(engine) as conn:
        assert months.drop(conn, "deliveries", NOW.date() + timedelta(days=400)) == []


def test_the_same_webhook_twice_in_one_commit_and_again_later_is_stored_once(
    database: TestDatabase, engine: Engine, shop: ShopRow
) -> None:
    arrivals = [
        Arrival(shop.domain, webhook_id, "orders/paid", "", "", NOW, b"zstd") for webhook_id in ("b", "a", "b", "c")
    ]
    with psycopg.connect(database.url, autocommit=True, options="-c suki.scope=intake") as conn:
        assert deliveries.record(conn, arrivals, [], NOW) == ({0, 1, 2, 3}, 3)
        assert deliveries.record(conn, arrivals[1:], [], NOW + timedelta(days=40)) == ({0, 1, 2}, 0)
    with shop_transaction(engine, shop.id) as conn:
        rows = conn.exec_driver_sql("SELECT webhook_id FROM deliveries ORDER BY id").scalars().all()
    assert rows == ["b", "a", "c"]
