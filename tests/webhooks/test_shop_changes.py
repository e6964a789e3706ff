"""shop/update, app/scopes_update and app/uninstalled are followed, or refused as a whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.errors import BadPayload
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work.deliveries import Delivery
from tests import payloads
from tests.conftest import ShopRow
from webhooks import customers, lifecycle

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
UPDATE = {"name": "Kape", "email": "new@example.com", "currency": "PHP", "iana_timezone": "Asia/Manila"}


def told(engine: Engine, shop: ShopRow, topic: str, payload: object) -> Shop:
    body = payload if isinstance(payload, bytes) else payloads.dumps(payload)
    with shop_transaction(engine, shop.id) as conn:
        known = shops.get(conn, shop.id)
        lifecycle.apply(conn, known, Delivery(1, "w", topic, NOW, body), NOW + timedelta(seconds=1))
    with system_transaction(engine) as conn:
        return shops.get(conn, shop.id)


def test_a_shop_takes_over_what_its_owner_changed(engine: Engine, shop: ShopRow) -> None:
    after = told(engine, shop, "shop/update", UPDATE)
    assert (after.name, after.email, after.currency, after.timezone) == tuple(UPDATE.values())


@pytest.mark.parametrize("zone", ["Mars/Phobos", "America", "../etc/passwd", "/etc/localtime", 8, "\x00"])
def test_a_time_zone_that_nobody_knows_is_named_and_the_shop_keeps_its_own(
    engine: Engine, shop: ShopRow, zone: Any
) -> None:
    told(engine, shop, "shop/update", UPDATE)
    after = told(engine, shop, "shop/update", UPDATE | {"name": "Tsaa", "iana_timezone": zone})
    assert (after.name, after.timezone) == ("Tsaa", "Asia/Manila")
    assert after.unknown_zone == str(zone).replace("\x00", "�")  # as every text from outside
    assert told(engine, shop, "shop/update", UPDATE).unknown_zone == ""


def test_a_stored_zone_that_this_machine_does_not_know_is_utc(engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE shops SET timezone = 'Mars/Phobos'")
        found = shops.get(conn, shop.id)
    assert (found.timezone, found.unknown_zone, found.zone.key) == ("UTC", "Mars/Phobos", "UTC")
    assert found.day(NOW) == NOW.date()


@pytest.mark.parametrize("zone", ["", None])
def test_a_time_zone_that_is_left_out_stays_as_it_was(engine: Engine, shop: ShopRow, zone: Any) -> None:
    """Shopify's own example leaves it out."""
    assert told(engine, shop, "shop/update", UPDATE | {"iana_timezone": zone}).timezone == "UTC"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"\xff"])
@pytest.mark.parametrize("topic", ["shop/update", "app/scopes_update"])
def test_a_body_that_says_nothing_is_refused(engine: Engine, shop: ShopRow, topic: str, body: bytes) -> None:
    with pytest.raises(BadPayload):
        told(engine, shop, topic, body)


def test_scopes_are_taken_over(engine: Engine, shop: ShopRow) -> None:
    assert told(engine, shop, "app/scopes_update", {"current": ["b", "a", "a"]}).scopes == ("a", "b")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"eyJhbGciOiJIUzI1NiJ9.e30", b" {}\xff"])
def test_a_body_that_says_nothing_removes_no_app(engine: Engine, shop: ShopRow, body: bytes) -> None:
    with pytest.raises(BadPayload):
        told(engine, shop, "app/uninstalled", body)
    assert (state_of(engine, shop), waiting(engine, shop)) == ("installed", [])


@pytest.mark.parametrize(
    "body", [{}, {"id": None, "myshopify_domain": None}, {"myshopify_domain": "demo.myshopify.com"}]
)
def test_that_the_app_was_removed_is_asked_before_anything_is_done(
    engine: Engine, shop: ShopRow, body: dict[str, object]
) -> None:
    assert told(engine, shop, "app/uninstalled", body).state == "installed"
    assert waiting(engine, shop) == [("leaving", "app/uninstalled")]


def state_of(engine: Engine, shop: ShopRow) -> str:
    with system_transaction(engine) as conn:
        return shops.get(conn, shop.id).state


def waiting(engine: Engine, shop: ShopRow) -> list[tuple[str, str]]:
    with shop_transaction(engine, shop.id) as conn:
        return [(row[0], row[1]) for row in conn.exec_driver_sql("SELECT kind, subject FROM jobs")]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("customer.tags_added", {"customerId": "gid://shopify/Customer/x", "tags": [], "occurredAt": "2026-11-20"}),
        ("customer.tags_added", {"customerId": "gid://shopify/Customer/1", "occurredAt": "2026-11-20"}),
        ("customer.tags_removed", {"customerId": "gid://shopify/Customer/1", "tags": None, "occurredAt": "2026-11-20"}),
        ("customer.tags_removed", {"customerId": "gid://shopify/Customer/1", "tags": ["a"], "occurredAt": "soon"}),
        ("customers_email_marketing_consent/update", {"customer_id": 1, "email_marketing_consent": None}),
        ("customers_email_marketing_consent/update", {"email_marketing_consent": {"state": "subscribed"}}),
        ("customers_email_marketing_consent/update", []),
    ],
)
def test_a_change_of_tags_or_consent_that_cannot_be_read_is_refused(topic: str, payload: object) -> None:
    with pytest.raises(BadPayload):
        customers.customer(topic, payloads.dumps(payload))
