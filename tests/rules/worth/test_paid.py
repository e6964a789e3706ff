"""What came in for an order over time: how a moment looks, which moments say something, and what was paid between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugin.rules.types import Moment, OrderView, Parcel, Refund, RefundLine
from plugin.rules.worth import paid
from tests.rules.generated import PLACED, line, view

MUG = line(1, 1000, 4, discount_minor=400, tax_minor=360)
ORDER = view(MUG)
HOUR = timedelta(hours=1)


def moment(hours: float = 0, whole: int = 100, kept: int | None = None, **more: Any) -> Moment:
    """Of an order of 1.00 that is paid, unless told otherwise: so many hours after it was placed."""
    at = more.pop("at", PLACED + hours * HOUR)
    said: dict[str, Any] = {
        "triggered_at": at, "paid": True, "kept_minor": whole if kept is None else kept, "back_minor": 0,
        "named_minor": 0, "open_minor": 0, "ever": {1: 1}, **more,
    }  # fmt: skip
    return Moment(at=at, whole_minor=whole, **said)


@pytest.mark.parametrize(
    ("status", "outstanding", "was_paid", "still_open"),
    [
        ("paid", None, True, 0), ("paid", 700, True, 0), ("partially_refunded", None, True, 0),
        ("partially_refunded", 700, True, 700), ("refunded", None, True, 0), ("refunded", 0, True, 0),
        ("partially_paid", None, False, None), ("partially_paid", 700, False, 700), ("pending", None, False, 3960),
        ("pending", 0, False, 0), ("authorized", None, False, 3960), ("voided", None, False, 3960),
    ],
)  # fmt: skip
def test_what_is_open_is_what_the_shop_states_or_what_its_state_means(
    status: str, outstanding: int | None, was_paid: bool, still_open: int | None
) -> None:
    found = paid.moment_of(view(MUG, financial_status=status, outstanding_minor=outstanding), PLACED)
    assert (found.paid, found.open_minor) == (was_paid, still_open)


def test_a_moment_is_the_orders_money_as_it_shows_it() -> None:
    tip = line(2, 200, tip=True)
    none = line(3, 500, 0)
    refund = Refund(1, (RefundLine(1, 1, 900, 90),), duties_minor=20, discrepancy_minor=-10)
    order = view(
        MUG, tip, none, refunds=(refund,), tip_minor=70, duties_minor=50, parcels=(Parcel(5, 100, 9), Parcel(6, 0)),
        financial_status="partially_refunded", received_minor=4000, outstanding_minor=3, updated_at=PLACED + HOUR,
    )  # fmt: skip
    assert paid.moment_of(order, PLACED) == Moment(
        at=PLACED + HOUR,
        triggered_at=PLACED,
        paid=True,
        whole_minor=3960 + 200 + 70 + 50 + 109,
        kept_minor=2970 + 200 + 70 + 30 + 109,
        back_minor=990 + 20 + 10,
        named_minor=990 + 20,
        open_minor=3,
        received_minor=4000,
        ever={1: 4, -1: 50, -15: 109},
    )


def test_tips_count_as_far_as_they_were_not_refunded() -> None:
    tipped = view(MUG, tip_minor=500, refunds=(Refund(1, (RefundLine(9, 1, 200),)),))
    found = paid.moment_of(tipped, PLACED)
    assert (found.whole_minor, found.kept_minor) == (4460, 4260)


PENDING = moment(0, paid=False, open_minor=100)
"""How every order begins."""


def kept_of(*moments: Moment, now: OrderView = ORDER) -> list[Moment]:
    return list(paid.remembered(now, moments))


def test_what_the_newest_view_says_itself_is_not_remembered() -> None:
    now = paid.moment_of(ORDER, ORDER.updated_at)
    assert kept_of(now) == kept_of(replace(now, at=PLACED - HOUR), now) == []
    cancelled = replace(ORDER, cancelled_at=PLACED)
    assert kept_of(now, now=cancelled) == [now]
    assert kept_of(replace(now, received_minor=3960)) == [replace(now, received_minor=3960)]
    knowing = replace(ORDER, received_minor=3960)
    assert kept_of(now, now=knowing) == kept_of(replace(now, received_minor=3960), now=knowing) == []
    assert kept_of(replace(now, received_minor=3970), now=knowing) == [replace(now, received_minor=3970)]


def test_of_equal_ones_the_latest_stays_with_the_most_that_any_of_them_knows() -> None:
    first, second = moment(1, received_minor=90), moment(2)
    assert kept_of(first, second) == kept_of(second, first) == [replace(second, received_minor=90)]
    third = moment(3, received_minor=80)
    assert kept_of(first, third, second) == [replace(third, received_minor=90)]
    assert kept_of(moment(1), moment(2)) == [moment(2)]


def test_they_are_told_by_age_then_by_when_they_were_heard_of() -> None:
    early, late = moment(1), moment(2, whole=200)
    assert kept_of(late, early) == [early, late]
    same = replace(late, at=early.at, triggered_at=early.triggered_at + HOUR)
    assert kept_of(same, early) == [early, same]
    other = replace(early, whole_minor=90)  # heard of in the same moment: the order is that of what they say
    assert kept_of(early, other) == kept_of(other, early)


THINGS = [
    ("paid", {"paid": False}), ("whole_minor", {"whole_minor": 101}), ("kept_minor", {"kept_minor": 99}),
    ("back_minor", {"back_minor": 1}), ("named_minor", {"named_minor": 1}), ("open_minor", {"open_minor": 1}),
    ("ever", {"ever": {1: 2}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), THINGS, ids=[name for name, _ in THINGS])
def test_moments_that_differ_in_anything_are_two(name: str, change: dict[str, Any]) -> None:
    one = moment(1)
    other = replace(one, at=PLACED + 2 * HOUR, **change)
    assert kept_of(one, other) == [one, other]


def test_what_was_ever_there_is_the_same_in_any_order() -> None:
    assert kept_of(moment(1, ever={1: 1, 2: 3}), moment(2, ever={2: 3, 1: 1})) == [moment(2, ever={2: 3, 1: 1})]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, False),
        ({"kept_minor": 90, "open_minor": 90}, True),
        ({"back_minor": 5}, True),
        ({"received_minor": 5}, True),
        ({"received_minor": 0}, False),
        ({"open_minor": 40}, True),
        ({"open_minor": None}, True),
        ({"whole_minor": 90, "kept_minor": 90, "open_minor": 90}, True),
        ({"ever": {1: 2}}, True),
    ],
)
def test_an_order_that_is_not_paid_yet_says_something_only_where_it_was_different(
    change: dict[str, Any], says: bool
) -> None:
    """Beside the moment in which it was paid, with the same things on it."""
    begun = replace(PENDING, **change)
    was_paid = moment(1)
    assert kept_of(begun, was_paid) == ([begun, was_paid] if says else [was_paid])
    assert kept_of(replace(PENDING, whole_minor=90, kept_minor=90, open_minor=90)) != []


def test_what_was_paid_is_looked_for_in_the_newest_view_as_well() -> None:
    now = paid.moment_of(ORDER, ORDER.updated_at)
    begun = replace(now, paid=False, open_minor=now.kept_minor, at=PLACED - HOUR)
    assert kept_of(begun) == []
    waiting = replace(ORDER, financial_status="pending")
    assert kept_of(replace(begun, open_minor=5), now=waiting) == [replace(begun, open_minor=5)]
    other = replace(begun, ever={1: 4, 2: 1})
    assert kept_of(other) == [other]


def received(*moments: Moment, rate: tuple[int, int] | None = None) -> int:
    """What came in by the last of these moments."""
    return paid.received(replace(ORDER, earlier=moments[:-1], rate=rate), moments[-1])


@pytest.mark.parametrize(
    ("first", "came_in"),
    [
        (moment(), 100),
        (moment(kept=60, back_minor=40), 100),
        (moment(open_minor=30), 100),  # paid as a whole, and then grew
        (moment(paid=False, open_minor=100), 0),
        (moment(paid=False, open_minor=30), 70),
        (moment(paid=False, open_minor=0), 100),
        (moment(paid=False, open_minor=None), 0),
        (moment(paid=False, open_minor=130), 0),
        (moment(paid=False, kept=60, open_minor=30), 30),
    ],
)
def test_what_came_in_before_it_was_first_seen(first: Moment, came_in: int) -> None:
    assert received(first) == came_in


@pytest.mark.parametrize(
    ("said", "still_open", "rate", "came_in"),
    [
        (None, 0, None, 100), (100, 0, None, 100), (101, 0, None, 101), (98, 0, None, 98), (97, 0, None, 100),
        (97, 1, None, 97), (97, None, None, 100), (150, 0, None, 150), (0, 0, None, 100), (0, 100, None, 100),
        (102, 0, (1, 2), 100), (98, 0, (1, 2), 100), (103, 0, (1, 2), 103), (97, 1, (1, 2), 97),
    ],
)  # fmt: skip
def test_what_payments_say_counts_where_it_covers_what_is_held(
    said: int | None, still_open: int | None, rate: tuple[int, int] | None, came_in: int
) -> None:
    assert received(moment(received_minor=said, open_minor=still_open), rate=rate) == came_in


START = moment()
"""1.00, paid."""


@pytest.mark.parametrize(
    ("before", "after", "came_in"),
    [
        # nothing happened
        (START, moment(1), 100),
        # something was added, and is open, or was paid, or is open in part, or it is not said
        (START, moment(1, 150, open_minor=50), 100),
        (START, moment(1, 150, open_minor=0), 150),
        (START, moment(1, 150, open_minor=20), 130),
        (START, moment(1, 150, open_minor=None), 100),
        (START, moment(1, 150, open_minor=60), 100),
        # a pending order was paid, wholly or in part
        (PENDING, moment(1), 100),
        (PENDING, moment(1, paid=False, open_minor=40), 60),
        # what was open before is not said: what is held less what came in
        (moment(paid=False, open_minor=None), moment(1), 100),
        (moment(paid=False, open_minor=None), moment(1, paid=False, open_minor=30), 70),
        # something left, with its money
        (START, moment(1, 100, kept=60, back_minor=40), 100),
        # something left without its money, which pays for what was added
        (START, moment(1, 140, kept=100, open_minor=0), 100),
        (START, moment(1, 160, kept=120, open_minor=0), 120),
        (START, moment(1, 160, kept=120, open_minor=20), 100),
        # a part of it went back: the rest pays
        (START, moment(1, 140, kept=100, back_minor=30, open_minor=0), 130),
        (START, moment(1, 140, kept=100, back_minor=40, open_minor=0), 140),
        (START, moment(1, 140, kept=100, back_minor=50, open_minor=0), 140),
        # something of what was open left: it need not be paid any more
        (moment(paid=False, open_minor=100), moment(1, 100, kept=60, paid=True), 60),
        (moment(0, 150, open_minor=50), moment(1, 150, kept=100), 150),
        (moment(0, 150, open_minor=50), moment(1, 150, kept=120), 170),
        # something was open and more was added: all of it was paid, or a part
        (moment(paid=False, open_minor=50), moment(1, 150), 150),
        (moment(paid=False, open_minor=50), moment(1, 150, paid=False, open_minor=20), 130),
        # what left without its money pays for what was open first, and then for what was added
        (moment(0, 150, paid=False, open_minor=50), moment(1, 230, kept=150), 150),
        (moment(0, 150, paid=False, open_minor=50), moment(1, 230, kept=180), 180),
        (moment(0, 150, paid=False, open_minor=50), moment(1, 160, kept=80), 100),
    ],
)
def test_what_came_in_from_one_moment_to_the_next(before: Moment, after: Moment, came_in: int) -> None:
    assert received(before, after) == came_in


def test_money_that_was_given_back_beyond_pays_for_nothing_that_is_added_later() -> None:
    goodwill = moment(1, back_minor=30)
    assert received(START, goodwill) == 100
    assert received(START, goodwill, moment(2, 150, back_minor=30, open_minor=0)) == 150
    # what left without its money does
    left = moment(1, kept=60)
    assert received(START, left) == 100
    assert received(START, left, moment(2, 130, kept=90, open_minor=0)) == 100
    assert received(START, left, moment(2, 150, kept=110, open_minor=0)) == 110
    # and so it does where it was named by a refund that moved less
    named = moment(1, kept=60, back_minor=10, named_minor=40)
    assert received(START, named, moment(2, 130, kept=90, back_minor=10, named_minor=40, open_minor=0)) == 100


def test_each_moment_goes_on_from_the_one_before_and_from_what_payments_said_there() -> None:
    assert received(PENDING, moment(1, paid=False, open_minor=40), moment(2)) == 100
    assert received(moment(received_minor=130), moment(1, 150, open_minor=0)) == 150
    assert received(moment(received_minor=130), moment(1, 200, open_minor=0)) == 200
    assert received(START, moment(1, 150, open_minor=0), moment(2, 150, kept=100, back_minor=50)) == 150


def test_the_last_moment_at_which_nothing_was_open() -> None:
    settled, grown, older = moment(1), moment(2, 150, open_minor=50), moment(0, 90)
    assert paid.last_settled(replace(ORDER, earlier=(older, settled, grown))) is settled
    assert paid.last_settled(replace(ORDER, earlier=(older, grown))) is older
    assert paid.last_settled(replace(ORDER, earlier=(grown, PENDING, moment(3, paid=False)))) is None
    assert paid.last_settled(replace(ORDER, earlier=(moment(3, open_minor=None),))) == moment(3, open_minor=None)
    assert paid.last_settled(ORDER) is None


@pytest.mark.parametrize(
    ("status", "earlier", "was", "is_now"),
    [
        ("pending", (START,), True, True), ("partially_paid", (PENDING, START), True, True),
        ("authorized", (START,), True, True), ("pending", (PENDING,), False, False), ("voided", (START,), True, False),
        ("refunded", (START,), True, False), ("paid", (PENDING,), True, True),
    ],
)  # fmt: skip
def test_an_order_that_was_paid_and_then_grew_is_paid(
    status: str, earlier: tuple[Moment, ...], was: bool, is_now: bool
) -> None:
    order = view(MUG, financial_status=status, earlier=earlier)
    assert (paid.was_paid(order), paid.is_paid(order)) == (was, is_now)
