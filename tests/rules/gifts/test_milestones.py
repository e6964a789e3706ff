"""A milestone is a function of the orders that count, whatever order they came in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules.gifts.automatic_rules import Frequent, Lapsed, Milestone, find
from plugin.rules.gifts.milestones import Placed, reached
from plugin.rules.programme import Programme
from tests.reached import reach, reaches

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST = Milestone(id="m1", name="First", points=50)
THIRD = Milestone(id="m2", name="Third", at=Decimal(3), points=50)
SPENT = Milestone(id="m3", name="100 spent", metric="spend", at=Decimal("100.50"), points=50)
PLACED = st.lists(
    st.builds(
        Placed, st.integers(1, 10**6), st.integers(0, 60).map(lambda d: NOON + timedelta(days=d)), st.integers(0, 9000)
    ),
    max_size=12, unique_by=lambda one: one.order_id,
)  # fmt: skip


def orders(*minors: int) -> list[Placed]:
    return [Placed(n, NOON + timedelta(days=n), minor) for n, minor in enumerate(minors, 1)]


@pytest.mark.parametrize(
    ("rule", "minors", "by"),
    [
        (FIRST, [], None),
        (FIRST, [0], None),
        (FIRST, [0, 1], 2),
        (THIRD, [5, 5], None),
        (THIRD, [5, 0, 5, 5, 5], 4),
        (SPENT, [5000, 5049], None),
        (SPENT, [5000, 5050], 2),
        (SPENT, [20000, 5050], 1),
    ],
)
def test_the_order_that_reaches_it(rule: Milestone, minors: list[int], by: int | None) -> None:
    found = reached(orders(*minors), rule, 2)
    assert (found.order_id if found else None) == by


def test_a_currency_without_decimals() -> None:
    rule = Milestone(id="m1", name="Yen", metric="spend", at=Decimal(1000), points=1)
    assert reached(orders(999), rule, 0) is None
    assert reached(orders(1000), rule, 0) is not None


def test_only_what_was_placed_since_it_began() -> None:
    rule = FIRST.model_copy(update={"begins_at": NOON + timedelta(days=2)})
    found = reached(orders(5, 5, 5), rule, 2)
    assert found is not None
    assert found.order_id == 2


EARLY = {"begins_at": NOON + timedelta(days=3), "earlier": True}


@pytest.mark.parametrize(
    ("rule", "count", "by"),
    [(FIRST, 5, None), (THIRD, 2, None), (THIRD, 5, 3), (THIRD.model_copy(update={"at": Decimal(2)}), 5, None)],
)
def test_orders_placed_before_count_towards_the_number_and_who_had_reached_it_gets_nothing(
    rule: Milestone, count: int, by: int | None
) -> None:
    found = reached(orders(*[5] * count), rule.model_copy(update=EARLY), 2)
    assert (found.order_id if found else None) == by


def test_an_order_from_before_the_programme_is_no_first_one_either() -> None:
    old = Placed(9, NOON, 0, before_all=True)
    rule = FIRST.model_copy(update={"begins_at": NOON + timedelta(days=1)})
    assert reached([old, *orders(5)], rule, 2) is not None
    assert reached([old, *orders(5)], rule.model_copy(update={"earlier": True}), 2) is None


@reaches(reached=0.2)
@given(PLACED, st.randoms(), st.sampled_from([FIRST, THIRD, SPENT, THIRD.model_copy(update=EARLY)]))
def test_no_order_of_arrival_matters(placed: list[Placed], random: object, rule: Milestone) -> None:
    other = list(placed)
    random.shuffle(other)  # type: ignore[attr-defined]
    if reached(placed, rule, 2):
        reach("reached")
    assert reached(placed, rule, 2) == reached(other, rule, 2)


@reaches(reached=0.2, by_one_more=0.03)
@given(PLACED, st.sampled_from([FIRST, THIRD, SPENT]))
def test_one_more_order_never_loses_it_and_one_less_never_wins_it(placed: list[Placed], rule: Milestone) -> None:
    if reached(placed[1:], rule, 2) is not None:
        reach("reached")
        assert reached(placed, rule, 2) is not None
    elif reached(placed, rule, 2) is not None:
        reach("by_one_more")


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "m1", "name": "x"},
        {"id": "m1", "name": " ", "points": 1},
        {"id": "m1", "name": "x", "points": 1, "at": "1.5"},
        {"id": "m1", "name": "x", "points": 1, "at": "0"},
        {"id": "x1", "name": "x", "points": 1},
        {"id": "m1", "name": "x", "points": -1},
        {"id": "m1", "name": "x", "points": 1, "metric": "spend", "at": "-5"},
    ],
)
def test_what_cannot_be_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Milestone.model_validate(raw)


@pytest.mark.parametrize(
    "raw",
    [
        {"trigger": "lapsed", "days": 0},
        {"trigger": "frequent", "orders": 1},
        {"trigger": "frequent", "cooldown_days": 0},
        {"trigger": "tier", "tier": ""},
        {"trigger": "tier"},
        {"trigger": "other"},
        {"trigger": "birthday", "per_member": 0},
        {"trigger": "birthday", "per_day": -1},
    ],
)
def test_a_rule_that_cannot_be_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Programme.model_validate({"automatic": [{"id": "a1", "name": "x", "points": 5} | raw]})


def test_a_programme_keeps_its_rules_and_an_old_one_has_none() -> None:
    made = Programme(
        milestones=(FIRST,), automatic=(Lapsed(id="a1", name="x", points=1), Frequent(id="a2", name="y", reward="rx"))
    )
    assert Programme.model_validate_json(made.model_dump_json()) == made
    assert find(made.automatic, "a2") == made.automatic[1]
    assert (Programme().milestones, Programme().automatic) == ((), ())
    with pytest.raises(ValidationError):
        Programme(milestones=(FIRST, FIRST))
