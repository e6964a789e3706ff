"""What a draft would change: the same orders and members under both programmes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from plugin.rules.programme import Earning, Programme
from plugin.rules.tiers.placing import Done, Held
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import Known
from plugin.rules.versions.preview import EXAMPLES, Case, Move, goes_up, judged, moves
from tests.rules.generated import line, view

DAY, MARCH = timedelta(days=1), date(2026, 3, 1)
SILVER = Tier(key="silver", name="Silver", enter=Decimal(100), multiplier=Decimal(2))
GOLD = Tier(key="gold", name="Gold", enter=Decimal(300))
OLD = Tiers(levels=(SILVER, GOLD))


def test_the_sums_and_the_orders_that_differ_most() -> None:
    cases = [
        Case(view(line(1, 100 * much), order_id=much, name=f"#{much}"), Known(), tier)
        for much, tier in ((1, ""), (2, ""), (3, "silver"), (4, "gone"), (5, ""), (6, ""), (7, ""))
    ]
    before, after = Programme(tiers=OLD), Programme(tiers=OLD, earning=Earning(points=3))
    found = judged(cases, before, after, {}, None)
    assert (found.orders, found.before, found.after) == (7, 31, 93)
    assert [(one.order_id, one.name, one.before, one.after) for one in found.examples] == [
        (7, "#7", 7, 21), (3, "#3", 6, 18), (6, "#6", 6, 18), (5, "#5", 5, 15), (4, "#4", 4, 12),
    ]  # fmt: skip
    assert found.examples[0].reasons[-1].values["points"] == 21
    assert EXAMPLES == 5
    same = judged(cases, before, before, {}, None)
    assert (same.before, same.after, same.examples) == (31, 31, ())


def test_what_falls_differs_as_much_as_what_rises() -> None:
    """A tier's members lose what everybody else wins: the orders that differ most come first, whichever way."""
    tiers = Tiers(levels=(SILVER.model_copy(update={"multiplier": Decimal(9)}), GOLD))
    cases = [Case(view(line(1, 100 * much), order_id=much), Known(), tier)
             for much, tier in ((20, ""), (4, "silver"), (10, ""), (1, "silver"))]  # fmt: skip
    before, after = Programme(tiers=tiers), Programme(tiers=OLD, earning=Earning(points=2))
    found = judged(cases, before, after, {}, None)
    assert [(one.order_id, one.before, one.after) for one in found.examples] == [
        (20, 20, 40), (4, 36, 16), (10, 10, 20), (1, 9, 4),
    ]  # fmt: skip


def test_what_was_placed_before_the_programme_counts_for_neither() -> None:
    case = Case(view(line(1, 1000)), Known())
    placed = case.view.placed_at
    found = [judged([case], Programme(), Programme(), {}, at) for at in (placed, placed + DAY)]
    assert [(one.before, one.after, one.orders) for one in found] == [(10, 10, 1), (0, 0, 1)]


def test_who_would_go_up_at_once_and_who_could_no_longer_keep_their_tier() -> None:
    held, spent = Held("silver", MARCH), [Done(MARCH, 10_000)]
    dearer = Tiers(levels=(SILVER.model_copy(update={"enter": Decimal(101)}), GOLD), grace_days=30, validity="window")
    cheaper = Tiers(levels=(SILVER, GOLD.model_copy(update={"enter": Decimal(101)})))
    people = [
        (1, held, spent, -1),
        (2, held, [Done(MARCH, 10_100)], -1),
        (3, Held(), [], -1),
        (4, Held("silver", MARCH, pinned=True), [], -1),
        (5, Held("bronze", MARCH), [], -1),
        (6, held, [], 1),
    ]
    assert moves(people, OLD, dearer, "USD", MARCH) == [Move(1, "silver", ""), Move(6, "silver", "gold")]
    assert moves(people, OLD, cheaper, "USD", MARCH) == [
        Move(2, "silver", "gold"), Move(6, "silver", "gold"),
    ]  # fmt: skip
    in_grace = [(1, Held("silver", MARCH, below_since=MARCH), [], -1)]
    assert moves(in_grace, OLD, dearer, "USD", MARCH + DAY) == []


def test_whether_a_move_is_upwards() -> None:
    new = Tiers(levels=(GOLD, Tier(key="black", name="Black", enter=Decimal(900))))
    steps = [("", "gold"), ("gold", "black"), ("black", "gold"), ("gold", ""), ("silver", "gold"), ("silver", "")]
    assert not goes_up(Move(1, "gold", "gold"), OLD, new)
    assert [goes_up(Move(1, *step), OLD, new) for step in steps] == [True, True, False, False, True, False]
