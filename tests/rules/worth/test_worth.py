"""What an order is still worth, part by part: what is open, what went back beyond, and that nothing of it is kept."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from plugin.rules.types import Buyer, Moment, Moved, OrderView, Parcel, Refund, RefundLine
from plugin.rules.worth import worth as module
from plugin.rules.worth.kept import parts
from plugin.rules.worth.worth import Steps, bought_share, untouched, worth
from tests.rules.generated import PLACED, line, view

MUG, TRAY = line(1, 1000), line(2, 3000)
BOTH = frozenset({1, 2})
TWO = view(MUG, TRAY)
NOTHING = Steps(0, 0, 0, 0, on_its_way=False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"refunds": (Refund(1),)}, False),
        ({"earlier": (Moment(PLACED, PLACED, True, 1, 1, 0, 0, 0),)}, False),
        ({"outstanding_minor": 0, "financial_status": "pending"}, True),
        ({"outstanding_minor": 5}, True),
        ({"outstanding_minor": 5, "financial_status": "pending"}, False),
        ({"outstanding_minor": 5, "received_minor": 0}, False),
        ({"duties_minor": 9, "duties_now_minor": 9}, True),
        ({"duties_minor": 9, "duties_now_minor": None}, True),
        ({"duties_minor": 9, "duties_now_minor": 8}, False),
        ({"parcels": (Parcel(5, 100),)}, True),
        ({"parcels": (Parcel(5, 100, now_minor=100),)}, True),
        ({"parcels": (Parcel(5, 100, now_minor=90),)}, False),
        ({"parcels": (Parcel(4, 100), Parcel(5, 100, removed=True))}, False),
        ({"lines": (replace(MUG, current_quantity=2),)}, True),
        ({"lines": (MUG, replace(TRAY, current_quantity=0))}, False),
    ],
)
def test_whether_all_that_was_bought_is_there_and_paid(change: dict[str, Any], told: bool) -> None:
    assert untouched(replace(TWO, **change)) is told


def gone(*rows: RefundLine, **more: Any) -> OrderView:
    """Both, and a refund."""
    return replace(TWO, refunds=(Refund(1, rows, **more),), financial_status="partially_refunded")


@pytest.mark.parametrize(
    ("order", "mug", "tray", "steps"),
    [
        (TWO, 1, 1, {}),
        (gone(RefundLine(2, 1, 3000)), 1, 0, {"left_minor": 3000, "same_money_minor": 3000}),
        # 4.00 beyond: a tenth of everything that is kept
        (gone(discrepancy_minor=-400), Fraction(9, 10), Fraction(9, 10), {"beyond_minor": 400}),
        # the mug came back, with 3.00 more
        (gone(RefundLine(1, 1, 1000), discrepancy_minor=-300), 0, Fraction(9, 10),
         {"left_minor": 1000, "same_money_minor": 1000, "beyond_minor": 300}),
        # it came back for less, and no money went back at all
        (gone(RefundLine(1, 1, 1000), discrepancy_minor=400), 0, 1, {"left_minor": 1000, "same_money_minor": 600}),
        (gone(RefundLine(1, 1, 1000), moved=()), 0, 1, {"left_minor": 1000}),
        (gone(RefundLine(1, 1, 1000), pending=True), 0, 1, {"left_minor": 1000, "on_its_way": True}),
        # everything is given back beyond
        (gone(discrepancy_minor=-4000), 0, 0, {"beyond_minor": 4000}),
        (gone(discrepancy_minor=-5000), 0, 0, {"beyond_minor": 5000}),
        (gone(RefundLine(1, 1, 1000), RefundLine(2, 1, 3000), discrepancy_minor=-50), 0, 0,
         {"left_minor": 4000, "same_money_minor": 4000, "beyond_minor": 50}),
    ],
)  # fmt: skip
def test_what_left_and_what_went_back(order: OrderView, mug: object, tray: object, steps: dict[str, Any]) -> None:
    found = worth(order, BOTH)
    assert (found.shares, found.steps) == ({1: mug, 2: tray}, replace(NOTHING, **steps))
    assert found.with_tax == found.shares
    kept = {number: 1 if not any(row.line_id == number for refund in order.refunds for row in refund.lines) else 0
            for number in BOTH}  # fmt: skip
    assert found.held == kept


def test_tax_is_a_part_of_what_is_kept_and_of_what_is_open() -> None:
    taxed = replace(MUG, tax_minor=100)
    found = worth(
        replace(gone(RefundLine(1, 1, 500, 0)), lines=(replace(taxed, quantity=2, current_quantity=2),)), BOTH
    )
    assert found.shares == {1: Fraction(1, 2)}
    assert found.with_tax == {1: Fraction(1100, 2100)}


def test_a_tip_bears_no_part_of_what_went_back_beyond() -> None:
    tip = line(3, 500, tip=True)
    found = worth(replace(gone(discrepancy_minor=-400), lines=(MUG, TRAY, tip)), BOTH)
    assert found.shares == {1: Fraction(9, 10), 2: Fraction(9, 10), 3: 1}
    beyond = worth(replace(gone(discrepancy_minor=-400), lines=(tip,)), BOTH)
    assert (beyond.shares, beyond.steps.beyond_minor) == ({3: 1}, 400)


def test_what_costs_nothing_has_no_share_with_tax() -> None:
    free = line(3, 0)
    found = worth(replace(gone(discrepancy_minor=-400), lines=(MUG, TRAY, free)), BOTH)
    assert (set(found.shares), set(found.with_tax), found.held) == ({1, 2, 3}, {1, 2}, {1: 1, 2: 1, 3: 1})


def before(order: OrderView, **change: Any) -> Moment:
    """An hour ago it was paid, with these things on it."""
    return replace(module.paid.moment_of(order, PLACED), at=PLACED - timedelta(hours=1), **change)


PAID_MUG = before(view(MUG))


def grown(still_open: int | None = 3000, **more: Any) -> OrderView:
    """The mug was paid, then the tray was added, and of that so much is open."""
    return replace(TWO, earlier=(PAID_MUG,), financial_status="partially_paid", outstanding_minor=still_open, **more)


@pytest.mark.parametrize(
    ("order", "earning", "mug", "tray", "still_open"),
    [
        (grown(), {1, 2}, 1, 0, 3000),
        (grown(1500), {1, 2}, 1, Fraction(1, 2), 1500),
        (grown(0), {1, 2}, 1, 1, 0),
        (grown(None), {1, 2}, 1, 0, 3000),  # not said: what is kept less what came in
        (grown(9000), {1, 2}, 1, 0, 3000),
        (grown(1500), set(), 1, Fraction(1, 2), 1500),
    ],
)
def test_what_is_open_is_of_what_was_added(
    order: OrderView, earning: set[int], mug: object, tray: object, still_open: int
) -> None:
    found = worth(order, frozenset(earning))
    assert (found.shares, found.steps) == ({1: mug, 2: tray}, replace(NOTHING, open_minor=still_open))


def test_it_is_first_of_what_earns_nothing() -> None:
    three = replace(grown(2000), lines=(MUG, TRAY, line(3, 1000)))
    assert worth(three, frozenset({1, 2})).shares == {1: 1, 2: Fraction(2, 3), 3: 0}
    assert worth(three, frozenset({1, 3})).shares == {1: 1, 2: Fraction(1, 3), 3: 1}
    assert worth(three, frozenset({1, 2, 3})).shares == {1: 1, 2: Fraction(1, 2), 3: Fraction(1, 2)}


def test_of_a_line_that_grew_only_what_was_added_is_open() -> None:
    three = replace(MUG, quantity=3, current_quantity=3)
    assert worth(replace(grown(2000), lines=(three,)), BOTH).shares == {1: Fraction(1, 3)}
    assert worth(replace(grown(1000), lines=(three,)), BOTH).shares == {1: Fraction(2, 3)}
    lost = replace(three, current_quantity=2)  # those that left were the old ones
    assert worth(replace(grown(2000), lines=(lost,)), BOTH).shares == {1: 0}


def test_a_tip_is_not_what_was_added() -> None:
    tip = line(3, 3000, tip=True)
    paid = before(view(MUG, tip))
    assert worth(replace(grown(3000), lines=(MUG, TRAY, tip), earlier=(paid,)), BOTH).shares == {1: 1, 2: 0, 3: 1}
    tray_earns = worth(replace(grown(3000), lines=(MUG, TRAY, tip), earlier=(paid,)), frozenset({2}))
    assert tray_earns.shares == {1: 1, 2: 0, 3: 1}


@pytest.mark.parametrize(
    ("was", "now", "still_open", "shares"),
    [
        ((), (Parcel(5, 1000),), 500, {-15: Fraction(1, 2)}),
        # another way of sending is added only as far as it costs more
        ((Parcel(4, 400),), (Parcel(4, 400, removed=True), Parcel(5, 1000)), 600, {-14: 0, -15: Fraction(2, 5)}),
        ((Parcel(4, 1000),), (Parcel(4, 1000, removed=True), Parcel(5, 1000)), 500, {-14: 0, -15: 1}),
        ((Parcel(4, 1000),), (Parcel(4, 1000), Parcel(5, 1000)), 1000, {-14: Fraction(1, 2), -15: Fraction(1, 2)}),
    ],
)
def test_shipping_that_was_added(
    was: tuple[Parcel, ...], now: tuple[Parcel, ...], still_open: int, shares: dict[int, object]
) -> None:
    earlier = before(view(MUG, parcels=was))
    order = view(MUG, parcels=now, earlier=(earlier,), financial_status="partially_paid", outstanding_minor=still_open)
    assert worth(order, frozenset({1, *shares})).shares == {1: 1, **shares}


def test_points_at_once_take_what_is_open_as_paid() -> None:
    found = worth(grown(), BOTH, at_once=True)
    assert (found.shares, found.steps) == ({1: 1, 2: 1}, NOTHING)
    back = replace(grown(), refunds=(Refund(1, discrepancy_minor=-400),))
    assert worth(back, BOTH, at_once=True).shares == {1: Fraction(9, 10), 2: Fraction(9, 10)}


def test_of_what_was_never_paid_all_counts_once_it_is_judged() -> None:
    waiting = replace(TWO, financial_status="partially_paid", outstanding_minor=1000)
    assert worth(waiting, BOTH).shares == {1: 1, 2: 1}
    assert worth(replace(waiting, refunds=(Refund(1, discrepancy_minor=-400),)), BOTH).shares == {
        1: Fraction(9, 10), 2: Fraction(9, 10),
    }  # fmt: skip


def test_an_order_that_was_settled_again_has_nothing_open() -> None:
    assert worth(replace(grown(), financial_status="paid"), BOTH).shares == {1: 1, 2: 1}
    never = replace(grown(), earlier=(replace(PAID_MUG, open_minor=5),))
    assert worth(never, BOTH).steps.open_minor == 0


@pytest.mark.parametrize(
    ("order", "share"),
    [
        (TWO, 1),
        (grown(), Fraction(1, 4)),
        (grown(1000), Fraction(3, 4)),
        (grown(0), 1),
        (replace(grown(), reading=1), 1),
        (replace(TWO, financial_status="pending", outstanding_minor=5), 1),
        (replace(grown(), lines=()), 1),
        (gone(RefundLine(1, 1, 1000)), 1),
        (replace(gone(), received_minor=5000), 1),
        (replace(gone(), received_minor=4100, outstanding_minor=0), 1),
    ],
)
def test_the_part_of_what_was_bought_for_which_money_came_in(order: OrderView, share: object) -> None:
    assert bought_share(order) == share


class TestWhatIsRemembered:
    def order(self, address: str = "ana@example.com") -> OrderView:
        return replace(gone(discrepancy_minor=-400), buyer=Buyer(7, address, "Ana", "Reyes"))

    def test_the_same_view_is_weighed_once_for_each_question(self, monkeypatch: pytest.MonkeyPatch) -> None:
        weighed: list[OrderView] = []
        monkeypatch.setattr(module, "parts", lambda view: weighed.append(view) or parts(view))
        order = self.order()
        first = worth(order, BOTH)
        assert worth(order, frozenset({2, 1})) is first
        assert weighed == [order]
        others = [worth(order, frozenset({1})), worth(order, BOTH, at_once=True), worth(replace(order), BOTH)]
        assert len(weighed) == 4
        assert all(one is not first for one in others)
        assert others[2] == first

    def test_nothing_of_a_view_stays_when_nobody_needs_it_any_more(self) -> None:
        gc.collect()
        known = len(module._ANSWERED)
        order = self.order("erased@planted.example")
        found = worth(order, BOTH)
        assert len(module._ANSWERED) == known + 1
        del order
        gc.collect()
        assert len(module._ANSWERED) == known
        left = [one for one in gc.get_objects() if type(one) in (OrderView, Buyer) and "planted" in repr(one)]
        assert left == []
        assert "planted" not in repr(found)

    def test_a_thousand_orders_leave_nothing(self) -> None:
        gc.collect()
        known = len(module._ANSWERED)
        for number in range(1000):
            worth(self.order(f"buyer{number}@planted.example"), BOTH)
        gc.collect()
        assert len(module._ANSWERED) == known


def test_money_that_went_back_pays_for_nothing_that_is_kept() -> None:
    """Of 40.00, 10.00 left with its money; and 10.00 more by another payment."""
    order = gone(RefundLine(1, 1, 1000), moved=(Moved("visa", "USD", 1000), Moved("cash", "USD", 1000)))
    found = worth(order, BOTH)
    assert found.shares == {1: 0, 2: Fraction(2, 3)}
    assert found.steps == Steps(1000, 1000, 1000, 0, on_its_way=False)
