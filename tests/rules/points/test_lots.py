"""Points are drawn from lots, pay debts and make balances, and none is ever made or lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.points.lots import Draw, Lot, balances, draw, pay_debt
from tests.reached import reach, reaches

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@st.composite
def lots(pick: st.DrawFn) -> list[Lot]:
    made = []
    for number in range(1, pick(st.integers(0, 6)) + 1):
        days = st.integers(-30, 30).map(lambda days: NOW + timedelta(days=days))
        subject = pick(st.sampled_from(["order:1", "order:2"]))
        left, expires = pick(st.integers(0, 500)), pick(st.none() | days)
        made.append(Lot(number, number * 10, left, pick(days), expires, subject))
    return made


@reaches(enough=0.2, too_few=0.05)
@given(lots(), st.integers(0, 2000), st.sampled_from(["", "order:1"]))
def test_a_draw_and_what_is_missing_add_up_and_no_lot_gives_more_than_it_holds(
    held: list[Lot], points: int, subject: str
) -> None:
    draws, missing = draw(held, points, subject=subject)
    left = {lot.id: lot.left for lot in held}
    assert sum(one.points for one in draws) + missing == points
    assert all(0 < one.points <= left[one.lot_id] for one in draws)
    assert len({one.lot_id for one in draws}) == len(draws)
    assert not missing or sum(left.values()) == points - missing
    reach("too_few" if missing else "enough")


@reaches(several=0.2)
@given(lots(), st.integers(0, 2000), st.randoms())
def test_the_order_in_which_lots_are_listed_does_not_matter(held: list[Lot], points: int, dice: object) -> None:
    if len(draw(held, points)[0]) > 1:
        reach("several")
    shuffled = list(held)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(shuffled, points) == draw(held, points)


def test_what_expires_first_is_spent_first_and_what_never_expires_last() -> None:
    late, soon = NOW + timedelta(days=9), NOW + timedelta(days=1)
    held = [Lot(1, 1, 5, NOW), Lot(2, 2, 5, NOW, late), Lot(3, 3, 5, NOW, soon), Lot(4, 4, 5, NOW, soon)]
    draws, missing = draw(held, 18)
    assert draws == (Draw(3, 5), Draw(4, 5), Draw(2, 5), Draw(1, 3))
    assert missing == 0


def test_a_clawback_takes_from_its_own_order_first() -> None:
    held = [Lot(1, 1, 5, NOW, NOW, "order:1"), Lot(2, 2, 5, NOW, None, "order:2")]
    assert draw(held, 7, subject="order:2") == ((Draw(2, 5), Draw(1, 2)), 0)


@reaches(left=0.1, owed=0.2)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_credit_pays_the_debt_first_and_every_point_goes_somewhere(points: int, debt: int) -> None:
    left, paid = pay_debt(points, debt)
    assert (left + paid, min(left, debt - paid)) == (points, 0)
    assert paid <= debt
    reach("left" if left else "owed")


def test_what_is_neither_pending_nor_past_its_date_is_available_less_the_debt() -> None:
    tick = timedelta(microseconds=1)
    held = [
        Lot(1, 1, 1, NOW),
        Lot(2, 2, 20, NOW - tick, NOW + tick),
        Lot(3, 3, 300, NOW + tick),
        Lot(4, 4, 4000, NOW + tick, NOW + 2 * tick),
        Lot(5, 5, 50_000, NOW - tick, NOW),
        Lot(6, 6, 600_000, NOW - 2 * tick, NOW - tick),
    ]
    assert balances(held, 0, NOW) == (21, 4300)
    assert balances(held, 100, NOW) == (-79, 4300)
    assert balances([], 7, NOW) == (-7, 0)


@reaches(pending=0.2, available=0.2)
@given(lots(), st.integers(0, 1000))
def test_what_is_available_and_pending_can_change_only_with_time(held: list[Lot], debt: int) -> None:
    """At the end of all waits nothing is pending; before all lots nothing is there but what they will bring."""
    never_ending = [replace(lot, expires_at=None) for lot in held]
    everything = sum(lot.left for lot in held)
    assert balances(never_ending, debt, NOW - timedelta(days=31)) == (-debt, everything)
    assert balances(never_ending, debt, NOW + timedelta(days=30)) == (everything - debt, 0)
    available, pending = balances(never_ending, debt, NOW)
    assert available + pending == everything - debt
    if pending:
        reach("pending")
    if available + debt:
        reach("available")
