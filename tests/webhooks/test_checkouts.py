"""What Shopify says of a checkout, read at the door."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
import pytest

from plugin.errors import BadPayload
from plugin.rules.mailings.checkout_left import MOST_LINES, CheckoutGone, CheckoutSeen, checked_link
from plugin.rules.privacy.about import about_whom
from tests.conformance import examples
from tests.webhooks.test_named_shop import NUMBER, OTHERS, said
from webhooks.checkouts.payload import checkout
from webhooks.named_shop import OTHER, SAME
from webhooks.topics import CHECKOUTS, SUBSCRIBED, TAKEN

NEWEST = examples.versions()[-1]


def example(topic: str) -> dict[str, Any]:
    """Shopify's own."""
    return dict(examples.about(topic, NEWEST)["response"])


def read(payload: Mapping[str, Any]) -> CheckoutSeen:
    found = checkout("checkouts/update", orjson.dumps(payload))
    assert isinstance(found, CheckoutSeen)
    return found


def test_only_shops_that_ask_are_sent_them() -> None:
    assert set(CHECKOUTS) & SUBSCRIBED == set()
    assert SUBSCRIBED | set(CHECKOUTS) == TAKEN
    assert all(examples.about(topic, NEWEST)["access_scopes"] == ["orders"] for topic in CHECKOUTS)


def test_shopifys_own_example_is_read() -> None:
    found = read(example("checkouts/create"))
    assert (found.token, found.cart_token) == ("123123123", "eeafa272cebfd4b22385bc4b645e762c")
    assert (found.currency, found.prices_known, found.subtotal) == ("USD", True, Decimal("398.00"))
    assert [(line.title, line.variant, line.quantity, line.price) for line in found.lines] == [
        ("IPod Nano - 8GB", "Pink", 1, Decimal("199.00"))
    ] * 2
    assert (found.more_lines, found.ended) == (0, False)
    assert found.url.endswith("/548380009/checkouts/123123123/recover?key=example-secret-token")


def test_a_deleted_checkout_names_its_cart_only() -> None:
    body = orjson.dumps(example("checkouts/delete"))
    assert checkout("checkouts/delete", body) == CheckoutGone("eeafa272cebfd4b22385bc4b645e762c")


@pytest.mark.parametrize("ends", ["completed_at", "closed_at"])
def test_what_was_paid_or_closed_has_ended(ends: str) -> None:
    assert read({**example("checkouts/update"), ends: "2026-11-01T10:00:00Z"}).ended


def test_another_currency_that_the_buyer_saw_leaves_the_prices_unknown() -> None:
    assert not read({**example("checkouts/update"), "presentment_currency": "EUR"}).prices_known


def test_of_many_lines_some_are_kept_and_the_rest_counted() -> None:
    payload = example("checkouts/update")
    found = read({**payload, "line_items": payload["line_items"][:1] * 500})
    assert (len(found.lines), found.more_lines) == (MOST_LINES, 500 - MOST_LINES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": ""},
        {"token": None},
        {"currency": "dollars"},
        {"created_at": "yesterday"},
        {"subtotal_price": "-1.00"},
        {"subtotal_price": "1e99"},
        {"line_items": [{"price": "1.00"}]},
        {"line_items": [{"quantity": -1, "price": "1.00"}]},
        {"line_items": [{"quantity": 1, "price": "NaN"}]},
    ],
)
def test_what_cannot_be_read_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        read({**example("checkouts/update"), **wrong})


def test_what_is_not_needed_never_fails_it() -> None:
    odd = {"customer": 5, "discount_codes": "x", "email": None, "customer_locale": 7, "abandoned_checkout_url": 3}
    found = read({**example("checkouts/update"), **odd})
    assert (found.customer_id, found.email, found.codes) == (None, "", ())


def test_the_number_in_its_address_says_whose_it_is() -> None:
    address = "https://checkout.shopify.com/{}/checkouts/1/recover?key=2"
    assert said("checkouts/update", {"token": "1", "abandoned_checkout_url": address.format(NUMBER)}) == SAME
    assert said("checkouts/update", {"token": "1", "abandoned_checkout_url": address.format(OTHERS)}) == OTHER


def test_a_checkout_is_about_its_customer_else_about_the_address_that_was_typed() -> None:
    assert about_whom("checkouts/update", {"email": "a@example.com", "customer": {"id": 7}}).customers == (7,)
    assert about_whom("checkouts/update", {"email": "A@example.com"}).emails == {"a@example.com"}


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://shop.example/1/checkouts/2", True),
        ("https://demo.myshopify.com/1/checkouts/2", True),
        ("https://checkout.shopify.com/1/checkouts/2", True),
        ("http://shop.example/1/checkouts/2", False),
        ("https://shop.example.evil.test/", False),
        ("https://shop.example@evil.test/", False),
        ("https://shop.example:8443/", False),
        ("https://shop.example\\.evil.test/", False),
        ("javascript:alert(1)", False),
        ("https://[::1/", False),
        ("", False),
    ],
)
def test_a_link_leads_to_the_shop_or_to_shopify_or_nowhere(address: str, is_good: bool) -> None:
    assert checked_link(address, ("https://shop.example", "demo.myshopify.com")) == (address if is_good else "")
