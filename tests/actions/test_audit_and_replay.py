"""The audit finds what does not agree; the replay rebuilds the same ledger from the deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Engine

from plugin.actions.points.audit import audit
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import events_of_one_order, start_programme
from webhooks.inbox import process_waiting
from webhooks.replay import compare

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def busy_shop(engine: Engine, shop: object) -> int:
    shop_id = start_programme(engine, shop.id, Programme(welcome_points=25))  # type: ignore[attr-defined]
    events = [
        ("customers/create", payloads.customer(7)),
        *events_of_one_order(),
        ("orders/paid", payloads.order(2, customer=None, email="guest@example.com")),
        ("orders/paid", payloads.order(3, customer=payloads.customer(9, email="b@example.com"), email="")),
        ("customers/create", payloads.customer(8, email="guest@example.com")),
        ("orders/paid", b"not json"),
        ("customers/merge", merge(kept=7, removed=9)),
        ("orders/delete", {"id": 2}),
    ]
    for number, (topic, payload) in enumerate(events):
        body = payload if isinstance(payload, bytes) else payloads.dumps(payload)
        with shop_transaction(engine, shop_id) as conn:
            deliveries.add(conn, shop_id, f"w{number}", topic, NOW + timedelta(seconds=number), body)
    while process_waiting(engine, lambda: datetime.now(UTC), limit=4):
        pass
    return shop_id


def merge(kept: int, removed: int) -> dict[str, str]:
    return {
        "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept}",
        "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{removed}",
    }


def test_the_ledger_agrees_and_can_be_rebuilt(engine: Engine, busy_shop: int, database: object) -> None:
    assert audit(engine) == []
    assert compare(engine, database.url) == []  # type: ignore[attr-defined]


def test_a_changed_balance_and_a_changed_lot_are_found(engine: Engine, busy_shop: int, database: object) -> None:
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:  # type: ignore[attr-defined]
        keeper.execute("UPDATE members SET balance = balance + 1 WHERE customer_id = 7")
        keeper.execute(
            "UPDATE lots SET points_left = points_left - 1 WHERE id = (SELECT max(id) FROM lots WHERE points_left > 0)"
        )
    found = audit(engine)
    assert any("entries say" in words for words in found)
    assert any("its draws leave" in words for words in found)


def test_a_bad_delivery_is_kept_and_the_others_are_settled(engine: Engine, busy_shop: int) -> None:
    with shop_transaction(engine, busy_shop) as conn:
        kept = conn.exec_driver_sql("SELECT attempts, last_error FROM inbox").fetchall()
    assert kept == [(1, "the body is not JSON")]


def test_a_missing_delivery_shows_in_the_replay(engine: Engine, busy_shop: int, database: object) -> None:
    with shop_transaction(engine, busy_shop) as conn:
        conn.exec_driver_sql("DELETE FROM deliveries WHERE webhook_id = 'w8'")
    assert [words.partition(": ")[2] for words in compare(engine, database.url)] == [  # type: ignore[attr-defined]
        "order:3: 49 points, rebuilt 0",
        "customer 7: 120 points, rebuilt 71",
    ]
