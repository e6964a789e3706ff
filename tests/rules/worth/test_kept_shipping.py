"""What is kept of each way of sending: prices at present, refunds that name one, and refunds that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from plugin.rules.types import Moment, OrderView, Parcel, Refund, RefundedShipping
from plugin.rules.worth.kept import Part, parts
from plugin.rules.worth.kept_shipping import kept_of, parcel_key
from tests.rules.generated import PLACED, line, view

TEN = Parcel(5, 1000, 100)
"""10.00, and 1.00 of tax beside it."""


def order(*parcels: Parcel, **more: Any) -> OrderView:
    return view(line(1, 5000), parcels=parcels, **more)


def back(net: int, tax: int = 0, parcel: int = 0, number: int = 1, at: datetime | None = None, **more: Any) -> Refund:
    return Refund(number, shipping=(RefundedShipping(parcel, net, tax, **more),), created_at=at)


def kept(one: OrderView) -> list[tuple[object, object]]:
    """What is kept of each, without its tax, and the tax beside it."""
    return [(net, tax) for _, net, tax in kept_of(one)]


@pytest.mark.parametrize(
    ("parcel", "expected"),
    [
        (TEN, (1000, 100)),
        (replace(TEN, now_minor=1000), (1000, 100)),
        (replace(TEN, now_minor=400), (400, 40)),
        (replace(TEN, now_minor=0), (0, 0)),
        (replace(TEN, now_minor=-5), (0, 0)),
        (replace(TEN, now_minor=1500), (1000, 100)),
        (replace(TEN, now_minor=333), (333, Fraction(333, 10))),
        (replace(TEN, removed=True), (0, 0)),
        (replace(TEN, tax_minor=-5), (1000, 0)),
        (Parcel(5, 0, 0), (0, 0)),
        (Parcel(5, 0, 0, -1), (0, 0)),
    ],
)
def test_what_is_kept_where_nothing_was_refunded(parcel: Parcel, expected: tuple[object, object]) -> None:
    assert kept(order(parcel)) == [expected]
    assert kept(order(parcel, taxes_included=True)) == [(expected[0], 0)]


@pytest.mark.parametrize(
    ("parcel", "refund", "expected"),
    [
        (TEN, back(300, 30, 5), (700, 70)),
        (TEN, back(1000, 100, 5), (0, 0)),
        (TEN, back(1200, 120, 5), (0, 0)),
        (TEN, back(300, 0, 5), (700, 100)),
        (TEN, back(0, 30, 5), (1000, 70)),
        # the present price shows it already: it is not counted down twice
        (replace(TEN, now_minor=700), back(300, 30, 5), (700, 70)),
        # and it shows that more has gone
        (replace(TEN, now_minor=400), back(300, 30, 5), (400, 40)),
        (replace(TEN, now_minor=400), back(300, 90, 5), (400, 10)),
        (replace(TEN, now_minor=900), back(300, 30, 5), (700, 70)),
        (replace(TEN, removed=True), back(300, 30, 5), (0, 0)),
    ],
)
def test_a_refund_that_names_the_parcel_takes_its_part(
    parcel: Parcel, refund: Refund, expected: tuple[object, object]
) -> None:
    assert kept(order(parcel, refunds=(refund,))) == [expected]


def test_refunds_of_one_parcel_add_up() -> None:
    assert kept(order(TEN, refunds=(back(300, 30, 5), back(200, 20, 5, 2)))) == [(500, 50)]


def test_with_taxes_included_the_tax_is_in_the_price_unless_it_was_told_beside_it() -> None:
    assert kept(order(TEN, taxes_included=True, refunds=(back(330, 30, 5),))) == [(670, 0)]
    assert kept(order(TEN, taxes_included=True, refunds=(back(300, 30, 5, beside=True),))) == [(670, 0)]
    assert kept(order(TEN, taxes_included=True, refunds=(back(300, 30, beside=True),))) == [(670, 0)]


SHOWN, PLAIN, GONE = Parcel(1, 1000, 100, 400), Parcel(2, 1000, 100), Parcel(3, 1000, 100, removed=True)
"""One whose price shows that 6.00 have gone, one that says nothing, and one that an edit removed."""


@pytest.mark.parametrize(
    ("net", "tax", "expected"),
    [
        (600, 60, [(400, 40), (1000, 100), (0, 0)]),  # what the prices show, first
        (700, 70, [(400, 40), (900, 90), (0, 0)]),  # then of the one that says nothing
        (1600, 160, [(400, 40), (0, 0), (0, 0)]),
        (2600, 260, [(400, 40), (0, 0), (0, 0)]),  # then of the one that an edit removed
        (2700, 270, [(300, 30), (0, 0), (0, 0)]),  # then of whatever is there
        (9000, 900, [(0, 0), (0, 0), (0, 0)]),
    ],
)
def test_a_refund_that_names_none_takes_from_where_there_is_room(net: int, tax: int, expected: object) -> None:
    assert kept(order(SHOWN, PLAIN, GONE, refunds=(back(net, tax),))) == expected
    assert kept(order(GONE, PLAIN, SHOWN, refunds=(back(net, tax),))) == list(reversed(expected))  # type: ignore[call-overload]


def test_the_tax_finds_its_room_by_itself() -> None:
    assert kept(order(PLAIN, refunds=(back(0, 100),))) == [(1000, 0)]
    assert kept(order(SHOWN, PLAIN, refunds=(back(600, 0), back(0, 160, number=2)))) == [(400, 40), (1000, 0)]
    assert kept(order(replace(SHOWN, tax_minor=0), PLAIN, refunds=(back(600, 30),))) == [(400, 0), (1000, 70)]


def test_a_refund_that_names_a_parcel_which_is_not_there_names_none() -> None:
    assert kept(order(PLAIN, refunds=(back(300, 30, parcel=9),))) == [(700, 70)]


def test_a_price_that_rose_shows_nothing_that_has_gone() -> None:
    risen = replace(TEN, now_minor=1500)
    assert kept(order(risen, PLAIN, refunds=(back(300, 30),))) == [(1000, 100), (700, 70)]


def test_two_that_say_nothing_are_asked_in_their_order() -> None:
    other = replace(PLAIN, id=4)
    assert kept(order(PLAIN, other, refunds=(back(1300, 130),))) == [(0, 0), (700, 70)]
    assert kept(order(other, PLAIN, refunds=(back(300, 30, 2), back(900, 90, number=2)))) == [(100, 10), (700, 70)]


def seen(hours: int, *parcels: Parcel) -> Moment:
    """The order as we saw it so many hours before its newest state, with these parcels."""
    at = PLACED - timedelta(hours=hours)
    ever = {1: 1, **{parcel_key(one): one.cost_minor for one in parcels}}
    return Moment(at, at, True, 0, 0, 0, 0, 0, ever=ever)


FIRST, LATER = Parcel(1, 1000, 100), Parcel(2, 1000, 100)


@pytest.mark.parametrize(
    ("earlier", "hours", "expected"),
    [
        # LATER was added after it: of FIRST, which was there
        ((seen(9, FIRST),), 1, [(1000, 100), (700, 70)]),
        ((seen(9, FIRST), seen(3, FIRST, LATER)), 5, [(1000, 100), (700, 70)]),
        # it was there already: asked first, as it stands first
        ((seen(9, FIRST), seen(3, FIRST, LATER)), 3, [(700, 70), (1000, 100)]),
        ((seen(9, FIRST), seen(3, FIRST, LATER)), 1, [(700, 70), (1000, 100)]),
        ((seen(9, FIRST),), 0, [(700, 70), (1000, 100)]),
        ((seen(9, FIRST),), -1, [(700, 70), (1000, 100)]),
        # it was there whenever we saw the order, or we never saw it before
        ((seen(3, FIRST, LATER),), 5, [(700, 70), (1000, 100)]),
        ((), 5, [(700, 70), (1000, 100)]),
        # when it was made is not known
        ((seen(9, FIRST),), None, [(700, 70), (1000, 100)]),
        # nothing was there when it was made: of any
        ((seen(9),), 1, [(700, 70), (1000, 100)]),
    ],
)
def test_a_refund_takes_nothing_of_what_was_added_after_it(
    earlier: tuple[Moment, ...], hours: int | None, expected: object
) -> None:
    at = None if hours is None else PLACED - timedelta(hours=hours)
    assert kept(order(LATER, FIRST, earlier=earlier, refunds=(back(300, 30, at=at),))) == expected


@pytest.mark.parametrize(
    ("parcel", "included", "part"),
    [
        (TEN, False, Part(-15, 1100, 1100, 1, 1100, 1100)),
        (TEN, True, Part(-15, 1000, 1000, 1, 1000, 1000)),
        (replace(TEN, now_minor=400), False, Part(-15, 1100, 440, Fraction(2, 5), 1100, 440)),
        (replace(TEN, now_minor=333), False, Part(-15, 1100, Fraction(3663, 10), Fraction(333, 1000), 1100, 366)),
        (replace(TEN, removed=True), False, Part(-15, 1100, 0, 0, 0, 0)),
        (Parcel(5, 0, 30), False, Part(-15, 30, 30, 0, 30, 30)),
    ],
)
def test_a_parcel_as_a_part_of_the_order(parcel: Parcel, included: bool, part: Part) -> None:
    found = parts(order(parcel, taxes_included=included))[1]
    assert (found, found.is_shipping) == (part, True)
    assert not parts(order(parcel))[0].is_shipping
