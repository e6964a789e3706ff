"""What the first reading of payloads counted, figure by figure: old orders keep exactly that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from plugin.rules.programme import Basis
from plugin.rules.types import Line, Moved, Refund, RefundedShipping, RefundLine
from plugin.rules.worth.first_reading import beyond_lines, shares, taxed
from tests.rules.generated import line, view

FOUR = line(1, 1000, 4, discount_minor=400, tax_minor=360)
"""Four at 10.00, 4.00 off: 36.00, and 3.60 of tax."""


def told(one: Line, *rows: RefundLine, **basis: Any) -> tuple[object, object]:
    """What the line came to and what of it was kept, after one refund with these rows."""
    order = view(one, refunds=(Refund(1, rows),) if rows else (), reading=1)
    [(number, was, kept)] = shares(order, Basis(**basis), {}, 0)
    assert number == one.id
    return was, kept


@pytest.mark.parametrize(
    ("changes", "basis", "amount"),
    [
        ({}, {}, 3600),
        ({}, {"before_discounts": True}, 4000),
        ({}, {"tax": True}, 3960),
        ({}, {"tax": True, "before_discounts": True}, 4400),
        ({"discount_minor": 5000}, {}, 0),
        ({"discount_minor": 5000}, {"tax": True}, 0),
        ({"tax_minor": 0}, {"tax": True}, 3600),
        ({"current_quantity": 5}, {}, 4600),
        ({"quantity": 0, "current_quantity": 0}, {}, 0),
    ],
)
def test_what_a_line_came_to(changes: dict[str, Any], basis: dict[str, Any], amount: int) -> None:
    assert told(replace(FOUR, **changes), **basis) == (amount, amount)


@pytest.mark.parametrize(
    ("left", "rows", "kept"),
    [
        (4, (), 3600),
        (3, (), 2700),
        (0, (), 0),
        (4, (RefundLine(1, 1, 900),), 2700),
        (3, (RefundLine(1, 1, 900),), 2700),  # taken off the order as well: once
        (2, (RefundLine(1, 1, 900),), 1800),  # and another was edited away
        (4, (RefundLine(1, 0, 360),), 3240),
        (4, (RefundLine(1, 1, 360), RefundLine(1, 1, 540)), 2700),
        (4, (RefundLine(1, 1, None),), 3600),  # it did not say for how much
        (4, (RefundLine(1, 9, 9000),), 0),
        (0, (RefundLine(1, 1, 900),), 0),
        (4, (RefundLine(2, 1, 900),), 3600),  # of another line
    ],
)
def test_what_was_kept_of_a_line(left: int, rows: tuple[RefundLine, ...], kept: int) -> None:
    assert told(replace(FOUR, current_quantity=left), *rows) == (3600, kept)


@pytest.mark.parametrize(("left", "units", "kept"), [(4, 0, 4000), (4, 1, 3000), (2, 1, 2000), (4, 4, 0)])
def test_what_cost_nothing_was_kept_by_its_units(left: int, units: int, kept: int) -> None:
    free = replace(FOUR, discount_minor=4000, tax_minor=0, current_quantity=left)
    rows = (RefundLine(1, units, 0),) if units else ()
    assert told(free, *rows, before_discounts=True) == (4000, kept)


def test_a_line_that_is_left_out_or_of_which_there_was_none_counts_nothing() -> None:
    none = replace(FOUR, quantity=0, current_quantity=0)
    order = view(FOUR, replace(none, id=2), refunds=(Refund(1, (RefundLine(2, 1, 900),)),), reading=1)
    assert shares(order, Basis(tax=True), {1: "tag", 2: ""}, 0) == [(1, 0, 0), (2, 0, 0)]


SHIPPED = view(line(1, 8000), shipping_minor=2000, shipping_tax_minor=200, total_minor=10_500, tip_minor=500, reading=1)
"""10,000 were paid without the tip."""


@pytest.mark.parametrize(
    ("basis", "back", "expected"),
    [
        ({}, 0, [(1, 8000, 8000)]),
        ({"shipping": True}, 0, [(1, 8000, 8000), (0, 2000, 2000)]),
        ({"shipping": True, "tax": True}, 0, [(1, 8000, 8000), (0, 2200, 2200)]),
        ({"shipping": True}, 500, [(1, 8000, 8000), (0, 2000, 1500)]),
        ({"shipping": True, "tax": True}, 500, [(1, 8000, 8000), (0, 2200, 1650)]),
        ({"shipping": True}, 2500, [(1, 8000, 8000), (0, 2000, 0)]),
    ],
)
def test_shipping_counts_where_it_is_to_less_what_was_refunded_of_it(
    basis: dict[str, Any], back: int, expected: object
) -> None:
    halves = (RefundedShipping(0, back // 2), RefundedShipping(0, back - back // 2)) if back else ()
    order = replace(SHIPPED, refunds=(Refund(1, shipping=halves),))
    assert shares(order, Basis(**basis), {}, 0) == expected
    assert shares(replace(SHIPPED, shipping_minor=0), Basis(**basis), {}, 0) == [(1, 8000, 8000)]


@pytest.mark.parametrize(
    ("beyond", "uncounted", "kept"),
    [
        (0, 0, 8000), (1000, 0, 7200), (0, 1000, 7200), (1000, 1000, 6480), (10_000, 0, 0), (20_000, 0, 0),
        (0, 10_000, 0), (0, 20_000, 0), (0, -1000, 8000), (1, 0, Fraction(79_992, 10)),
    ],
)  # fmt: skip
def test_money_beyond_the_lines_and_tender_that_does_not_count_took_their_part_of_what_was_paid(
    beyond: int, uncounted: int, kept: object
) -> None:
    order = replace(SHIPPED, refunds=(Refund(1, discrepancy_minor=-beyond),))
    assert shares(order, Basis(), {}, uncounted) == [(1, 8000, kept)]


@pytest.mark.parametrize("total", [500, 400, 0])
def test_of_an_order_for_which_nothing_was_paid_nothing_is_taken(total: int) -> None:
    order = replace(SHIPPED, total_minor=total, refunds=(Refund(1, discrepancy_minor=-5000),))
    assert shares(order, Basis(), {}, 700) == [(1, 8000, 8000)]


def test_nothing_is_kept_below_nothing() -> None:
    rows = (RefundLine(1, 1, 7200),)
    order = replace(SHIPPED, lines=(line(1, 4000, 2),), refunds=(Refund(1, rows), Refund(2, discrepancy_minor=-5000)))
    assert shares(order, Basis(), {}, 0) == [(1, 8000, 0)]


@pytest.mark.parametrize(
    ("refund", "beyond"),
    [
        (Refund(1), 0),
        (Refund(1, discrepancy_minor=0), 0),
        (Refund(1, discrepancy_minor=-300), 300),
        (Refund(1, discrepancy_minor=300), 0),
        (Refund(1, discrepancy_minor=1, moved=(Moved("visa", "USD", 500),), currency="USD"), 0),
        (Refund(1, moved=()), 0),
        (Refund(1, moved=(Moved("visa", "USD", 500), Moved("cash", "USD", 20)), currency="USD"), 520),
        (Refund(1, moved=(Moved("visa", "EUR", 500), Moved("cash", "USD", 20)), currency="USD"), 20),
        (Refund(1, (RefundLine(1, 1, 10),), moved=(Moved("visa", "USD", 500),), currency="USD"), 0),
        (Refund(1, duties_minor=40, moved=(Moved("visa", "USD", 500),), currency="USD"), 460),
        (Refund(1, duties_minor=501, moved=(Moved("visa", "USD", 500),), currency="USD"), 0),
        (Refund(1, shipping=(RefundedShipping(0, 100, 10),), moved=(Moved("visa", "USD", 500),), currency="USD"), 390),
    ],
)
def test_what_a_refund_gave_back_without_naming_a_line(refund: Refund, beyond: int) -> None:
    assert beyond_lines(refund) == beyond


@pytest.mark.parametrize(
    ("tax", "included", "charged", "on", "expected"),
    [
        (False, False, 100, 1000, 500), (True, True, 100, 1000, 500), (True, False, 100, 1000, 550),
        (False, True, 100, 1000, 450), (True, False, 0, 1000, 500), (True, False, 100, 0, 500),
        (False, True, 100, 0, 500), (False, True, 3000, 1000, 0), (True, False, 1, 3, Fraction(2000, 3)),
    ],
)  # fmt: skip
def test_an_amount_with_or_without_its_part_of_the_tax(
    tax: bool, included: bool, charged: int, on: int, expected: object
) -> None:
    order = view(line(1, 1000), taxes_included=included)
    assert taxed(order, Basis(tax=tax), 500, charged, on) == expected
