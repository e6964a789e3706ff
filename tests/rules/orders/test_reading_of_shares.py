"""What earns, and what of shipping is left: by tax convention, and by the reading that an order was stored with."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from plugin.actions.orders.order_news import OrderSeen, merge
from plugin.rules.orders.basis import weigh
from plugin.rules.programme import Basis
from plugin.rules.types import Moved, OrderView, Parcel, Refund, RefundedShipping, RefundLine
from plugin.rules.worth.kept import SHIPPING_LINE
from plugin.store.orders.orders import StoredOrder
from tests.rules.generated import line, view

SHIPPED = view(
    line(1, 8000, tax_minor=800), shipping_minor=2000, shipping_tax_minor=100, total_minor=10_900,
    parcels=(Parcel(51, 1500, 90), Parcel(52, 500, 10)),
)  # fmt: skip


def shipping(order: OrderView, **basis: bool) -> tuple[object, object]:
    [row] = [row for row in weigh(order, Basis(shipping=True, **basis), {}).rows if row.line_id == SHIPPING_LINE]
    return row.original_minor, row.kept_minor


def back(parcel: int, minor: int, tax: int) -> OrderView:
    refund = Refund(1, shipping=(RefundedShipping(parcel, minor, tax),), moved=(Moved("visa", "USD", minor + tax),))
    return replace(SHIPPED, refunds=(replace(refund, currency="USD"),), financial_status="partially_refunded")


@pytest.mark.parametrize(
    ("order", "tax", "expected"),
    [
        (SHIPPED, False, (2000, 2000)),
        (SHIPPED, True, (2100, 2100)),
        (back(51, 1500, 90), False, (2000, 500)),
        (back(52, 500, 10), False, (2000, 1500)),
        (back(51, 1500, 90), True, (2100, 510)),
        (replace(back(51, 1500, 0), taxes_included=True), True, (2000, 500)),
    ],
)
def test_what_is_left_of_shipping_by_parcel_with_its_tax_or_without(
    order: OrderView, tax: bool, expected: tuple[int, int]
) -> None:
    was, left = shipping(order, tax=tax)
    assert (was, left) == expected


def test_shipping_of_which_every_parcel_was_removed_is_worth_nothing() -> None:
    gone = replace(SHIPPED, parcels=(Parcel(51, 2000, 100, removed=True),), shipping_minor=1, shipping_tax_minor=0)
    assert shipping(gone) == (1, 0)


def test_an_excluded_line_says_why_in_both_readings_and_its_goods_bear_no_goodwill() -> None:
    two = view(line(1, 8000), line(2, 2000), refunds=(Refund(1, discrepancy_minor=-1000),))
    for reading in (1, 2):
        rows = weigh(replace(two, reading=reading), Basis(), {1: "tag", 2: ""}).rows
        assert [(row.line_id, row.title, row.original_minor, row.excluded_because) for row in rows] == [
            (1, "Item 1", 0, "tag"), (2, "Item 2", 2000, ""),
        ]  # fmt: skip
        assert rows[1].kept_minor == 1800


def test_what_was_added_and_is_open_is_taken_from_what_earns_nothing_first() -> None:
    """10.00 paid; 10.00 that earns and 5.00 that does not are added, and 7.00 are open."""
    paid = view(line(1, 1000))
    lines = (*paid.lines, line(2, 1000), line(3, 500))
    grown = replace(paid, lines=lines, financial_status="partially_paid", outstanding_minor=700)
    later = paid.updated_at.replace(hour=23)
    first = merge(StoredOrder(1), OrderSeen(paid, paid.updated_at))
    order = merge(first, OrderSeen(replace(grown, updated_at=later), later)).effective
    assert order is not None
    rows = weigh(order, Basis(), {3: "tag"}).rows
    assert [row.kept_minor for row in rows] == [1000, 800, 0]
    assert [row.kept_minor for row in weigh(order, Basis(), {}).rows][1:] == [Fraction(1600, 3), Fraction(800, 3)]


def test_a_refund_of_a_line_by_an_older_order_is_read_by_its_units() -> None:
    order = view(line(1, 1000, 4, current_quantity=3), refunds=(Refund(1, (RefundLine(1, 1, None),)),))
    assert [row.kept_minor for row in weigh(order, Basis(), {}).rows] == [3000]
