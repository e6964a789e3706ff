"""Activities: limits by the shop's days, once in all, and birthdays that cannot be gamed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import Anniversary, Birthday, Custom, Newsletter, Social, Visit, counted_as
from plugin.rules.activities.judging import Born
from plugin.rules.programme import Programme
from tests.reached import reach, reaches

MANILA = ZoneInfo("Asia/Manila")
AT = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)  # a minute before midnight in Manila, on a Sunday
REVIEW = Custom(id="areview", name="Review", points=50, word="review")
INSTAGRAM = Social(id="ainsta", name="Follow", points=20, network="instagram", url="https://instagram.com/shop")
BIRTHDAY = Birthday(id="abirth", name="Birthday", points=100)
LONG_AGO = date(2020, 1, 1)
MOMENTS = st.integers(0, 3 * 365 * 1440).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def why(activity: Custom | Social, at: datetime, *earlier: datetime) -> str:
    found = rules.refusal(activity, at, earlier, MANILA)
    return found.code if found else ""


def limited(**limits: int) -> Custom:
    return Custom.model_validate(REVIEW.model_dump() | limits)


@pytest.mark.parametrize(
    ("limit", "near", "far", "again"),
    [
        ("per_day", timedelta(hours=23), timedelta(minutes=2), "2026-11-23"),
        ("per_week", timedelta(days=6), timedelta(minutes=2), "2026-11-23"),
        ("per_month", timedelta(days=21), timedelta(days=9), "2026-12-01"),
        ("per_year", timedelta(days=300), timedelta(days=40), "2027-01-01"),
    ],
)
def test_a_limit_is_that_of_the_shops_own_period(limit: str, near: timedelta, far: timedelta, again: str) -> None:
    once = limited(**{limit: 1})
    refused = rules.refusal(once, AT, [AT - near], MANILA)
    assert refused is not None
    assert (refused.code, refused.values) == (f"activity_{limit[4:]}", {"limit": 1, "again_on": again})
    assert why(once, AT + far, AT) == ""
    assert why(limited(**{limit: 2}), AT, AT - near) == ""


def test_limits_in_total_and_a_cooldown_to_both_sides() -> None:
    assert why(limited(in_total=2), AT, AT - timedelta(days=900)) == ""
    assert why(limited(in_total=2), AT, AT - timedelta(days=900), AT - timedelta(days=400)) == "activity_total"
    slow = limited(cooldown_hours=12)
    assert why(slow, AT, AT - timedelta(hours=12)) == ""
    assert why(slow, AT, AT - timedelta(hours=11)) == "activity_cooldown"
    assert why(slow, AT, AT + timedelta(hours=11)) == "activity_cooldown"


def test_what_is_there_once_is_refused_the_second_time() -> None:
    assert why(INSTAGRAM, AT) == ""
    assert why(INSTAGRAM, AT + timedelta(days=5000), AT) == "activity_once"


def test_pause_start_and_end() -> None:
    ends = AT + timedelta(days=1)
    timed = REVIEW.model_copy(update={"starts_at": AT, "ends_at": ends})
    moments = (AT - timedelta(seconds=1), AT, ends - timedelta(seconds=1), ends)
    assert [why(timed, at) for at in moments] == ["activity_not_yet", "", "", "activity_over"]
    assert why(REVIEW.model_copy(update={"active": False}), AT) == "activity_paused"


@reaches(taken=0.4, full=0.2)
@given(st.lists(MOMENTS, max_size=40), st.sampled_from(rules.PERIODS), st.integers(1, 3))
def test_no_period_ever_holds_more_than_its_limit_in_whatever_order_things_arrive(
    moments: list[datetime], period: str, limit: int
) -> None:
    activity, taken = limited(**{f"per_{period}": limit}), list[datetime]()
    for at in moments:
        if rules.refusal(activity, at, taken, MANILA) is None:
            taken.append(at)
    if len(taken) < len(moments):
        reach("full")
    for at in taken:
        reach("taken")
        start, end = rules.bounds(at, period, MANILA)
        assert start <= at < end
        assert sum(start <= each < end for each in taken) <= limit


@given(MOMENTS, st.sampled_from(rules.PERIODS), st.sampled_from(["Asia/Manila", "America/New_York", "Europe/London"]))
def test_a_period_ends_where_the_next_begins(at: datetime, period: str, name: str) -> None:
    zone = ZoneInfo(name)
    _, end = rules.bounds(at, period, zone)
    assert rules.bounds(end, period, zone)[0] == end
    assert end.astimezone(zone).hour == 0


def test_times_that_are_not_taken() -> None:
    since = AT - timedelta(days=10)
    codes = [
        found.code if (found := rules.misdated(at, since, AT)) else ""
        for at in (AT + timedelta(minutes=4), AT + timedelta(minutes=6), AT - timedelta(days=11))
    ]
    assert codes == ["", "activity_ahead", "activity_before_programme"]
    old = rules.misdated(AT - timedelta(days=91), since - timedelta(days=900), AT)
    assert old is not None
    assert old.code == "activity_too_old"


@pytest.mark.parametrize(
    ("year", "leap_day", "day"),
    [
        (2027, "28 February", date(2027, 2, 28)),
        (2027, "1 March", date(2027, 3, 1)),
        (2028, "1 March", date(2028, 2, 29)),
    ],
)
def test_29_february_is_celebrated_on_the_stated_day_in_common_years(year: int, leap_day: str, day: date) -> None:
    assert rules.celebrated(2, 29, year, leap_day) == day
    assert (2, 29) in rules.days_of(day, leap_day)


@given(DAYS, st.sampled_from(["28 February", "1 March"]))
def test_every_birthday_is_celebrated_on_one_day_of_each_year(day: date, leap_day: str) -> None:
    for month, born in rules.days_of(day, leap_day):
        assert rules.celebrated(month, born, day.year, leap_day) == day
    assert (day.month, day.day) in rules.days_of(day, leap_day)


def test_a_birthday_given_shortly_before_the_day_waits_a_year_unless_staff_set_it() -> None:
    day = date(2026, 12, 1)
    late = Born(12, 1, day - timedelta(days=29))
    refused = rules.birthday_refusal(BIRTHDAY, late, day, LONG_AGO, [])
    assert refused is not None
    assert (refused.code, refused.values) == ("birthday_waits", {"days": 30})
    assert rules.next_birthday(BIRTHDAY, late, date(2026, 11, 22), LONG_AGO, []) == date(2027, 12, 1)
    assert rules.birthday_refusal(BIRTHDAY, Born(12, 1, day - timedelta(days=30)), day, LONG_AGO, []) is None
    assert rules.birthday_refusal(BIRTHDAY, Born(12, 1, day, by_staff=True), day, LONG_AGO, []) is None


def test_why_the_coming_birthday_brings_nothing_is_told() -> None:
    today, born = date(2026, 11, 22), Born(12, 1, date(2026, 11, 20))
    found = rules.waits(BIRTHDAY, born, today, LONG_AGO, [])
    assert found is not None
    assert found.code == "birthday_waits"
    settled = Born(12, 1, LONG_AGO)
    assert rules.waits(BIRTHDAY, settled, today, LONG_AGO, [date(2025, 12, 1)]) is None
    assert rules.waits(BIRTHDAY, settled, date(2026, 12, 1), LONG_AGO, [date(2026, 12, 1)]) is None
    assert rules.next_birthday(BIRTHDAY, settled, date(2026, 12, 1), LONG_AGO, [date(2026, 12, 1)]) == date(2027, 12, 1)


def test_a_member_for_too_short_waits() -> None:
    strict = BIRTHDAY.model_copy(update={"member_days": 60})
    born, day = Born(12, 1, LONG_AGO), date(2026, 12, 1)
    refused = rules.birthday_refusal(strict, born, day, day - timedelta(days=59), [])
    assert refused is not None
    assert refused.code == "birthday_new_member"
    assert rules.birthday_refusal(strict, born, day, day - timedelta(days=60), []) is None


@reaches(twice=0.4)
@given(st.lists(st.tuples(DAYS, st.integers(1, 12), st.integers(1, 28)), min_size=1, max_size=12))
def test_whatever_is_changed_when_birthdays_are_most_of_a_year_apart(changes: list[tuple[date, int, int]]) -> None:
    given_on: list[date] = []
    born: Born | None = None
    told = dict[date, tuple[int, int]]((at, (month, day)) for at, month, day in changes)
    day = min(told)
    while day <= date(2033, 12, 31):
        if day in told and rules.change_refusal(born, day) is None:
            born = Born(*told[day], set_on=day)
        if (
            born is not None
            and (born.month, born.day) in rules.days_of(day, BIRTHDAY.leap_day)
            and rules.birthday_refusal(BIRTHDAY, born, day, LONG_AGO, given_on) is None
        ):
            given_on.append(day)
        day += timedelta(days=1)
    if len(given_on) > 1:
        reach("twice")
    assert all(
        later - earlier >= rules.NOT_TWICE_WITHIN for earlier, later in zip(given_on, given_on[1:], strict=False)
    )


def test_a_member_changes_the_birthday_once_a_year() -> None:
    born = Born(5, 1, date(2026, 1, 10))
    refused = rules.change_refusal(born, date(2027, 1, 9))
    assert refused is not None
    assert (refused.code, refused.values) == ("birthday_changed", {"again_on": "2027-01-10"})
    assert rules.change_refusal(born, date(2027, 1, 10)) is None
    assert rules.change_refusal(None, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (REVIEW.model_copy(update={"word": "other"}), "1.id: "),
        (REVIEW.model_copy(update={"id": "aother"}), "1.word: "),
        (Visit(id="avisit", name="Page", points=1, word="review"), "1.word: "),
        (INSTAGRAM.model_copy(update={"id": "aagain"}), "1.network: "),
        (BIRTHDAY.model_copy(update={"id": "aagain"}), "1.name: "),
    ],
)
def test_ids_words_networks_and_single_kinds_are_there_once(second: object, words: str) -> None:
    first = {"1.network: ": INSTAGRAM, "1.name: ": BIRTHDAY}.get(words, REVIEW)
    with pytest.raises(ValidationError, match=words):
        Programme.model_validate({"activities": [first.model_dump(), second.model_dump()]})  # type: ignore[attr-defined]


def test_what_limits_go_by_survives_removing_and_adding_again() -> None:
    news = Newsletter(id="anews", name="News", points=1)
    found = [counted_as(one) for one in (REVIEW, INSTAGRAM, BIRTHDAY, news, Anniversary(id="aann", name="A", points=1))]
    assert found == ["areview", "social:instagram:follow", "birthday", "newsletter", "anniversary"]


def test_a_programme_from_before_has_no_activities() -> None:
    assert Programme.model_validate_json('{"points_name": "stars"}').activities == ()


@pytest.mark.parametrize(("month", "day", "there"), [(2, 29, True), (2, 30, False), (13, 1, False), (0, 1, False)])
def test_a_day_that_does_not_exist(month: int, day: int, there: bool) -> None:
    assert rules.possible(month, day) is there
