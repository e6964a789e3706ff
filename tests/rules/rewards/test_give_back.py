"""What comes back of a redemption for a part of its order: a target, whatever order refunds come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.points.lots import Draw
from plugin.rules.rewards.give_back import back_of, last_drawn_first, points_back, refunded_share
from plugin.rules.rewards.redemption import held
from plugin.rules.types import Buyer, Line, OrderView, Refund, RefundLine
from tests.reached import reach, reaches

AT = datetime(2026, 11, 20, tzinfo=UTC)


def order(*prices: int, refunds: tuple[Refund, ...] = (), discount: int = 0) -> OrderView:
    lines = tuple(
        Line(n, f"L{n}", 2, 2, price, discount_minor=discount) for n, price in enumerate(prices, 1)
    )  # fmt: skip
    total = sum(2 * line.price_minor - line.discount_minor for line in lines)
    return OrderView(1, "#1", AT, AT, AT, "USD", "paid", Buyer(7), lines, refunds=refunds, total_minor=total)


def refund(number: int, line: int, quantity: int, amount: int) -> Refund:
    return Refund(number, (RefundLine(line, quantity, amount),))


def test_a_refund_of_a_quarter_gives_a_quarter_back_rounded_down() -> None:
    view = order(100, 100, refunds=(refund(1, 1, 1, 100),))
    assert refunded_share(view) == Fraction(1, 4)
    assert [points_back(99, back, view, lost=False) for back in ("none", "full", "proportional")] == [0, 0, 24]


def test_two_partial_refunds_add_up_and_a_lost_order_gives_all() -> None:
    view = order(100, 100, refunds=(refund(1, 1, 2, 200), refund(2, 2, 1, 100)))
    assert points_back(100, "proportional", view, lost=False) == 75
    assert [points_back(100, back, view, lost=True) for back in ("none", "full", "proportional")] == [0, 100, 100]


def test_of_an_order_that_is_not_known_nothing_comes_back_in_proportion_and_all_of_one_that_is_lost() -> None:
    assert points_back(100, "proportional", None, lost=False) == 0
    assert points_back(100, "proportional", None, lost=True) == 100


def test_an_amount_without_lines_counts_and_so_does_an_order_that_cost_nothing() -> None:
    assert refunded_share(order(100, refunds=(Refund(1, (), discrepancy_minor=-50),))) == Fraction(1, 4)
    free = order(100, 100, discount=200, refunds=(refund(1, 1, 2, 0),))
    assert refunded_share(free) == Fraction(1, 2)
    assert refunded_share(order()) == 0


parts = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 1), st.integers(0, 90)), max_size=6)


@reaches(some=0.4)
@given(parts=parts, points=st.integers(0, 10_000), data=st.data())
def test_it_depends_on_the_refunds_and_not_on_their_order(
    parts: list[tuple[int, int, int]], points: int, data: st.DataObject
) -> None:
    refunds = tuple(refund(n, *part) for n, part in enumerate(parts))
    view = order(100, 70, 30, refunds=refunds)
    back = points_back(points, "proportional", view, lost=False)
    mixed = replace(view, refunds=tuple(data.draw(st.permutations(refunds))))
    assert 0 <= back <= points
    if back:
        reach("some")
    assert points_back(points, "proportional", mixed, lost=False) == back
    fewer = replace(view, refunds=refunds[:-1])
    assert points_back(points, "proportional", fewer, lost=False) <= back


@reaches(in_part=0.2, all_of_it=0.1)
@given(draws=st.lists(st.integers(1, 50), max_size=5), points=st.integers(0, 150))
def test_what_was_drawn_last_comes_back_first(draws: list[int], points: int) -> None:
    given = tuple(Draw(n, part) for n, part in enumerate(draws))
    found = last_drawn_first(given, points)
    assert sum(draw.points for draw in found) == min(points, sum(draws))
    assert [draw.lot_id for draw in found] == list(range(len(found)))
    assert all(draw.points == draws[draw.lot_id] for draw in found[:-1])
    if 0 < points < sum(draws):
        reach("in_part")
    elif found:
        reach("all_of_it")


@pytest.mark.parametrize(
    ("stored", "back"),
    [(True, "full"), (False, "none"), (None, "full"), ("none", "none"), ("proportional", "proportional")],
)
def test_old_redemptions_keep_what_they_were_promised(stored: object, back: str) -> None:
    assert back_of(stored) == back


def test_what_the_ledger_holds_in_each_state() -> None:
    assert held(100, "reserved", given_back=False) == 100
    assert held(100, "reserved", given_back=False, deduct="ordered") == 0
    assert held(100, "captured", given_back=False, deduct="ordered") == 100
    assert held(100, "captured", given_back=False, back_points=30, deduct="ordered") == 70
    assert held(100, "captured", given_back=True, back_points=30) == 0
    assert held(100, "released", given_back=False) == 0
