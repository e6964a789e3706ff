"""What is kept of the lines of an order, at the edges: nothing left, nothing to pay, a refund that says too much."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from plugin.rules.types import Line, OrderView, Refund, RefundLine
from plugin.rules.worth.kept import Part, edited_away, parts
from tests.rules.generated import line, view

MUG = line(1, 1000, 4, discount_minor=400, tax_minor=360)
"""Four at 10.00, 4.00 off: 36.00, and 3.60 of tax."""


def refunded(one: Line, *rows: RefundLine, **more: Any) -> OrderView:
    return view(one, refunds=(Refund(1, rows),) if rows else (), **more)


@pytest.mark.parametrize(
    ("changes", "rows", "part"),
    [
        ({}, (), Part(1, 3960, 3960, 1, 4, 4)),
        ({"tip": True}, (), Part(1, 3960, 3960, 1, 4, 4, tip=True)),
        ({"tip": True}, (RefundLine(1, 1, 900, 90),), Part(1, 3960, 2970, Fraction(3, 4), 4, 3, tip=True)),
        # all its money went back, and three of its four are still there
        ({}, (RefundLine(1, 1, 3600, 90),), Part(1, 3960, 0, 0, 4, 3)),
        # its tax went back with one of them
        ({}, (RefundLine(1, 1, 900, 360),), Part(1, 3960, 2700, Fraction(3, 4), 4, 3)),
        ({}, (RefundLine(1, 1, 900, 999),), Part(1, 3960, 2700, Fraction(3, 4), 4, 3)),
        # a refund adds nothing, whatever it says
        ({}, (RefundLine(1, 1, 900, -50),), Part(1, 3960, 3060, Fraction(3, 4), 4, 3)),
        ({}, (RefundLine(1, 1, -900, 0),), Part(1, 3960, 3060, Fraction(3, 4), 4, 3)),
        # more came back than there were, and of none any
        ({}, (RefundLine(1, 5, 100, 10),), Part(1, 3960, 0, 0, 4, 0)),
        ({"quantity": 0, "current_quantity": 0}, (RefundLine(1, 1, 5),), Part(1, 360, 0, 0, 0, 0)),
        ({"quantity": 0, "current_quantity": 0}, (), Part(1, 360, 360, 1, 0, 0)),
        # one was edited away for its part of the tax
        ({"current_quantity": 3}, (), Part(1, 3960, 2970, Fraction(3, 4), 4, 3)),
        ({"current_quantity": 1}, (RefundLine(1, 1, 900, 90),), Part(1, 3960, 990, Fraction(1, 4), 4, 1)),
        ({"current_quantity": -1}, (), Part(1, 3960, 0, 0, 4, 0)),
        ({"quantity": 3, "current_quantity": 4}, (RefundLine(1, 1, 900, 90),),
         Part(1, 3960, 2970, Fraction(3, 4), 4, 3)),
        # nothing to pay: its units decide
        ({"discount_minor": 4000, "tax_minor": 0}, (RefundLine(1, 3, 0),), Part(1, 0, 0, Fraction(1, 4), 4, 1)),
    ],
)  # fmt: skip
def test_a_line_as_a_part_of_the_order(changes: dict[str, Any], rows: tuple[RefundLine, ...], part: Part) -> None:
    assert parts(refunded(replace(MUG, **changes), *rows)) == [part]


@pytest.mark.parametrize(
    ("together", "units", "left", "kept"), [(1500, 3, 2, 1000), (1500, 2, 1, 750), (100, 3, 2, 67), (100, 3, 1, 34)]
)
def test_what_is_left_is_worth_its_units_and_no_more(together: int, units: int, left: int, kept: int) -> None:
    """Of what was refunded for a cent; half a cent is in the member's favour."""
    one = line(1, 1000, units, discount_minor=1000 * units - together)
    [part] = parts(refunded(one, RefundLine(1, units - left, 1)))
    assert (part.kept_minor, part.share) == (kept, Fraction(kept, together))


def test_what_nothing_happened_to_is_told_in_whole_numbers() -> None:
    """A fraction is dear to make, and nearly all lines stay as they were."""
    other = replace(MUG, id=2)
    untouched, touched = parts(view(MUG, other, refunds=(Refund(1, (RefundLine(2, 1, 900, 90),)),)))
    assert [type(value) for value in (untouched.kept_minor, untouched.share)] == [int, int]
    assert [type(value) for value in (touched.kept_minor, touched.share)] == [Fraction, Fraction]


def test_rows_of_several_refunds_of_one_line_add_up() -> None:
    order = view(MUG, refunds=(Refund(1, (RefundLine(1, 1, 900, 90),)), Refund(2, (RefundLine(1, 1, 900, 90),))))
    assert parts(order) == [Part(1, 3960, 1980, Fraction(1, 2), 4, 2)]
    assert edited_away(replace(MUG, current_quantity=1), [RefundLine(1, 1, 0), RefundLine(1, 1, 0)]) == 1


def test_an_order_has_its_lines_its_parcels_and_its_duties() -> None:
    from plugin.rules.types import Parcel

    order = view(MUG, parcels=(Parcel(5, 100), Parcel(6, 200)), duties_minor=50)
    assert [part.id for part in parts(order)] == [1, -15, -16, -1]
    assert [part.ever for part in parts(order)] == [4, 100, 200, 50]
    assert [part.id for part in parts(view(MUG))] == [1]
    duties = parts(replace(order, duties_now_minor=20))[3]
    assert duties == Part(-1, 50, 20, Fraction(2, 5), 50, 20)
    assert not duties.is_shipping
