"""What is read of a customer, to the last field, and what a refusal may say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.errors import BadPayload
from plugin.rules.types import Buyer
from tests import payloads
from webhooks.customers import ConsentChanged, CustomersMerged, TagsChanged, buyer_of, customer, in_words

SAID: dict[str, Any] = {
    "id": 7,
    "email": " Ana@Example.com ",
    "first_name": "A\x1fna\x80",
    "last_name": "Re\x7fyes\u2029",
    "locale": "fil",
    "created_at": "2026-11-01T00:00:00Z",
    "updated_at": "2026-11-02T00:00:00Z",
    "verified_email": True,
}
READ = Buyer(
    7,
    "Ana@Example.com",
    "Ana",
    "Reyes",
    "fil",
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 11, 2, tzinfo=UTC),
    True,
)


def read(topic: str, payload: object) -> object:
    return customer(topic, payloads.dumps(payload))


def test_every_field_of_a_customer_is_read() -> None:
    assert read("customers/update", SAID) == READ
    assert read("customers/create", {"id": 7}) == Buyer(7)
    assert buyer_of({}, "", "") == Buyer()


@pytest.mark.parametrize(
    ("changes", "email", "verified"),
    [
        ({}, "ana@example.com ", True),
        ({}, "ben@example.com", False),
        ({"verified_email": "true"}, "ana@example.com", False),
        ({"verified_email": False}, "ana@example.com", False),
        ({"email": ""}, "", False),
        ({"email": None}, "", False),
    ],
)
def test_only_the_accounts_own_address_is_proved(changes: dict[str, Any], email: str, verified: bool) -> None:
    assert buyer_of(SAID | changes, email, "").verified is verified


def test_what_is_longer_than_a_column_is_cut() -> None:
    found = buyer_of({"first_name": "a" * 300, "last_name": "b" * 255}, "c" * 400, "d" * 30)
    assert [len(text) for text in (found.first_name, found.last_name, found.email, found.locale)] == [255, 255, 320, 20]


def test_a_merge_tags_and_consents_are_read() -> None:
    merge = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7",
        "admin_graphql_api_customer_deleted_id": 8,
    }
    assert read("customers/merge", merge) == CustomersMerged(7, 8)
    at = datetime(2026, 11, 3, tzinfo=UTC)
    tags = {"customerId": "gid://shopify/Customer/7", "tags": ["VIP ", "x" * 300], "occurredAt": "2026-11-03T00:00:00Z"}
    cut = ("VIP", "x" * 255)
    assert read("customer.tags_added", tags) == TagsChanged(7, cut, (), at)
    assert read("customer.tags_removed", tags) == TagsChanged(7, (), cut, at)
    consent = {
        "customer_id": 7,
        "email_marketing_consent": {"state": " SUBSCRIBED", "consent_updated_at": "2026-11-03"},
    }
    assert read("customers_email_marketing_consent/update", consent) == ConsentChanged(7, "subscribed", at)
    consent["email_marketing_consent"] = {"state": "x" * 50}
    assert read("customers_email_marketing_consent/update", consent) == ConsentChanged(7, "x" * 40, None)


@pytest.mark.parametrize(
    ("topic", "payload", "said"),
    [
        ("customers/merge", {}, "customers/merge without 'admin_graphql_api_customer_kept_id'"),
        ("customers/update", {}, "customers/update without 'id'"),
        ("customers/update", {"id": "Ana O'Hara"}, "customers/update cannot be read: id …"),
        ("customer.tags_added", {"tags": 7}, "customer.tags_added cannot be read: 'int' object is not iterable"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_topic_and_quotes_no_value(topic: str, payload: object, said: str) -> None:
    with pytest.raises(BadPayload) as refused:
        read(topic, payload)
    assert refused.value.message == said


def test_only_the_values_that_a_value_error_quotes_are_hidden() -> None:
    assert in_words(ValueError("id 'Ana' and \"Ben\nO'Hara\"")) == "id …"
    assert in_words(TypeError("'int' object")) == "'int' object"
