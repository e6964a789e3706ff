"""When points end: policies, local days, promises, warnings, and what comes back late."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules.points.expiry import (
    FIRST,
    LAST,
    Held,
    Policy,
    add_months,
    dates_of_new,
    ends_at,
    given_back,
    in_force,
    judge,
    last_day,
)
from plugin.rules.points.expiry_rules import Expiry
from tests.reached import reach, reaches

MANILA = ZoneInfo("Asia/Manila")
NEW_YORK = ZoneInfo("America/New_York")
YEAR = Expiry(policy="after_earning", period=365)
EARNED = datetime(2026, 1, 31, 10, tzinfo=MANILA)


def lot(earned_at: datetime = EARNED, **more: object) -> Held:
    facts = {"available_at": earned_at, "active_at": earned_at, **more}
    return Held(1, 1, 100, earned_at, **facts)  # type: ignore[arg-type]


def last(held: Held, rules: Expiry, zone: ZoneInfo = MANILA, *promises: tuple[datetime, Expiry]) -> date:
    end = ends_at(held, Policy(rules, promises), zone)
    assert end is not None
    return last_day(end, zone)


def test_points_that_expire_after_365_days_are_gone_on_day_366() -> None:
    end = ends_at(lot(), Policy(YEAR), MANILA)
    assert end == datetime(2027, 2, 1, tzinfo=MANILA)
    assert last(lot(), YEAR) == EARNED.date() + timedelta(days=365)


def test_31_january_and_a_month_is_28_february() -> None:
    assert last(lot(), Expiry(policy="after_earning", period=1, unit="months")) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)


def test_a_day_ends_where_the_shop_is_also_when_clocks_change() -> None:
    late = datetime(2026, 10, 25, 3, tzinfo=UTC)  # still the 24th in New York
    end = ends_at(lot(late), Policy(Expiry(policy="after_earning", period=8)), NEW_YORK)
    assert end == datetime(2026, 11, 2, 5, tzinfo=UTC)  # a day of 25 hours before it


@pytest.mark.parametrize(
    ("earned", "months", "expected"),
    [
        (date(2026, 1, 31), 6, date(2026, 12, 31)),
        (date(2026, 8, 1), 6, date(2027, 12, 31)),
        (date(2026, 6, 30), 6, date(2026, 12, 31)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_a_calendar_date_comes_at_least_so_many_months_after_earning(earned: date, months: int, expected: date) -> None:
    held = lot(datetime(earned.year, earned.month, earned.day, 9, tzinfo=MANILA))
    rules = Expiry(policy="calendar", at_least_months=months, last_warning_days=1)
    assert last(held, rules) == (expected if months else date(2027, 1, 1))


def test_29_february_is_the_last_of_february_in_other_years() -> None:
    assert last(lot(), Expiry(policy="calendar", month=2, day=29, at_least_months=2)) == date(2027, 2, 28)


def test_activity_moves_the_end_of_everything() -> None:
    rules = Expiry(policy="inactivity", period=90)
    active = datetime(2026, 3, 1, tzinfo=MANILA)
    assert last(lot(active_at=active), rules) == date(2026, 5, 30)


def test_pending_points_do_not_end_before_they_could_be_used() -> None:
    available = EARNED + timedelta(days=60)
    held = lot(available_at=available)
    assert last(held, Expiry(policy="after_earning", period=30)) == available.date() + timedelta(days=3)


def test_switching_on_and_shortening_give_one_full_period() -> None:
    on, short = datetime(2027, 6, 1, tzinfo=MANILA), datetime(2027, 7, 1, tzinfo=MANILA)
    month = Expiry(policy="after_earning", period=30)
    history = [(EARNED, Expiry()), (on, YEAR)]
    assert ends_at(lot(), in_force(history, on - timedelta(days=1)), MANILA) is None
    policy = in_force(history, on)
    assert last(lot(), policy.rules, MANILA, *policy.promises) == date(2028, 5, 31)
    shorter = in_force([*history, (short, month)], short)
    assert len(shorter.promises) == 2
    assert last(lot(), month, MANILA, (short, month)) == date(2027, 7, 31)
    later = lot(short + timedelta(days=1))
    assert last(later, shorter.rules, MANILA, *shorter.promises) == date(2027, 8, 1)


def test_lengthening_promises_nothing_and_switching_off_forgets() -> None:
    longer = YEAR.model_copy(update={"period": 400})
    assert in_force([(EARNED, YEAR), (EARNED + timedelta(days=9), longer)], EARNED + timedelta(days=10)) == Policy(
        longer, ((EARNED, YEAR),)
    )
    off = in_force([(EARNED, YEAR), (EARNED + timedelta(days=9), Expiry())], EARNED + timedelta(days=10))
    assert off == Policy()


def test_a_lot_is_warned_of_twice_and_then_lost() -> None:
    policy, end = Policy(YEAR), datetime(2027, 2, 1, tzinfo=MANILA)
    held = lot()
    assert judge(held, policy, MANILA, EARNED).look_at == datetime(2027, 1, 1, tzinfo=MANILA)
    first = judge(held, policy, MANILA, datetime(2027, 1, 1, 0, 5, tzinfo=MANILA))
    assert (first.act, first.warning, first.look_at) == ("warn", FIRST, datetime(2027, 1, 28, tzinfo=MANILA))
    held = replace(held, warned_for=end, warnings=FIRST, warned_at=EARNED)
    assert judge(held, policy, MANILA, datetime(2027, 1, 27, tzinfo=MANILA)).act == "wait"
    second = judge(held, policy, MANILA, datetime(2027, 1, 28, 0, 5, tzinfo=MANILA))
    assert (second.act, second.warning, second.ends_at, second.kept_until) == ("warn", LAST, end, None)
    held = replace(held, warnings=LAST, told_at=end)
    assert judge(held, policy, MANILA, end - timedelta(seconds=1)).act == "wait"
    assert judge(held, policy, MANILA, end).act == "expire"


def test_a_lot_too_short_for_the_first_warning_waits_for_the_last() -> None:
    short = Policy(Expiry(policy="after_earning", period=10, first_warning_days=10, last_warning_days=3))
    verdict = judge(lot(), short, MANILA, EARNED)
    assert (verdict.act, verdict.look_at) == ("wait", datetime(2026, 2, 7, tzinfo=MANILA))
    longer = Policy(Expiry(policy="after_earning", period=11, first_warning_days=10, last_warning_days=3))
    assert judge(lot(), longer, MANILA, EARNED).look_at == datetime(2026, 2, 1, tzinfo=MANILA)


def test_a_new_lot_is_dated_and_looked_at_on_its_first_warning() -> None:
    assert dates_of_new(lot(), Policy(YEAR), MANILA) == (
        datetime(2027, 2, 1, tzinfo=MANILA), datetime(2027, 1, 1, tzinfo=MANILA),
    )  # fmt: skip
    assert dates_of_new(lot(), Policy(), MANILA) == (None, None)
    tiny = Policy(Expiry(policy="after_earning", period=1, first_warning_days=10, last_warning_days=3))
    end, look = dates_of_new(lot(), tiny, MANILA)
    assert (end, look) == (datetime(2026, 2, 4, tzinfo=MANILA), EARNED)  # its last warning is due at once


def test_after_downtime_the_warning_comes_first_and_its_notice_is_kept_in_full() -> None:
    late = datetime(2027, 3, 5, 12, tzinfo=MANILA)
    verdict = judge(lot(), Policy(YEAR), MANILA, late)
    assert (verdict.act, verdict.warning) == ("warn", LAST)
    assert verdict.kept_until == verdict.ends_at == datetime(2027, 3, 9, tzinfo=MANILA)
    held = lot(kept_until=verdict.kept_until, warned_for=verdict.ends_at, warnings=LAST, warned_at=late, told_at=late)
    assert judge(held, Policy(YEAR), MANILA, late + timedelta(days=1)).act == "wait"
    assert judge(held, Policy(YEAR), MANILA, datetime(2027, 3, 9, tzinfo=MANILA)).act == "expire"


def test_what_comes_back_to_an_ended_lot_has_the_grace_days_and_a_warning_of_its_own() -> None:
    end, now = datetime(2027, 2, 1, tzinfo=MANILA), datetime(2027, 2, 10, 15, tzinfo=MANILA)
    assert given_back(now + timedelta(days=1), Policy(YEAR), MANILA, now) is None
    assert given_back(None, Policy(YEAR), MANILA, now) is None
    kept = given_back(end, Policy(YEAR), MANILA, now)
    assert kept == datetime(2027, 2, 25, tzinfo=MANILA)
    held = lot(kept_until=kept, warned_for=end, warnings=LAST, warned_at=end)
    assert judge(held, Policy(YEAR), MANILA, now).act == "warn"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"period": 0}, "period"),
        ({"first_warning_days": 3, "last_warning_days": 3}, "last_warning_days"),
        ({"month": 2, "day": 30}, "day"),
        ({"unit": "months", "period": 121}, "period"),
        ({"policy": "sometimes"}, "policy"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Expiry.model_validate(wrong)
    assert caught.value.errors()[0]["loc"] == (field,)


moments = st.integers(0, 4 * 365 * 24).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
policies = st.builds(
    Expiry,
    policy=st.sampled_from(["after_earning", "inactivity", "calendar"]),
    period=st.integers(1, 36),
    unit=st.sampled_from(["days", "months"]),
    day=st.integers(1, 29),
    month=st.integers(1, 12),
    at_least_months=st.integers(0, 36),
    first_warning_days=st.integers(10, 180),
    last_warning_days=st.integers(1, 9),
)
zones = st.sampled_from([MANILA, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Pacific/Kiritimati")])


LOOKS = st.lists(st.tuples(st.sampled_from(["early", "due", "late"]), st.integers(1, 24 * 40)), min_size=6, max_size=12)
"""When somebody looks again: before it is due, when it is due, or so many hours after."""


ANSWERS = st.none() | st.integers(0, 24 * 14)
"""After how many hours it is known what became of a warning, if ever."""


@reaches(expired=0.4, warned=0.6, late=0.05)
@given(moments, st.integers(0, 90), st.lists(st.tuples(moments, policies), max_size=3), policies, zones, LOOKS, ANSWERS)
def test_nothing_is_lost_without_a_warning_that_was_recorded_its_full_notice_before(
    earned: datetime,
    pending: int,
    promised: list[tuple[datetime, Expiry]],
    rules: Expiry,
    zone: ZoneInfo,
    looks: list[tuple[str, int]],
    answer: int | None,
) -> None:
    """Whenever the runs come, however long they stay away, whatever was promised before, and whenever it is known what
    became of the warning: lost is nothing before that, but for seven days after the day that it named."""
    policy = Policy(rules, tuple(promised))
    held = lot(earned, available_at=earned + timedelta(days=pending))
    now = due = earned
    for when, hours in looks:
        later = now + timedelta(hours=hours)
        now = later if when == "early" or due <= now else due if when == "due" else due + timedelta(hours=hours)
        known = held.warned_at is not None and answer is not None and held.warned_at + timedelta(hours=answer) <= now
        told_at = held.warned_at + timedelta(hours=answer or 0) if known and held.warned_at else None
        held = replace(held, told_at=told_at)
        verdict = judge(held, policy, zone, now)
        if verdict.act == "expire":
            assert held.warned_at is not None and held.warned_for is not None
            week = datetime.combine(last_day(held.warned_for, zone) + timedelta(days=8), time(), zone)
            assert now >= week or told_at is not None and told_at <= held.warned_for
            if now >= week and (told_at is None or told_at > held.warned_for):
                reach("late")
            days = (last_day(now, zone) if now == verdict.ends_at else now.astimezone(zone).date()) - (
                held.warned_at.astimezone(zone).date()
            )
            assert days >= timedelta(days=rules.last_warning_days)
            assert now > held.available_at
            assert verdict.ends_at is not None and verdict.ends_at <= now
            reach("expired")
            return
        assert verdict.look_at is not None and verdict.look_at > now
        due = verdict.look_at
        if verdict.act == "warn":
            reach("warned")
            held = replace(
                held,
                warned_for=verdict.ends_at,
                warnings=verdict.warning,
                warned_at=now,
                kept_until=verdict.kept_until or held.kept_until,
            )
        assert judge(held, policy, zone, now).act == "wait", "a second look at the same moment does nothing"


def full_period_after(rules: Expiry, day: date, zone: ZoneInfo) -> datetime:
    """The end of the last day of one period that begins on the day, by the calendar alone."""
    if rules.policy == "calendar":
        least = months_after(day, rules.at_least_months)
        days = (least + timedelta(days=n) for n in range(800))
        last = next(one for one in days if (one.month, one.day) in dates_of(rules, one.year))
    else:
        last = day + timedelta(days=rules.period) if rules.unit == "days" else months_after(day, rules.period)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def dates_of(rules: Expiry, year: int) -> list[tuple[int, int]]:
    """The rules' day, which in February may be one that most years have not."""
    return [(rules.month, min(rules.day, monthrange(year, rules.month)[1]))]


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@reaches(shortened=0.01)
@given(moments, policies, policies, st.integers(0, 900), zones)
def test_a_change_of_policy_takes_nothing_of_what_is_held_before_one_full_period(
    earned: datetime, old: Expiry, new: Expiry, age: int, zone: ZoneInfo
) -> None:
    new = new.model_copy(update={"last_warning_days": old.last_warning_days})  # it is no part of the period
    changed = earned + timedelta(days=age)
    policy = in_force([(earned - timedelta(days=1), old), (changed, new)], changed)
    before = ends_at(lot(earned), in_force([(earned - timedelta(days=1), old)], changed), zone)
    after = ends_at(lot(earned), policy, zone)
    assert before is not None and after is not None
    full_period = full_period_after(new, changed.astimezone(zone).date(), zone)
    if after < before:
        reach("shortened")
    assert after >= min(before, full_period)
