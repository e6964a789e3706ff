"""One order with something in every field, in two currencies: what is read of it, to the last of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.actions.orders.order_news import OrderDeleted, OrderEdited, OrderSeen, RefundSeen
from plugin.errors import BadPayload
from plugin.rules.referrals.referral_marks import Traces
from plugin.rules.types import (
    Buyer,
    OrderView,
    Refund,
    RefundLine,
)
from plugin.rules.worth.kept import SHIPPING_LINE
from tests import payloads
from tests.webhooks.reading.whole_order import AT, ORDER, READ, READ_REFUND, REFUND, bag, changed, line
from webhooks import orders
from webhooks.orders import order_view, traces


def test_every_field_of_an_order_is_read() -> None:
    found = order_view(ORDER)
    assert found.refunds == READ.refunds
    assert found == READ


def test_an_order_that_says_next_to_nothing_is_read() -> None:
    least = {"id": 1, "created_at": "2026-11-20T00:00:00Z", "currency": "PHP", "line_items": []}
    assert order_view(least) == OrderView(1, "", AT, AT, AT, "PHP", "pending", Buyer(), ())


def test_a_line_that_does_not_say_what_is_left_of_it_is_there_in_full() -> None:
    assert line().current_quantity == 3
    assert line(current_quantity=None).current_quantity == 3
    assert line(current_quantity=0).current_quantity == 0


def test_what_a_line_is() -> None:
    assert [line(**said).tip for said in ({}, {"tip": True}, {"tip": {}}, {"tip_payment_gateway": "visa"})] == [
        False, True, False, True,
    ]  # fmt: skip
    assert [line(gift_card=said).gift_card for said in (True, False, None)] == [True, False, False]
    assert [line(title=None, name="Mug - Blue").title, line(title="Mug", name="Mug - Blue").title] == [
        "Mug - Blue",
        "Mug",
    ]
    bare = line(price="left out", price_set=bag("1.50", "3.00"), product_id=0, variant_id=None)
    assert (bare.price_minor, bare.product_id, bare.variant_id) == (150, None, None)


def test_a_line_without_a_price_is_refused_and_an_order_by_the_name_of_what_is_missing() -> None:
    with pytest.raises(KeyError, match="^'price'$"):
        line(price="left out")
    for missing in ("id", "created_at", "currency", "line_items"):
        body = payloads.dumps({key: part for key, part in ORDER.items() if key != missing})
        with pytest.raises(BadPayload, match=f"^orders/paid without '{missing}'$"):
            orders.order("orders/paid", AT, body, "USD")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"fulfillment_status": None}, None),
        ({"fulfillment_status": "partial"}, None),
        ({"fulfillments": None}, datetime(2026, 11, 25, 2, tzinfo=UTC)),
        ({"fulfillments": [], "updated_at": "left out"}, datetime(2026, 11, 20, 2, tzinfo=UTC)),
        ({"fulfillments": [{"created_at": "2026-11-21T01:00:00Z", "status": "failure"}]},
         datetime(2026, 11, 25, 2, tzinfo=UTC)),
        ({"fulfillments": [{"created_at": "2026-11-22T01:00:00Z"}, {"created_at": "2026-11-21T01:00:00Z"}, {}]},
         datetime(2026, 11, 22, 1, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_an_order_was_sent_with_its_last_parcel_that_was_not_called_back(
    fields: dict[str, Any], expected: datetime | None
) -> None:
    found = changed(**fields)
    assert found.fulfilled_at == expected
    assert found.sent_in_part == (fields.get("fulfillment_status") == "partial")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"transactions": "left out"}, None),
        ({"source_name": "subscription_contract", "transactions": "left out"}, True),
        ({"source_name": "subscription_contract_checkout_one"}, True),
        ({"line_items": [{"id": 1, "quantity": 1, "price": "1", "selling_plan": "Monthly"}]}, True),
        ({}, False),
    ],
)
def test_whether_an_order_belongs_to_a_subscription(fields: dict[str, Any], expected: bool | None) -> None:
    assert changed(**fields).subscription is expected


def test_only_what_came_in_counts_as_paid_and_only_where_it_is_told() -> None:
    untold = changed(transactions="left out")
    assert (untold.tenders_minor, untold.received_minor, untold.rate) == (None, None, (6400, 12800))
    none = changed(transactions=[])
    assert (none.tenders_minor, none.received_minor) == ({}, None)
    strange = [{"kind": "sale", "status": "success", "gateway": "visa", "amount": "5.00", "currency": "CHF"}]
    unknown = changed(presentment_currency="USD", transactions=strange)
    assert (unknown.tenders_minor, unknown.received_minor, unknown.rate) == ({"visa": 0}, None, None)
    plain = changed(transactions=[{"kind": "capture", "status": "success", "gateway": None, "amount": None}])
    assert (plain.tenders_minor, plain.received_minor) == ({"": 0}, None)


@pytest.mark.parametrize(
    ("fields", "charged", "now"),
    [
        ({}, 210, None),
        ({"taxes_included": False}, 231, None),
        ({"original_total_duties_set": bag("5.00", "10.00")}, 590, None),
        ({"original_total_duties_set": bag("5.00", "10.00"), "current_total_duties_set": bag("6.00", "12.00")},
         690, None),
        ({"current_total_additional_fees_set": bag("0.00", "0.00")}, 210, 120),
        ({"current_total_additional_fees_set": bag("0.00", "0.00"), "taxes_included": False}, 231, 132),
        ({"line_items": [], "additional_fees": []}, 0, None),
        ({"line_items": [], "additional_fees": [{"price": "1.00"}]}, 100, None),
    ],
)  # fmt: skip
def test_duties_and_fees_with_their_tax_as_charged_and_now(
    fields: dict[str, Any], charged: int, now: int | None
) -> None:
    found = changed(**fields)
    assert (found.duties_minor, found.duties_now_minor) == (charged, now)


def test_a_tip_that_is_a_line_by_its_older_mark_is_said_once_as_well() -> None:
    older = {"id": 1, "quantity": 2, "price": "1.00", "tip": {"kind": "cash"}}
    assert changed(line_items=[older]).tip_minor == 150


def test_what_is_open_is_never_below_nothing_and_tips_are_said_once() -> None:
    assert [changed(total_outstanding=said).outstanding_minor for said in ("-3.00", "0.00", "", None)] == [
        0,
        0,
        None,
        None,
    ]
    assert [changed(total_tip_received=said).tip_minor for said in ("1.00", "2.00", "2.01", None)] == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("fields", "currency"),
    [({"presentment_currency": said}, "") for said in ("USD", "", None, 7, "QQQ", ["EUR"], {"EUR": 1})]
    + [({}, "EUR"), ({"line_items": [{"id": 1, "quantity": 1, "price": "1", "price_set": "x"}]}, "")],
)
def test_the_buyers_currency_is_told_where_it_is_another_and_can_be_read(fields: dict[str, Any], currency: str) -> None:
    found = changed(**fields)
    assert found.presented_currency == currency
    assert (found.presented_minor is None) == (not currency)
    if "presentment_currency" in fields:
        assert found.rate is None


def test_what_the_buyer_saw_is_of_all_units_that_were_ever_there_and_never_below_nothing() -> None:
    more = {"id": 1, "quantity": 1, "current_quantity": 3, "price": "1.00", "price_set": bag("1.00", "2.00")}
    off = {"id": 2, "quantity": 1, "price": "1.00", "price_set": bag("1.00", "2.00"),
           "discount_allocations": [{"amount_set": bag("2.00", "4.00")}]}  # fmt: skip
    found = changed(line_items=[more, off, {"id": 3, "quantity": 1, "price": "1.00"}], shipping_lines=None)
    assert found.presented_minor == {1: 600, 2: 0, 3: 0, SHIPPING_LINE: 0}


def test_a_rate_is_taken_from_the_largest_pair_that_is_told_in_full() -> None:
    none = {"amount": "0.00", "currency_code": "EUR"}
    half = {"shop_money": {"amount": "9.00"}, "presentment_money": none}
    told = {"total_price_set": half, "current_total_price_set": {}, "subtotal_price_set": bag("8.00", "16.10")}
    assert changed(**told).rate == (2000, 4000)
    assert changed(**told, line_items=[]).rate == (800, 1610)
    assert changed(line_items=[], total_price_set=None).rate is None
    assert changed(line_items=[], total_price_set=None, current_total_price_set=bag("1.00", "3.00")).rate == (100, 300)


ADDRESS = {"name": "Ana Reyes", "address1": "12 Mabini", "zip": "1200", "country_code": "PH", "phone": "0917"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Traces()),
        ({"shipping_address": ADDRESS}, Traces("Ana Reyes", "12 Mabini  1200 PH", "0917")),
        ({"billing_address": ADDRESS}, Traces("Ana Reyes", "12 Mabini  1200 PH", "0917")),
        ({"shipping_address": {"name": "Ben"}, "billing_address": ADDRESS}, Traces("Ben")),
        ({"phone": "02", "shipping_address": ADDRESS, "customer": {"phone": "03"}},
         Traces("Ana Reyes", "12 Mabini  1200 PH", "02")),
        ({"customer": {"phone": "03"}}, Traces(phone="03")),
        ({"browser_ip": "203.0.113.9"}, Traces(ip="203.0.113.9")),
        ({"client_details": {"browser_ip": "203.0.113.9"}}, Traces(ip="203.0.113.9")),
        ({"browser_ip": "203.0.113.1", "client_details": {"browser_ip": "203.0.113.9", "user_agent": "Mozilla"}},
         Traces(ip="203.0.113.1", agent="Mozilla")),
    ],
)  # fmt: skip
def test_what_the_order_says_of_the_buyer_beside_the_name(said: dict[str, Any], expected: Traces) -> None:
    assert traces(said) == expected


@pytest.mark.parametrize(
    ("fields", "email", "locale", "told"),
    [
        ({}, "ana@example.com", "fil", True),
        ({"email": "other@example.com"}, "other@example.com", "fil", False),
        ({"email": None, "contact_email": "other@example.com", "customer_locale": None},
         "other@example.com", "en", False),
        ({"email": None}, "ana@example.com", "fil", True),
        ({"customer": None}, "ana@example.com", "fil", False),
    ],
)  # fmt: skip
def test_who_bought_and_whether_the_address_is_of_the_customers_record(
    fields: dict[str, Any], email: str, locale: str, told: bool
) -> None:
    buyer = changed(**fields).buyer
    assert (buyer.email, buyer.locale, buyer.told_at is not None) == (email, locale, told)
    assert buyer.verified == told


def test_each_topic_of_orders_says_something_else() -> None:
    def read(topic: str, payload: Any) -> object:
        return orders.order(topic, AT, payloads.dumps(payload), "JPY")

    assert read("orders/delete", {"id": 11}) == OrderDeleted(11, AT)
    assert read("orders/edited", {"order_edit": {"order_id": 11}}) == OrderEdited(11, AT)
    assert read("refunds/create", REFUND | {"order_id": 11}) == RefundSeen(11, READ_REFUND)
    assert read("orders/updated", ORDER) == OrderSeen(READ, AT, Traces())
    plain = {"id": 5, "order_id": 11, "refund_line_items": [{"line_item_id": 1, "quantity": 1, "subtotal": "300"}]}
    found = read("refunds/create", plain)
    assert found == RefundSeen(11, Refund(5, (RefundLine(1, 1, 300),), currency="JPY"))
