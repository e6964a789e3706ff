"""A customer who was merged away is remembered, and says nothing more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.test_audit_and_replay import merge
from tests.conftest import ShopRow
from webhooks.inbox import process_waiting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_late_update_of_a_removed_customer_changes_nothing_of_the_kept_one(engine: Engine, shop: ShopRow) -> None:
    shop_id = start_programme(engine, shop.id, Programme())
    events = [
        ("customers/create", payloads.customer(7)),
        ("customers/create", payloads.customer(9, email="old@example.com", first_name="Old")),
        ("customers/merge", merge(kept=7, removed=9)),
        ("customers/update", payloads.customer(9, email="old@example.com", first_name="Old")),
    ]
    for number, (topic, payload) in enumerate(events):
        with shop_transaction(engine, shop_id) as conn:
            at = NOW + timedelta(seconds=number)
            deliveries.add(conn, shop_id, f"w{number}", topic, at, payloads.dumps(payload))
    while process_waiting(engine, lambda: datetime.now(UTC), limit=1):
        pass
    with shop_transaction(engine, shop_id) as conn:
        kept = members.by_customers(conn, shop_id, [7])[7]
    assert (kept.first_name, kept.email, kept.state) == ("Ana", "ana@example.com", "member")


def test_one_person_is_welcomed_once_however_many_accounts_become_one(engine: Engine, shop: ShopRow) -> None:
    shop_id = start_programme(engine, shop.id, Programme(welcome_points=50))
    events = [
        ("customers/create", payloads.customer(9, email="old@example.com")),
        ("customers/merge", merge(kept=8, removed=9)),  # of 8 nobody has heard: it holds the welcome of 9
        ("customers/create", payloads.customer(7)),
        ("customers/merge", merge(kept=7, removed=8)),
        ("customers/create", payloads.customer(6, email="new@example.com")),
        ("customers/merge", merge(kept=6, removed=7)),
    ]
    for number, (topic, payload) in enumerate(events):
        with shop_transaction(engine, shop_id) as conn:
            at = NOW + timedelta(seconds=number)
            deliveries.add(conn, shop_id, f"w{number}", topic, at, payloads.dumps(payload))
        while process_waiting(engine, lambda: datetime.now(UTC), limit=1):
            pass
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT customer_id, balance FROM members ORDER BY customer_id")
        assert [tuple(row) for row in rows] == [(6, 50), (7, 0), (8, 0), (9, 0)]
