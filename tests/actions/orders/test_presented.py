"""An order that was paid in another currency is told several times, as every order is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugin.actions.orders.order_news import OrderSeen, merge
from plugin.store.orders.orders import StoredOrder
from sandbox.local import Sandbox
from sandbox.options import Options
from sandbox.shop.orders import Wish
from sandbox.webhooks.payloads import order_body
from webhooks.orders import order_view, traces


def test_its_second_delivery_is_compared_with_the_first(tmp_path: Path) -> None:
    box = Sandbox(Options(data_dir=tmp_path))
    shop = box.open_shop("suki-demo", currency="PHP")
    mug = next(iter(shop.product.values()))["variants"][0]["id"]
    order = box.place(shop, Wish(lines=[(mug, 2)], email="jo@example.com", presentment=("JPY", "2.7")))
    body, now = order_body(shop, order), datetime(2026, 11, 23, tzinfo=UTC)
    box.world.close()
    first = OrderSeen(order_view(body), now, traces(body))
    assert first.view.presented_currency == "JPY"
    known = merge(StoredOrder(order["id"]), first)
    assert merge(known, first) is known
    later = merge(known, replace(first, triggered_at=now + timedelta(minutes=1)))
    assert (later.view, later.triggered_at) == (first.view, now + timedelta(minutes=1))
