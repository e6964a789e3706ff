"""Tiers: a pure function of what was done, the rules, the day and what was held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules.programme import Programme
from plugin.rules.tiers.placing import Aim, Done, Held, standing
from plugin.rules.tiers.tier_rules import PRESETS, Tier, Tiers, key_for, preset
from plugin.rules.tiers.tier_warnings import warning_due
from tests.reached import reach, reaches

SILVER = Tier(key="silver", name="Silver", enter=Decimal(100), keep=Decimal(80))
GOLD = Tier(key="gold", name="Gold", enter=Decimal(300))
CALENDAR = Tiers(levels=(SILVER, GOLD))
ROLLING = Tiers(levels=(SILVER, GOLD), window="rolling", window_days=30, validity="window", grace_days=10)
DAY = timedelta(days=1)
MARCH = date(2026, 3, 1)


def spent(on: date, amount: int) -> Done:
    return Done(on, amount * 100)


def test_a_tier_is_reached_on_the_day_its_mark_is_met_and_not_a_cent_before() -> None:
    assert standing([Done(MARCH, 9_999)], CALENDAR, "USD", MARCH).held == Held()
    found = standing([spent(MARCH, 100)], CALENDAR, "USD", MARCH)
    assert (found.held.tier, found.held.since, found.change) == ("silver", MARCH, "reached")


def test_a_jump_over_a_tier_reaches_the_highest_one() -> None:
    assert standing([spent(MARCH, 350)], CALENDAR, "USD", MARCH).held.tier == "gold"


def test_marks_follow_the_currency_and_the_metric() -> None:
    assert standing([Done(MARCH, 100)], CALENDAR, "JPY", MARCH).held.tier == "silver"
    orders = Tiers(levels=(Tier(key="three", name="Three", enter=Decimal(3)),), metric="orders")
    assert standing([Done(MARCH, 1)] * 3, orders, "USD", MARCH).held.tier == "three"


def test_reached_in_a_year_it_lasts_until_the_end_of_the_next() -> None:
    held = Held("silver", MARCH)
    done = [spent(MARCH, 100)]
    last = date(2027, 12, 31)
    found = standing(done, CALENDAR, "USD", last, held)
    assert found.held.tier == "silver"
    assert found.lost_on == last + DAY
    assert found.keep == Aim("silver", 8_000, last)
    assert standing(done, CALENDAR, "USD", last + DAY, held).change == "lowered"


def test_the_keep_mark_keeps_where_the_enter_mark_would_not() -> None:
    done = [spent(MARCH, 100), spent(date(2027, 6, 1), 80)]
    found = standing(done, CALENDAR, "USD", date(2028, 1, 1), Held("silver", MARCH))
    assert (found.held.tier, found.lost_on) == ("silver", date(2029, 1, 1))


def test_a_rolling_window_drops_on_its_day_and_the_grace_days_pass_first() -> None:
    done, held = [spent(MARCH, 100)], Held("silver", MARCH)
    last = MARCH + 29 * DAY
    before = standing(done, ROLLING, "USD", last, held)
    assert before.held.below_since is None
    assert before.lost_on == last + 11 * DAY
    assert before.keep == Aim("silver", 8_000, last)
    first_below = standing(done, ROLLING, "USD", last + DAY, held).held
    assert first_below.below_since == last + DAY
    assert standing(done, ROLLING, "USD", last + 10 * DAY, first_below).held.tier == "silver"
    assert standing(done, ROLLING, "USD", last + 11 * DAY, first_below).held == Held()


def test_what_is_spent_in_the_grace_days_keeps_the_tier() -> None:
    done = [spent(MARCH, 100), spent(MARCH + 35 * DAY, 80)]
    held = Held("silver", MARCH, below_since=MARCH + 30 * DAY)
    found = standing(done, ROLLING, "USD", MARCH + 35 * DAY, held)
    assert (found.held.tier, found.held.below_since) == ("silver", None)


def test_a_refund_takes_the_validity_with_it() -> None:
    found = standing([spent(MARCH, 30)], CALENDAR, "USD", MARCH + DAY, Held("gold", MARCH))
    assert (found.held.tier, found.change) == ("", "lowered")


def test_a_refund_lowers_to_what_is_still_earned() -> None:
    found = standing([spent(MARCH, 120)], CALENDAR, "USD", MARCH + DAY, Held("gold", MARCH))
    assert found.held.tier == "silver"


def test_by_one_step_holds_the_lower_tier_for_one_period() -> None:
    one = CALENDAR.model_copy(update={"downgrade": "one"})
    found = standing([], one, "USD", date(2028, 1, 1), Held("gold", MARCH))
    assert (found.held.tier, found.held.stepped_until) == ("silver", date(2029, 12, 31))
    later = standing([], one, "USD", date(2029, 12, 31), found.held)
    assert (later.held.tier, later.lost_on) == ("silver", date(2030, 1, 1))
    assert standing([], one, "USD", date(2030, 1, 1), found.held).held.tier == ""


def test_what_staff_set_stands_until_its_day_whatever_is_spent() -> None:
    held = Held("gold", MARCH, pinned=True, pinned_until=MARCH + 9 * DAY)
    found = standing([], CALENDAR, "USD", MARCH + 9 * DAY, held)
    assert (found.held, found.lost_on) == (held, MARCH + 10 * DAY)
    assert standing([], CALENDAR, "USD", MARCH + 10 * DAY, held).change == "lowered"
    for_good = replace(held, pinned_until=None)
    assert standing([], CALENDAR, "USD", date(2040, 1, 1), for_good).held.tier == "gold"


def test_the_next_step_says_what_is_missing_and_skips_what_is_hidden() -> None:
    found = standing([spent(MARCH, 40)], CALENDAR, "USD", MARCH)
    assert found.reach == Aim("silver", 6_000, date(2026, 12, 31))
    hidden = CALENDAR.model_copy(update={"levels": (SILVER.model_copy(update={"hidden": True}), GOLD)})
    assert standing([spent(MARCH, 40)], hidden, "USD", MARCH).reach == Aim("gold", 26_000, date(2026, 12, 31))
    rolling = standing([spent(MARCH, 40)], ROLLING, "USD", MARCH + 5 * DAY)
    assert rolling.reach == Aim("silver", 6_000, MARCH + 29 * DAY)


def test_a_lifetime_is_never_lost_by_time() -> None:
    ever = CALENDAR.model_copy(update={"window": "lifetime"})
    found = standing([spent(MARCH, 100)], ever, "USD", date(2060, 1, 1), Held("silver", MARCH))
    assert (found.held.tier, found.lost_on, found.keep) == ("silver", None, None)


def test_a_calendar_window_alone_ends_with_the_year() -> None:
    bare = CALENDAR.model_copy(update={"validity": "window"})
    found = standing([spent(MARCH, 500)], bare, "USD", date(2026, 12, 31), Held("gold", MARCH))
    assert (found.held.tier, found.lost_on, found.keep) == ("gold", date(2027, 1, 1), None)


AMOUNTS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40_000)), max_size=12)
RULES = st.builds(
    Tiers,
    levels=st.just((SILVER, GOLD)),
    metric=st.just("spend"),
    window=st.sampled_from(["lifetime", "rolling", "calendar"]),
    window_days=st.integers(1, 400),
    validity=st.sampled_from(["window", "days", "next_year"]),
    validity_days=st.integers(1, 400),
    grace_days=st.integers(0, 40),
    downgrade=st.sampled_from(["earned", "one"]),
)
HELD = st.builds(
    Held,
    tier=st.sampled_from(["", "silver", "gold"]),
    since=st.just(MARCH),
    below_since=st.none() | st.integers(0, 900).map(lambda n: MARCH + n * DAY),
)


LATELY = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 15_000)), max_size=4)
"""So many days ago, so many cents."""
MORE = st.integers(1, 40_000) | st.integers(8_000, 40_000)


@reaches(ranks_differ=0.03, some_tier=0.25)
@given(LATELY, st.integers(0, 60), MORE, RULES, HELD, st.integers(200, 900))
def test_more_spend_never_means_a_lower_tier(
    amounts: list[tuple[int, int]], ago: int, more: int, rules: Tiers, held: Held, days: int
) -> None:
    today = MARCH + days * DAY
    done = [Done(today - n * DAY, amount) for n, amount in amounts]
    less = rules.rank(standing(done, rules, "USD", today, held).held.tier)
    found = rules.rank(standing([*done, Done(today - ago * DAY, more)], rules, "USD", today, held).held.tier)
    assert found >= less
    if found >= 0:
        reach("some_tier")
    if found > less:
        reach("ranks_differ")


@reaches(lost=0.1, after_grace=0.05)
@given(st.integers(10_000, 40_000), AMOUNTS, RULES, st.lists(st.integers(1, 250), min_size=12, max_size=24))
def test_whenever_it_is_looked_at_nothing_is_lost_before_its_grace_and_every_loss_was_foretold(
    first: int, amounts: list[tuple[int, int]], rules: Tiers, hops: list[int]
) -> None:
    """Begins with an order that reaches a tier; a look comes no later than on the day that was foretold."""
    done = [Done(MARCH, first), *(Done(MARCH + n * DAY, amount) for n, amount in amounts[:4])]
    held, foretold, today = Held(), None, MARCH
    for hop in hops:
        found = standing(done, rules, "USD", today, held)
        if found.change == "lowered":
            reach("lost")
            if held.below_since is not None:
                reach("after_grace")
            assert foretold == today
            assert held.below_since is None or held.below_since + rules.grace_days * DAY <= today
        held, foretold = found.held, found.lost_on
        assert foretold is None or foretold > today
        today = min(today + hop * DAY, foretold or date.max)


@reaches(aim=0.2)
@settings(max_examples=300)
@given(AMOUNTS, RULES, HELD, st.integers(0, 900))
def test_doing_what_keep_says_keeps_the_tier(
    amounts: list[tuple[int, int]], rules: Tiers, held: Held, today: int
) -> None:
    assume(all(day is None or day <= MARCH + today * DAY for day in (held.since, held.below_since)))
    done = [Done(MARCH + n * DAY, amount) for n, amount in amounts if n <= today]
    found = standing(done, rules, "USD", MARCH + today * DAY, held)
    if found.keep is None or found.keep.by is None or found.lost_on is None:
        return
    reach("aim")
    kept = [*done, Done(found.keep.by, found.keep.missing)]
    later = standing(kept, rules, "USD", found.lost_on, found.held)
    assert rules.rank(later.held.tier) >= rules.rank(found.held.tier)


def test_each_warning_is_given_once_and_the_tightest_after_a_pause() -> None:
    lost = MARCH + 28 * DAY
    assert warning_due(lost, MARCH - DAY, None) is None
    assert warning_due(lost, MARCH, None) == 28
    assert warning_due(lost, MARCH + DAY, 28) is None
    assert warning_due(lost, MARCH + 14 * DAY, 28) == 14
    assert warning_due(lost, MARCH + 27 * DAY, 28) == 1
    assert warning_due(lost, lost, None) == 1
    assert warning_due(None, MARCH, None) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"levels": (GOLD, SILVER)}, "1.enter"),
        ({"levels": (SILVER, GOLD.model_copy(update={"enter": Decimal(100)}))}, "1.enter"),
        ({"levels": (SILVER, GOLD.model_copy(update={"name": "SILVER"}))}, "1.name"),
        ({"levels": (SILVER.model_dump() | {"keep": Decimal(101)},)}, "levels.0.keep"),
        ({"window_days": 0}, "window_days"),
        ({"levels": (SILVER,) * 13}, "levels"),
        ({"metric": "orders", "levels": (SILVER.model_copy(update={"enter": Decimal("2.5"), "keep": None}),)}, "enter"),
    ],
)
def test_a_ladder_that_is_none_is_refused_by_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Tiers.model_validate(CALENDAR.model_dump() | change)


def test_a_programme_from_before_tiers_still_reads_and_keys_stay_apart() -> None:
    assert Programme.model_validate({}).tiers == Tiers()
    assert key_for("Très Chic!", []) == "tr-s-chic"
    assert key_for("金", ["tier"]) == "tier-2"


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("yearly_spend", 1, [100, 300, 1000]),
        ("yearly_spend", 50, [5000, 15_000, 50_000]),
        ("orders", 50, [2, 5, 10]),
        ("lifetime_points", 50, [500, 2000]),
    ],
)
def test_only_the_money_of_a_ready_made_ladder_grows_with_the_currency(
    name: str, unit: int, expected: list[int]
) -> None:
    found = preset(name, Decimal(unit))
    assert [tier.enter for tier in found.levels] == expected
    assert found == PRESETS[name].model_copy(update={"levels": found.levels})
