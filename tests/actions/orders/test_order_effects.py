"""What settled orders call for beside points: here, whose figures in Shopify are brought up to date."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.settle_orders import settle_orders
from plugin.rules.programme import NextOrderCode, Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import by_customers
from plugin.store.shops import shops
from tests import payloads
from tests.actions.orders.test_settle_orders import NOW, start_programme
from webhooks.orders import order as read_order


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    quiet = Programme(next_order_code=NextOrderCode(enabled=False), confirmation="none")
    return start_programme(engine, shop.id, quiet)  # type: ignore[attr-defined]


def hear(engine: Engine, shop_id: int, topic: str, payload: dict[str, object], at: datetime = NOW) -> set[int | None]:
    """The customers whose figures are to be pushed for this delivery."""
    fact = read_order(topic, at, payloads.dumps(payload), "USD")
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        conn.exec_driver_sql("DELETE FROM jobs")
        follow_up(conn, shop, settle_orders(conn, shop, [fact], at), [fact], at)
        found = by_customers(conn, shop_id, [7, 8])
        waiting = conn.exec_driver_sql("SELECT subject FROM jobs WHERE kind = 'push_member'").scalars().all()
        return {key for key, member in found.items() if str(member.id) in waiting}


def test_who_loses_points_with_an_order_is_shown_so_in_shopify(engine: Engine, shop_id: int) -> None:
    assert hear(engine, shop_id, "orders/paid", payloads.order()) == {7}
    assert hear(engine, shop_id, "orders/paid", payloads.order()) == set()
    other = {"customer": payloads.customer(8), "email": "other@example.com"}
    changed = payloads.order(updated_at="2026-11-20T11:00:00+08:00", **other)
    assert hear(engine, shop_id, "orders/updated", changed, NOW + timedelta(seconds=1)) == {7, 8}
    assert hear(engine, shop_id, "orders/delete", {"id": 1}, NOW + timedelta(seconds=2)) == {8}
