"""Whom each kind of webhook's body is about, and by what it is found: to the letter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.rules.privacy.about import NOBODY, About, about, about_whom
from plugin.rules.privacy.marks import marks_of

SINCE = "2026-01-02T03:04:05Z"
ACCOUNT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ANA = {"id": 7, "email": " Ana@Example.com ", "phone": "+63 917 123 4567", "created_at": SINCE}
ORDER = {
    "id": 5, "email": "Ana@example.com", "contact_email": "gift@example.com", "phone": "0917 000 0000",
    "shipping_address": {"phone": "0918 000 0000"}, "billing_address": {"phone": "0919 000 0000"},
}  # fmt: skip
OF_THE_ORDER = frozenset({"0917 000 0000", "0918 000 0000", "0919 000 0000"})


@pytest.mark.parametrize("topic", ["orders/create", "suki/order"])
def test_the_first_word_of_an_order_tells_its_account(topic: str) -> None:
    assert about_whom(topic, {**ORDER, "customer": ANA}) == About(
        order_id=5, customers=(7,), emails=frozenset({"gift@example.com"}), phones=frozenset(),
        own_emails=frozenset({"ana@example.com"}), own_phones=frozenset({"+63 917 123 4567"}), account_since=ACCOUNT,
    )  # fmt: skip


@pytest.mark.parametrize("topic", ["orders/paid", "orders/updated", "orders/cancelled"])
def test_a_later_word_of_it_does_not_tell_it_again(topic: str) -> None:
    assert about_whom(topic, {**ORDER, "customer": ANA}) == About(
        order_id=5, customers=(7,), emails=frozenset({"gift@example.com"}), account_since=ACCOUNT
    )


def test_a_guests_order_is_found_by_its_addresses_or_else_by_its_telephones() -> None:
    both = frozenset({"ana@example.com", "gift@example.com"})
    assert about_whom("orders/create", ORDER) == About(order_id=5, emails=both)
    till = {key: value for key, value in ORDER.items() if "email" not in key}
    assert about_whom("orders/create", till) == About(order_id=5, phones=OF_THE_ORDER)
    nameless = {"email": "Ben@example.com", "phone": "1234567"}
    assert about_whom("orders/create", {"id": 5, "customer": nameless}) == About(
        order_id=5, emails=frozenset({"ben@example.com"})
    )
    assert about_whom("orders/create", {"id": 5, "customer": {"phone": "1234567"}}) == About(
        order_id=5, phones=frozenset({"1234567"})
    )


def test_a_telephone_beside_an_account_is_not_asked_whether_there_is_an_address_or_not() -> None:
    """Families share them."""
    called = {"id": 5, "phone": "1234567", "customer": {"id": 7, "phone": "7654321"}}
    assert about_whom("orders/updated", called) == About(order_id=5, customers=(7,))
    assert about_whom("orders/create", called) == About(order_id=5, customers=(7,), own_phones=frozenset({"7654321"}))
    for topic in ("customers/data_request", "customers/redact"):
        assert about_whom(topic, {"customer": {"id": 7, "phone": "7654321"}}) == About(customers=(7,))
        assert about_whom(topic, {"customer": {"email": "a@b.co", "phone": "7654321"}}) == About(
            emails=frozenset({"a@b.co"})
        )


@pytest.mark.parametrize(
    ("topic", "payload", "expected"),
    [
        ("orders/delete", {"id": 5}, About(5)), ("orders/edited", {"order_edit": {"order_id": 5}}, About(5)),
        ("refunds/create", {"id": 9, "order_id": 5}, About(5)), ("orders/delete", {"id": "x"}, NOBODY),
        ("orders/edited", {"order_edit": 5}, NOBODY),
        ("customers/merge", {"admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7",
                             "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/8"},
         About(customers=(7, 8))),
        ("customer.tags_added", {"customerId": "gid://shopify/Customer/7", "customer_id": 8}, About(customers=(7,))),
        ("customer.tags_removed", {"customerId": 7}, About(customers=(7,))),
        ("customers_email_marketing_consent/update", {"customer_id": 7, "id": 8}, About(customers=(7,))),
        ("customers/create", ANA, About(
            customers=(7,), own_emails=frozenset({"ana@example.com"}), own_phones=frozenset({"+63 917 123 4567"}),
            account_since=ACCOUNT)),
        ("customers/delete", {"id": 7}, About(customers=(7,))),
        ("products/update", {"id": 7, "email": "a@b.co"}, NOBODY), ("app/uninstalled", {"id": 7}, NOBODY),
        ("shop/redact", {"customer": {"id": 7}}, NOBODY),
    ],
)  # fmt: skip
def test_each_topic_names_whom_it_is_about_in_its_own_way(topic: str, payload: dict[str, Any], expected: About) -> None:
    assert about_whom(topic, payload) == expected
    assert about(topic, json.dumps(payload).encode()) == expected


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        (ANA, About(customers=(7,))), ({**ANA, "id": None}, About(emails=frozenset({"ana@example.com"}))),
        ({"phone": "1234567", "email": " "}, About(phones=frozenset({"1234567"}))), ({}, NOBODY), (None, NOBODY),
    ],
)  # fmt: skip
def test_who_asks_is_named_by_the_account_else_the_address_else_the_telephone(
    topic: str, customer: object, expected: About
) -> None:
    assert about_whom(topic, {"customer": customer, "id": 99, "email": "x@y.co"}) == expected


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
def test_what_cannot_be_read_is_about_nobody(body: bytes) -> None:
    assert (
        about("orders/create", body)
        == NOBODY
        == About(None, (), frozenset(), frozenset(), frozenset(), frozenset(), None)
    )


def test_an_order_is_found_by_itself_and_a_person_by_all_that_they_are_called() -> None:
    one = About(5, (7,), frozenset({"a@b.co"}), frozenset({"1234567"}), frozenset({"own@b.co"}), frozenset({"7654321"}))
    assert one.marks(b"key", 3) == marks_of(b"key", 3, (), ["a@b.co"], ["1234567"])
    assert About(customers=(7,)).marks(b"key", 3) == marks_of(b"key", 3, (7,))
    assert one.person(b"key", 3) == marks_of(b"key", 3, (7,), ["a@b.co", "own@b.co"], ["1234567"])
