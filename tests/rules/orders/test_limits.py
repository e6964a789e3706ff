"""Limits a member and period: earlier orders first, whatever arrives first, in the shop's calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.orders.earning_rules import Limit, OrderEarning
from plugin.rules.orders.limits import Placed, allot, start
from tests.reached import reach, reaches

MANILA = ZoneInfo("Asia/Manila")
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
"""A Friday, at noon in Manila."""


def kept(limit: Limit | tuple[Limit, ...], *orders: tuple[timedelta, int]) -> list[int]:
    limits = limit if isinstance(limit, tuple) else (limit,)
    placed = [Placed(number, NOON + after, points, limits) for number, (after, points) in enumerate(orders)]
    return [one.points for _, one in sorted(allot(placed, MANILA).items())]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EAST = 8 * HOUR


@pytest.mark.parametrize(
    ("per", "expected"),
    [("day", [80, 20, 80, 80]), ("week", [80, 20, 0, 80]), ("month", [80, 20, 0, 0]), ("total", [80, 20, 0, 0])],
)
def test_points_a_period(per: str, expected: list[int]) -> None:
    limit = Limit(most=100, of="points", per=per)  # type: ignore[arg-type]
    assert kept(limit, (0 * HOUR, 80), (2 * HOUR, 80), (2 * DAY, 80), (4 * DAY, 80)) == expected


def test_orders_a_day_end_at_midnight_of_the_shop_and_one_that_earns_nothing_takes_no_place() -> None:
    limit = Limit(most=1, of="orders", per="day")
    assert kept(limit, (0 * HOUR, 0), (1 * HOUR, 80), (11 * HOUR, 80), (13 * HOUR, 80)) == [0, 80, 0, 80]


def test_the_tightest_of_several_limits_counts() -> None:
    limits = (Limit(most=100, of="points", per="day"), Limit(most=130, of="points", per="total"))
    assert kept(limits, (0 * HOUR, 90), (HOUR, 90), (DAY, 90)) == [90, 10, 30]
    assert start("week", datetime(2026, 11, 22, tzinfo=UTC).date()).isoformat() == "2026-11-16"


def test_a_limit_of_nothing_or_twice_is_refused() -> None:
    for wrong in ([{"most": 0}], [{"most": 1}, {"most": 2}], [{"most": 1, "per": "year"}]):
        with pytest.raises(ValueError, match=r"greater than 0|already in the list|Input should be"):
            OrderEarning.model_validate({"limits": wrong})


orders = st.lists(
    st.builds(
        Placed,
        order_id=st.integers(1, 10**6),
        at=st.integers(-500, 500).map(lambda hours: NOON + timedelta(hours=hours)),
        points=st.integers(0, 200),
        limits=st.lists(
            st.builds(
                Limit,
                most=st.integers(1, 6) | st.integers(1, 300),
                of=st.sampled_from(("points", "orders")),
                per=st.sampled_from(("day", "week", "month", "total")),
            ),
            max_size=2,
        ).map(tuple),
    ),
    max_size=12,
    unique_by=lambda one: one.order_id,
)


@reaches(limited=0.3)
@given(orders, st.randoms())
def test_the_order_of_arrival_changes_nothing(placed: list[Placed], random: st.random_module) -> None:
    shuffled = list(placed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    if any(one.by for one in allot(placed, MANILA).values()):
        reach("limited")
    assert allot(shuffled, MANILA) == allot(placed, MANILA)


PERIODS_IN_MANILA = {
    "day": lambda at: (at + EAST).strftime("%Y-%m-%d"),
    "week": lambda at: (at + EAST).strftime("%G week %V"),
    "month": lambda at: (at + EAST).strftime("%Y-%m"),
    "total": lambda at: "ever",
}
"""What a period is called there, eight hours before UTC and without summer time."""


@reaches(limited=0.15, full=0.15)
@given(orders)
def test_no_limit_is_exceeded_and_nobody_gets_more_than_they_deserve(placed: list[Placed]) -> None:
    found = allot(placed, MANILA)
    for one in placed:
        assert 0 <= found[one.order_id].points <= one.points
        assert (found[one.order_id].by is None) == (found[one.order_id].points == one.points)
    shared = placed[0].limits if placed else ()
    alike = [Placed(one.order_id, one.at, one.points, shared) for one in placed]
    kept = allot(alike, MANILA)
    if any(one.by for one in kept.values()):
        reach("limited")
    for limit in shared:
        sums: dict[str, int] = {}
        for one in alike:
            points, period = kept[one.order_id].points, PERIODS_IN_MANILA[limit.per](one.at)
            sums[period] = sums.get(period, 0) + (points if limit.of == "points" else int(points > 0))
        assert all(value <= limit.most for value in sums.values())
        if limit.most in sums.values():
            reach("full")
