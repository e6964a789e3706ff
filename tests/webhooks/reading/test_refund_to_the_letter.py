"""What a refund names and what really moved, in each of the shapes in which Shopify tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.rules.types import Abroad, Moved, Refund, RefundedShipping, RefundLine
from tests.webhooks.reading.whole_order import bag
from webhooks.refunds import refund


def read(**fields: Any) -> Refund:
    return refund({"id": 5, **fields}, "USD")


def adjustment(amount: str, tax: str = "0.00", **said: Any) -> dict[str, Any]:
    return {"amount": amount, "tax_amount": tax, **said}


def payment(amount: str, status: str = "success", kind: str = "refund", **said: Any) -> dict[str, Any]:
    return {"kind": kind, "status": status, "gateway": "visa", "amount": amount, **said}


def test_a_refund_of_nothing_says_nothing() -> None:
    assert read() == Refund(5, currency="USD")
    assert read(transactions=[]).moved == ()


def test_a_line_is_read_with_what_it_says() -> None:
    rows = [
        {"line_item_id": "31", "quantity": "2", "subtotal": 19.5, "total_tax": "1.95"},
        {"line_item_id": 32, "quantity": 1},
    ]
    assert read(refund_line_items=rows).lines == (RefundLine(31, 2, 1950, 195), RefundLine(32, 1, None))


DINARS = {"shop_money": {"amount": "0", "currency_code": "KWD"}}


@pytest.mark.parametrize(
    "where",
    [
        {"refund_line_items": [{"line_item_id": 1, "quantity": 1, "subtotal_set": DINARS}]},
        {"order_adjustments": [{"amount_set": DINARS}]},
        {"refund_shipping_lines": [{"subtotal_amount_set": DINARS}]},
        {"duties": [{"amount_set": DINARS}]},
        {"total_duties_set": DINARS},
    ],
)  # fmt: skip
def test_the_currency_is_the_first_that_any_amount_names(where: dict[str, Any]) -> None:
    found = read(**where, transactions=[payment("1.234")])
    assert (found.currency, found.moved) == ("KWD", (Moved("visa", "KWD", 1234),))


def test_money_that_moved_is_what_succeeded_by_gateway_and_currency() -> None:
    rows = [
        payment("3.00"), payment("4.00"), payment("5.00", currency="JPY"), payment("6.00", gateway=None),
        payment("7.00", "failure"), payment("8.00", "error"),
        payment("9.00", kind="sale"), payment("1.00", kind="void"),
    ]  # fmt: skip
    found = read(transactions=rows)
    assert found.moved == (Moved("", "USD", 600), Moved("visa", "JPY", 5), Moved("visa", "USD", 700))
    assert not found.pending
    assert read(transactions=[payment("")]).moved == (Moved("visa", "USD", 0),)


def test_money_on_its_way_is_pending_and_has_not_moved() -> None:
    found = read(transactions=[payment("3.00", "pending"), payment("4.00")])
    assert (found.pending, found.moved) == (True, (Moved("visa", "USD", 400),))
    assert not read(transactions=[payment("3.00", "pending", kind="sale")]).pending
    promised = read(order_adjustments=[adjustment("-3.00", reason="PENDING_REFUND_DISCREPANCY")])
    assert (promised.pending, promised.discrepancy_minor) == (True, None)
    kept = read(order_adjustments=[adjustment("3.00", reason="Pending refund discrepancy")])
    assert (kept.pending, kept.discrepancy_minor) == (False, 300)


@pytest.mark.parametrize(
    ("adjustments", "discrepancy", "balancing"),
    [
        ([adjustment("-3.00", "-0.30", kind="refund_discrepancy")], -330, 0),
        ([adjustment("3.00", "0.30", reason="REFUND_DISCREPANCY")], 330, 0),
        ([adjustment("-3.00"), adjustment("1.00")], -200, 0),
        ([adjustment("-0.01", reason="Full return balancing adjustment")], None, -1),
        ([adjustment("-0.01", "0.03", reason="FULL_RETURN_BALANCING_ADJUSTMENT"), adjustment("-5.00")], -500, 2),
    ],
)
def test_an_adjustment_counts_with_its_tax(
    adjustments: list[dict[str, Any]], discrepancy: int | None, balancing: int
) -> None:
    found = read(order_adjustments=adjustments)
    assert (found.discrepancy_minor, found.balancing_minor) == (discrepancy, balancing)
    assert found.shipping == ()


SHIPPED = {"shipping_line_id": 51, "subtotal_amount_set": bag("4.00", "8.00"), "tax_amount_set": bag("0.40", "0.80")}


@pytest.mark.parametrize(
    ("fields", "shipping", "discrepancy"),
    [
        ({"refund_shipping_lines": [SHIPPED]}, (RefundedShipping(51, 400, 40),), None),
        ({"refund_shipping_lines": [{"shipping_line": {"id": 52}, "subtotal_amount": "4.00"}]},
         (RefundedShipping(52, 400),), None),
        ({"refund_shipping_lines": [{"subtotal_amount": "-4.00", "tax_amount": "-1.00"}]},
         (RefundedShipping(0, 0),), None),
        ({"order_adjustments": [adjustment("-4.00", "-0.40", kind="shipping_refund")]},
         (RefundedShipping(0, 400, 40, beside=True),), None),
        ({"order_adjustments": [adjustment("-4.00", reason="SHIPPING_REFUND")]},
         (RefundedShipping(0, 400, beside=True),), None),
        ({"order_adjustments": [adjustment("0.00", "-0.40", kind="shipping_refund")]},
         (RefundedShipping(0, 0, 40, beside=True),), None),
        ({"order_adjustments": [adjustment("4.00", "0.40", kind="shipping_refund")]},
         (RefundedShipping(0, 0, 0, beside=True),), None),
        ({"order_adjustments": [adjustment("0.00", kind="shipping_refund")]}, (), None),
        # both shapes at once: it counts once
        ({"refund_shipping_lines": [SHIPPED],
          "order_adjustments": [adjustment("-4.00", "-0.40", kind="shipping_refund")]},
         (RefundedShipping(51, 400, 40),), None),
        # an adjustment that says neither kind nor reason is shipping where it says the same amount again
        ({"refund_shipping_lines": [SHIPPED], "order_adjustments": [adjustment("-4.00", "-0.40")]},
         (RefundedShipping(51, 400, 40),), None),
        ({"refund_shipping_lines": [SHIPPED], "order_adjustments": [adjustment("-4.40", "-0.40")]},
         (RefundedShipping(51, 400, 40),), -480),
        ({"refund_shipping_lines": [SHIPPED], "order_adjustments": [adjustment("-3.60", "-0.40")]},
         (RefundedShipping(51, 400, 40),), None),
        ({"refund_shipping_lines": [SHIPPED], "order_adjustments": [adjustment("-4.00", kind="refund_discrepancy")]},
         (RefundedShipping(51, 400, 40),), -400),
        ({"refund_shipping_lines": [SHIPPED], "order_adjustments": [adjustment("-4.00", reason="Refund discrepancy")]},
         (RefundedShipping(51, 400, 40),), -400),
    ],
)  # fmt: skip
def test_refunded_shipping_counts_once_in_whichever_shape(
    fields: dict[str, Any], shipping: tuple[RefundedShipping, ...], discrepancy: int | None
) -> None:
    found = read(**fields)
    assert (found.shipping, found.discrepancy_minor) == (shipping, discrepancy)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"duties": [{"amount": "3.00", "tax_lines": [{"price": "0.30"}]}]}, 330),
        ({"refund_duties": [{"price": "3.00"}, {"amount": "1.00", "price": "9.00"}]}, 400),
        ({"duties": [{"amount": "3.00"}], "refund_duties": [{"amount": "4.00"}]}, 300),
        ({"duties": [{"amount": "0.00"}], "refund_duties": [{"amount": "4.00"}]}, 400),
        ({"total_duties_set": bag("5.00", "10.00")}, 500),
        ({"total_duties": "5.00", "duties": [{"amount": "3.00"}]}, 300),
        ({"additional_fees": [{"amount": "2.00"}]}, 200),
        ({"refund_additional_fees": [{"amount": "2.00"}], "total_duties": "5.00"}, 700),
        ({"duties": [{"amount": "-3.00"}], "additional_fees": [{"amount": "2.00"}]}, 200),
        ({"duties": [{"amount": "3.00"}], "additional_fees": [{"amount": "-2.00"}]}, 300),
    ],
)
def test_duties_and_fees_go_back_with_their_tax(fields: dict[str, Any], expected: int) -> None:
    assert read(**fields).duties_minor == expected


BACK = {"amount_set": bag("-4", "-8"), "tax_amount_set": bag("-1", "-2")}
ROW = {"line_item_id": 1, "quantity": 1, "subtotal_set": bag("10.00", "20.00"), "total_tax_set": bag("1.00", "2.00")}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"refund_line_items": [ROW, ROW]}, Abroad("EUR", 4000, 400)),
        ({"refund_line_items": [ROW], "refund_shipping_lines": [SHIPPED]}, Abroad("EUR", 2800, 280)),
        ({"order_adjustments": [{**BACK, "kind": "shipping_refund"}]},
         Abroad("EUR", 1000)),
        ({"total_duties_set": bag("3.00", "6.00"), "duties": [{"amount_set": bag("9.00", "18.00")}]},
         Abroad("EUR", 600)),
        ({"duties": [{"amount_set": bag("3.00", "6.00"), "tax_lines": [{"price_set": bag("0.30", "0.60")}]}]},
         Abroad("EUR", 660)),
        ({"refund_duties": [{"price_set": bag("3.00", "6.00")}]}, Abroad("EUR", 600)),
        ({"additional_fees": [{"price_set": bag("3.00", "6.00")}],
          "refund_additional_fees": [{"amount_set": bag("9", "18")}]},
         Abroad("EUR", 600)),
        ({"order_adjustments": [BACK]},
         Abroad("EUR", discrepancy_minor=-1000)),
        # one row says nothing of the buyer's currency: all of them cannot be summed
        ({"refund_line_items": [ROW, {"line_item_id": 1, "quantity": 1, "subtotal": "1.00"}]}, None),
        ({"refund_line_items": [ROW, {"line_item_id": 1, "quantity": 1}]}, Abroad("EUR", 2000, 200)),
        ({"refund_line_items": [ROW, ROW | {"subtotal_set": {"shop_money": bag("1", "2")["shop_money"]}}]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_same_in_the_buyers_currency_where_all_of_it_is_told(
    fields: dict[str, Any], expected: Abroad | None
) -> None:
    assert read(**fields).abroad == expected


def test_another_third_currency_makes_the_sums_unknown_and_the_shops_own_is_not_abroad() -> None:
    yen = {
        "shop_money": {"amount": "1", "currency_code": "USD"},
        "presentment_money": {"amount": "9", "currency_code": "JPY"},
    }
    assert read(refund_line_items=[ROW, ROW | {"subtotal_set": yen}]).abroad is None
    own = {
        "shop_money": {"amount": "1", "currency_code": "USD"},
        "presentment_money": {"amount": "1", "currency_code": "USD"},
    }
    assert read(refund_line_items=[{"line_item_id": 1, "quantity": 1, "subtotal_set": own}]).abroad is None
