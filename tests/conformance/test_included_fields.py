"""What `include_fields` leaves of Shopify's own examples is read like the whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from plugin.rules.payloads.kept_fields import BY_TOPIC, CUSTOMER
from plugin.store.shops.shops import Shop
from tests.conformance import examples
from tests.conformance.test_app_toml import APP
from webhooks.customers import customer
from webhooks.named_shop import verdict
from webhooks.orders import order

AT = datetime(2026, 11, 20, tzinfo=UTC)
SHOP = Shop(1, "demo.myshopify.com", "installed", "", "", "USD", "UTC", "en", {}, {}, (), False, AT, None, 548380009)
TRIMMED = {
    topic: tuple(each["include_fields"])
    for each in APP["webhooks"]["subscriptions"]
    if "include_fields" in each
    for topic in each["topics"]
}


def trimmed(payload: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """As Shopify documents it: the named keys, and below a key with a dot those named after it."""
    left: dict[str, Any] = {}
    for field in fields:
        name, _, below = field.partition(".")
        if name in payload and not below:
            left[name] = payload[name]
        elif isinstance(payload.get(name), dict):
            left.setdefault(name, {}).update(trimmed(payload[name], (below,)))
        elif name in payload:
            left[name] = payload[name]
    return left


@pytest.mark.parametrize("topic", TRIMMED)
def test_updated_at_is_always_sent(topic: str) -> None:
    assert "updated_at" in TRIMMED[topic]


@pytest.mark.parametrize("topic", TRIMMED)
def test_every_field_is_in_shopifys_newest_example(topic: str) -> None:
    payload = examples.payloads(topic)[-1][1]
    for field in TRIMMED[topic]:
        name, _, below = field.partition(".")
        assert name in payload, field
        assert not below or name == "customer" and (below in payload[name] or below in CUSTOMER), field


@pytest.mark.parametrize("topic", TRIMMED)
def test_what_is_sent_names_the_same_shop(topic: str) -> None:
    for _, payload in examples.payloads(topic):
        assert verdict(SHOP, topic, trimmed(payload, TRIMMED[topic])) == verdict(SHOP, topic, payload)


@pytest.mark.parametrize("topic", [topic for topic in TRIMMED if topic.startswith("orders/")])
def test_an_order_is_read_alike(topic: str) -> None:
    for version, payload in examples.payloads(topic):
        less = orjson.dumps(trimmed(payload, TRIMMED[topic]))
        assert order(topic, AT, less, "USD") == order(topic, AT, orjson.dumps(payload), "USD"), version


@pytest.mark.parametrize("topic", [topic for topic in TRIMMED if topic.startswith("customers/")])
def test_a_customer_is_read_alike(topic: str) -> None:
    for version, payload in examples.payloads(topic):
        less = orjson.dumps(trimmed(payload, TRIMMED[topic]))
        assert customer(topic, less) == customer(topic, orjson.dumps(payload)), version


def test_what_is_kept_of_an_order_is_sent() -> None:
    newest = examples.payloads("orders/updated")[-1][1]
    sent = {field.partition(".")[0] for field in TRIMMED["orders/updated"]}
    assert {key for key in BY_TOPIC["orders/updated"] if key in newest} <= sent
