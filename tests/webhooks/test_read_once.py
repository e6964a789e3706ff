"""A body is parsed once, whoever asks what it says; what cannot be read is told as before, and stops no other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from plugin.rules.payloads import json_text
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow
from webhooks import orders
from webhooks.inbox import process_shop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEEP = b'{"id":9,"note":' + b"[" * 200 + b"]" * 200 + b"}"


def arrived(engine: Engine, shop_id: int, *told: tuple[str, bytes]) -> None:
    with shop_transaction(engine, shop_id) as conn:
        for number, (topic, body) in enumerate(told):
            deliveries.add(conn, shop_id, f"w{number}", topic, NOW, body)


def errors(engine: Engine, shop_id: int) -> dict[str, str]:
    """What is said of the deliveries that were not processed, by webhook id."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql(
            "SELECT d.webhook_id, i.last_error FROM inbox i JOIN deliveries d ON d.id = i.delivery_id"
        )
        return dict(tuple(row) for row in rows)


def order(number: int) -> bytes:
    return payloads.dumps(payloads.order(number))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bodies, each time that one is parsed."""
    seen: list[bytes] = []
    loads = json_text._parsed

    def counting(body: bytes) -> Any:
        seen.append(body)
        return loads(body)

    monkeypatch.setattr(json_text, "_parsed", counting)
    return seen


def test_the_body_of_an_order_is_parsed_once(engine: Engine, shop: ShopRow, parsed: list[bytes]) -> None:
    start_programme(engine, shop.id, Programme())
    bodies = [order(number) for number in (1, 2, 3)]
    arrived(engine, shop.id, *(("orders/paid", body) for body in bodies))
    assert process_shop(engine, shop.id, datetime.now(UTC)) == 3
    assert sorted(parsed) == sorted(bodies)


def test_only_an_order_that_cannot_be_read_is_parsed_again_and_its_neighbours_are_not(
    engine: Engine, shop: ShopRow, parsed: list[bytes]
) -> None:
    start_programme(engine, shop.id, Programme())
    good = [order(number) for number in (1, 2, 3)]
    bad = {"no currency": orjson.dumps({"id": 8}), "too deep": DEEP, "no JSON": b"{"}
    arrived(engine, shop.id, *(("orders/paid", body) for body in (*good, *bad.values())))
    assert process_shop(engine, shop.id, datetime.now(UTC)) == 6
    assert errors(engine, shop.id) == {
        "w3": "orders/paid without 'currency'",
        "w4": "the body is nested deeper than 100 levels",
        "w5": "the body is not JSON",
    }
    assert [parsed.count(body) for body in good] == [1, 1, 1]


def test_a_mistake_of_ours_in_one_order_is_kept_with_it_and_stops_no_other(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_programme(engine, shop.id, Programme())
    view = orders.order_view

    def wrong(payload: orders.Json) -> Any:
        return 1 / 0 if payload["id"] == payloads.order(2)["id"] else view(payload)

    monkeypatch.setattr(orders, "order_view", wrong)
    arrived(engine, shop.id, *(("orders/paid", order(number)) for number in (1, 2, 3)))
    assert process_shop(engine, shop.id, datetime.now(UTC)) == 3
    assert errors(engine, shop.id) == {"w1": "ZeroDivisionError: ZeroDivisionError"}
