"""One order with something in every field, in two currencies, and what is read of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from plugin.rules.types import (
    Abroad,
    Buyer,
    Line,
    Moved,
    OrderView,
    Parcel,
    Refund,
    RefundedShipping,
    RefundLine,
)
from plugin.rules.worth.kept import SHIPPING_LINE
from tests import payloads
from webhooks.orders import order_view

AT = datetime(2026, 11, 20, tzinfo=UTC)


def bag(dollars: str, euros: str) -> dict[str, Any]:
    """One amount in the shop's currency and in the buyer's."""
    return {
        "shop_money": {"amount": dollars, "currency_code": "USD"},
        "presentment_money": {"amount": euros, "currency_code": "EUR"},
    }


REFUND = {
    "id": 81,
    "created_at": "2026-11-23T00:00:00Z",
    "refund_line_items": [
        {"line_item_id": 31, "quantity": 1, "subtotal_set": bag("19.00", "38.00"), "total_tax_set": bag("1.90", "3.80")}
    ],
    "refund_shipping_lines": [
        {"shipping_line_id": 51, "subtotal_amount_set": bag("1.00", "2.00"), "tax_amount_set": bag("0.10", "0.20")}
    ],
    "order_adjustments": [
        {"reason": "Refund discrepancy", "amount_set": bag("-0.40", "-0.80"), "tax_amount_set": bag("-0.04", "-0.08")},
        {"reason": "Full return balancing adjustment", "amount_set": bag("0.01", "0.02"),
         "tax_amount_set": bag("0.00", "0.00")},
    ],
    "transactions": [
        {"kind": "refund", "status": "success", "gateway": "visa", "amount": "40.00", "currency": "EUR"},
        {"kind": "refund", "status": "success", "gateway": "gift_card", "amount": "3.00", "currency": "EUR"},
        {"kind": "refund", "status": "success", "gateway": "gift_card", "amount": "1.88", "currency": "EUR"},
        {"kind": "refund", "status": "failure", "gateway": "visa", "amount": "7.00", "currency": "EUR"},
        {"kind": "sale", "status": "success", "gateway": "visa", "amount": "9.00", "currency": "EUR"},
    ],
}  # fmt: skip
ORDER: dict[str, Any] = {
    "id": 11,
    "name": "#1011",
    "created_at": "2026-11-20T10:00:00+08:00",
    "processed_at": "2026-11-19T10:00:00+08:00",
    "updated_at": "2026-11-25T10:00:00+08:00",
    "cancelled_at": "2026-11-24T10:00:00+08:00",
    "currency": "USD",
    "presentment_currency": "EUR",
    "financial_status": "partially_refunded",
    "fulfillment_status": "fulfilled",
    "fulfillments": [
        {"created_at": "2026-11-21T01:00:00Z", "status": "success"},
        {"created_at": "2026-11-22T01:00:00Z", "status": None},
        {"created_at": "2026-11-23T01:00:00Z", "status": "cancelled"},
    ],
    "email": "ana@example.com",
    "customer_locale": "fil",
    "customer": payloads.customer(71, updated_at="2026-11-18T00:00:00Z", locale="en"),
    "source_name": "pos",
    "taxes_included": True,
    "test": True,
    "total_price_set": bag("64.00", "128.00"),
    "payment_gateway_names": ["visa", "gift_card"],
    "discount_codes": [{"code": " SUKI-AAAAA "}, {"code": ""}, {"code": "WELCOME"}],
    "line_items": [
        {
            "id": 31, "title": "Mug", "quantity": 2, "current_quantity": 1, "product_id": 41, "variant_id": 42,
            "variant_title": "Blue", "vendor": "Clay", "price": "20.00", "price_set": bag("20.00", "40.00"),
            "discount_allocations": [{"amount": "1.50", "amount_set": bag("1.50", "3.00")},
                                     {"amount": "0.50", "amount_set": bag("0.50", "1.00")}],
            "tax_lines": [{"price": "3.00"}, {"price": "0.80"}],
            "duties": [{"shop_money": {"amount": "1.20", "currency_code": "USD"}, "tax_lines": [{"price": "0.12"}]}],
        },
        {"id": 32, "name": "Card", "quantity": 1, "price_set": bag("10.00", "20.00"), "gift_card": True},
        {"id": 33, "title": "Tip", "quantity": 1, "price": "2.00", "price_set": bag("2.00", "4.00"),
         "tip_payment_gateway": None},
    ],
    "shipping_lines": [
        {"id": 51, "price": "5.00", "discounted_price": "4.00", "discounted_price_set": bag("4.00", "8.00"),
         "current_discounted_price_set": bag("3.00", "6.00"), "tax_lines": [{"price": "0.40"}]},
        {"id": 52, "price": "6.00", "price_set": bag("6.00", "12.00"), "is_removed": True,
         "current_discounted_price": "6.00"},
        {"id": 53, "price": "0.00"},
    ],
    "additional_fees": [{"price_set": bag("0.90", "1.80"), "tax_lines": [{"price": "0.09"}]}],
    "total_tip_received": "3.50",
    "total_outstanding": "0.25",
    "transactions": [
        {"kind": "sale", "status": "success", "gateway": "visa", "amount": "100.00", "currency": "EUR"},
        {"kind": "capture", "status": "success", "gateway": "visa", "amount": "8.00", "currency": "EUR"},
        {"kind": "sale", "status": "success", "gateway": "gift_card", "amount": "10.00", "currency": "USD"},
        {"kind": "authorization", "status": "success", "gateway": "visa", "amount": "64.00", "currency": "EUR"},
        {"kind": "refund", "status": "success", "gateway": "visa", "amount": "40.00", "currency": "EUR"},
        {"kind": "void", "status": "success", "gateway": "visa", "amount": "1.00", "currency": "EUR"},
        {"kind": "sale", "status": "failure", "gateway": "visa", "amount": "2.00", "currency": "EUR"},
    ],
    "refunds": [REFUND],
}  # fmt: skip

READ_REFUND = Refund(
    id=81,
    lines=(RefundLine(31, 1, 1900, 190),),
    shipping=(RefundedShipping(51, 100, 10),),
    discrepancy_minor=-44,
    balancing_minor=1,
    moved=(Moved("gift_card", "EUR", 488), Moved("visa", "EUR", 4000)),
    currency="USD",
    abroad=Abroad("EUR", named_minor=4000, tax_minor=400, discrepancy_minor=-86),
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
)
READ = OrderView(
    order_id=11,
    name="#1011",
    created_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
    processed_at=datetime(2026, 11, 19, 2, tzinfo=UTC),
    updated_at=datetime(2026, 11, 25, 2, tzinfo=UTC),
    cancelled_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
    currency="USD",
    financial_status="partially_refunded",
    buyer=Buyer(
        customer_id=71,
        email="ana@example.com",
        first_name="Ana",
        last_name="Reyes",
        locale="fil",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        told_at=datetime(2026, 11, 18, tzinfo=UTC),
        verified=True,
    ),
    lines=(
        Line(31, "Mug", 2, 1, 2000, 200, 380, 41, "Blue", 42, "Clay"),
        Line(32, "Card", 1, 1, 1000, gift_card=True),
        Line(33, "Tip", 1, 1, 200, tip=True),
    ),
    refunds=(READ_REFUND,),
    test=True,
    source="pos",
    taxes_included=True,
    shipping_minor=400,
    shipping_tax_minor=40,
    tip_minor=150,
    total_minor=6400,
    discount_codes=("SUKI-AAAAA", "WELCOME"),
    gateways=("visa", "gift_card"),
    tenders_minor={"visa": 5400, "gift_card": 1000},
    subscription=False,
    fulfilled_at=datetime(2026, 11, 22, 1, tzinfo=UTC),
    presented_currency="EUR",
    presented_minor={31: 7600, 32: 2000, 33: 400, SHIPPING_LINE: 2000},
    parcels=(Parcel(51, 400, 40, 300), Parcel(52, 600, removed=True)),
    duties_minor=210,
    outstanding_minor=25,
    received_minor=6400,
    rate=(6400, 12800),
)


def changed(**fields: Any) -> OrderView:
    """The order with other fields, read; "left out" is for what is not there."""
    return order_view({key: part for key, part in {**ORDER, **fields}.items() if part != "left out"})


def line(**fields: Any) -> Line:
    """One line, read."""
    made = {"id": 1, "quantity": 3, "price": "1.00", **fields}
    return order_view({**ORDER, "line_items": [{k: v for k, v in made.items() if v != "left out"}]}).lines[0]
