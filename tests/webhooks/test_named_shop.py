"""Only bodies are signed: a delivery whose body names another shop than its header does nothing at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import zstandard
from prometheus_client import REGISTRY
from sqlalchemy import Engine

from plugin.errors import BadPayload
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import deliveries
from plugin.store.work.deliveries import Arrival, Delivery
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow, TestDatabase
from webhooks.inbox import ATTEMPTS, process_waiting
from webhooks.named_shop import MISSING, OTHER, REFUSAL, SAME, UNKNOWN, sort_out, verdict
from webhooks.topics import COMPLIANCE, SUBSCRIBED

NOW = datetime.now(UTC) + timedelta(hours=1)
"""The database puts the moment into the inbox itself."""
NUMBER, OTHERS = 548380009, 954889
STATUS = "https://shop.example/{}/orders/0a1b/authenticate?key=1"
NAMED = {
    **dict.fromkeys(COMPLIANCE, {"shop_id": NUMBER, "shop_domain": "demo.myshopify.com"}),
    **dict.fromkeys(("app/uninstalled", "shop/update"), {"id": NUMBER, "myshopify_domain": "demo.myshopify.com"}),
    "app/scopes_update": {"id": 1, "shop_id": f"gid://shopify/Shop/{NUMBER}"},
    **dict.fromkeys(
        ("orders/create", "orders/paid", "orders/updated", "orders/cancelled"),
        {"id": 1, "order_status_url": STATUS.format(NUMBER)},
    ),
}
"""What Shopify's own examples name, by topic."""
ELSEWHERE: dict[str, Any] = {
    "shop_id": OTHERS,
    "shop_domain": "other.myshopify.com",
    "myshopify_domain": "other.myshopify.com",
    "order_status_url": STATUS.format(OTHERS),
}


def demo(number: int | None = NUMBER) -> Shop:
    return Shop(1, "demo.myshopify.com", "installed", "", "", "USD", "UTC", "en", {}, {}, (), False, NOW, None, number)


def said(topic: str, payload: Any, shop: Shop | None = None) -> str:
    return verdict(shop or demo(), topic, payload)


@pytest.mark.parametrize("topic", NAMED)
def test_what_shopify_names_is_compared_place_by_place(topic: str) -> None:
    assert said(topic, NAMED[topic]) == SAME
    for key in set(NAMED[topic]) - ({"id"} if topic not in ("app/uninstalled", "shop/update") else set()):
        foreign = {"id": OTHERS, **ELSEWHERE}[key]
        assert said(topic, {**NAMED[topic], key: foreign}) == OTHER
        assert said(topic, {key: foreign}) == OTHER


@pytest.mark.parametrize("topic", sorted(SUBSCRIBED))
@pytest.mark.parametrize(("key", "value"), ELSEWHERE.items())
def test_a_body_of_another_shop_fits_no_topic(topic: str, key: str, value: Any) -> None:
    assert said(topic, {key: value}) == OTHER
    assert said(topic, {"id": NUMBER, "shop_domain": "demo.myshopify.com", key: value}) == OTHER


@pytest.mark.parametrize("topic", sorted(SUBSCRIBED))
@pytest.mark.parametrize("empty", [None, ""])
def test_a_body_that_names_nobody_is_told_apart(topic: str, empty: Any) -> None:
    assert said(topic, {}) == MISSING
    assert said(topic, {"shop_domain": empty, "myshopify_domain": empty, "order_status_url": empty}) == MISSING


@pytest.mark.parametrize(
    "address",
    [
        "https://demo.myshopify.com/548380009/orders/1/authenticate?key=a",
        "https://kape.example/548380009/orders/1",
        "https://shopify.com/548380009/account/orders/1?locale=fil",
        "https://kape.example/fil/548380009/orders/1",
        "https://kape.example/pt-BR/548380009/orders/1",
        "http://127.0.0.1:8310/548380009/orders/1",
    ],
)
def test_the_number_is_found_in_every_form_of_an_orders_address(address: str) -> None:
    assert said("orders/paid", {"order_status_url": address}) == SAME
    assert said("orders/paid", {"order_status_url": address.replace("548380009", "548380008")}) == OTHER


@pytest.mark.parametrize(
    "address",
    ["https://kape.example/orders/1", "https://kape.example/x?next=/954889/orders/1", "/954889/orders/1", 7, ["a"], {}],
)
def test_an_address_without_a_number_names_nobody(address: Any) -> None:
    assert said("orders/paid", {"order_status_url": address}) == MISSING


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "x", "gid://shopify/Shop/", [NUMBER], {"id": NUMBER}, 10**15])
def test_a_number_that_is_not_this_shops_is_another_ones_however_odd(number: Any) -> None:
    assert said("shop/redact", {"shop_id": number, "shop_domain": "demo.myshopify.com"}) == OTHER


@pytest.mark.parametrize(
    "domain", ["{shop}.myshopify.com", ["demo.myshopify.com"], 7, "demo.myshopify.com.evil.example"]
)
def test_a_domain_that_is_not_this_shops_is_another_ones_however_odd(domain: Any) -> None:
    assert said("shop/redact", {"shop_domain": domain}) == OTHER


def test_a_shop_whose_number_is_not_known_yet_is_known_by_its_domain() -> None:
    fresh = demo(None)
    assert said("shop/redact", NAMED["shop/redact"], fresh) == SAME
    assert said("shop/redact", {**NAMED["shop/redact"], "shop_domain": "other.myshopify.com"}, fresh) == OTHER
    assert said("orders/paid", NAMED["orders/paid"], fresh) == UNKNOWN
    assert said("shop/update", {"myshopify_domain": " Demo.MyShopify.com"}, fresh) == SAME


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"1", b'"{}"', b"{", b"\xff", b"e30.e30", b"{" * 2000])
def test_a_body_that_is_no_object_is_unreadable_and_stops_no_other(body: bytes) -> None:
    batch = [Delivery(n, f"w{n}", topic, NOW, body) for n, topic in enumerate(sorted(SUBSCRIBED), 1)]
    told = sort_out(demo(), [*batch, Delivery(99, "w", "orders/delete", NOW, b'{"id":1}')])
    assert ([one.id for one in told.ours], told.refused) == ([99], [])
    assert {type(error) for error in told.unreadable.values()} == {BadPayload}
    assert set(told.unreadable) == {one.id for one in batch}


def arrive(database: TestDatabase, shop: ShopRow, *sent: tuple[str, Any]) -> None:
    """Store deliveries as the intake does; the webhook id is the place."""
    pack = zstandard.ZstdCompressor().compress
    bodies = [payload if isinstance(payload, bytes) else payloads.dumps(payload) for _, payload in sent]
    arrivals = [
        Arrival(shop.domain, f"w{place}", topic, "", "2026-10", NOW, pack(body))
        for place, ((topic, _), body) in enumerate(zip(sent, bodies, strict=True))
    ]
    with psycopg.connect(database.url, autocommit=True) as conn:
        conn.execute("SET suki.scope = 'intake'")
        deliveries.record(conn, arrivals, list(COMPLIANCE), NOW - timedelta(seconds=1))


def number_kept(engine: Engine, shop: ShopRow, number: int | None = NUMBER) -> None:
    with system_transaction(engine) as conn:
        shops.describe(conn, shop.id, {"shopify_id": number})


def inbox(engine: Engine, shop: ShopRow) -> list[tuple[str, str, int, str, bytes]]:
    """(webhook id, state, attempts, error, body) of what is not processed."""
    unpack = zstandard.ZstdDecompressor().decompress
    with shop_transaction(engine, shop.id) as conn:
        rows = conn.exec_driver_sql(
            "SELECT d.webhook_id, i.state, i.attempts, i.last_error, d.body FROM inbox i JOIN deliveries d"
            " ON d.id = i.delivery_id ORDER BY d.id"
        )
        return [(*row[:4], unpack(row[4], 2**20)) for row in rows]


def counted(engine: Engine, shop: ShopRow, table: str) -> int:
    with shop_transaction(engine, shop.id) as conn:
        return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def seen(name: str, topic: str, outcome: str) -> float:
    return REGISTRY.get_sample_value(name, {"topic": topic, "outcome": outcome}) or 0.0


def test_a_foreign_delivery_is_refused_for_good_and_its_neighbours_are_processed(
    engine: Engine, database: TestDatabase, shop: ShopRow
) -> None:
    start_programme(engine, shop.id, Programme())
    number_kept(engine, shop)
    before = (
        seen("suki_deliveries_total", "orders/paid", "refused"),
        seen("suki_named_shop_total", "orders/paid", OTHER),
    )
    arrive(
        database,
        shop,
        ("orders/paid", payloads.order(1, order_status_url=STATUS.format(NUMBER))),
        ("orders/paid", payloads.order(2, order_status_url=STATUS.format(OTHERS))),
        ("orders/paid", b'{"id": 3'),
        ("orders/paid", payloads.order(4)),
    )
    assert process_waiting(engine, lambda: NOW) == 4
    after = seen("suki_deliveries_total", "orders/paid", "refused"), seen("suki_named_shop_total", "orders/paid", OTHER)
    assert after == (before[0] + 1, before[1] + 1)
    assert inbox(engine, shop) == [
        ("w1", "refused", 1, REFUSAL, b"{}"),
        ("w2", "new", 1, "the body is not JSON", b'{"id": 3'),
    ]
    with shop_transaction(engine, shop.id) as conn:
        found = conn.exec_driver_sql("SELECT order_id FROM order_views ORDER BY order_id").scalars().all()
    assert found == [1, 4]
    for hours in range(1, ATTEMPTS):
        assert process_waiting(engine, lambda hours=hours: NOW + timedelta(hours=hours)) == 1  # type: ignore[misc]
    assert [row[:3] for row in inbox(engine, shop)] == [("w1", "refused", 1), ("w2", "failed", ATTEMPTS)]


def test_a_refused_delivery_cannot_be_tried_again(engine: Engine, database: TestDatabase, shop: ShopRow) -> None:
    number_kept(engine, shop)
    arrive(database, shop, ("shop/redact", {"shop_id": OTHERS}))
    process_waiting(engine, lambda: NOW)
    with shop_transaction(engine, shop.id) as conn:
        (key,) = conn.exec_driver_sql("SELECT delivery_id FROM inbox").scalars().all()
        assert deliveries.retry(conn, shop.id, [key], NOW) == 0
    assert [row[1] for row in inbox(engine, shop)] == ["refused"]


@pytest.mark.parametrize("topic", sorted(SUBSCRIBED))
def test_nothing_at_all_follows_from_another_shops_body(
    engine: Engine, database: TestDatabase, shop: ShopRow, topic: str
) -> None:
    number_kept(engine, shop)
    customer = payloads.customer()
    foreign = {**payloads.order(), **customer, "customer": customer, "currency": "JPY", "name": "Taken", "current": []}
    arrive(database, shop, (topic, {**foreign, "shop_domain": "other.myshopify.com"}))
    with system_transaction(engine) as conn:
        before = shops.get(conn, shop.id)
    process_waiting(engine, lambda: NOW)
    with system_transaction(engine) as conn:
        assert shops.get(conn, shop.id) == before
    tables = ("members", "order_views", "entries", "jobs", "privacy_requests", "messages")
    assert {table: counted(engine, shop, table) for table in tables} == dict.fromkeys(tables, 0)
    assert [row[1] for row in inbox(engine, shop)] == ["refused"]
