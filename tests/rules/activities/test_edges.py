"""Activities at the edges of each day and limit, what staff may give by hand, and what one is called by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from plugin.rules.activities import judging as rules
from plugin.rules.activities.activity_rules import (
    KINDS,
    NETWORKS,
    Anniversary,
    Birthday,
    Custom,
    Newsletter,
    Profile,
    Review,
    Social,
    Survey,
    Visit,
    consistent,
    counted_as,
    find,
    word_of,
)
from plugin.rules.activities.judging import Born
from plugin.rules.fields import WrongAt
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words.texts import text

MANILA = ZoneInfo("Asia/Manila")
AT = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
TICK = timedelta(microseconds=1)
NAMED: dict[str, Any] = {"name": "One", "points": 5}
REVIEW = Custom(id="areview", word="review", **NAMED)
INSTAGRAM = Social(id="ainsta", network="instagram", url="https://instagram.com/shop", **NAMED)
BIRTHDAY = Birthday(id="abirth", **NAMED)
LONG_AGO = date(2020, 1, 1)
DAY = timedelta(days=1)


def limited(**limits: int) -> Custom:
    return Custom.model_validate(REVIEW.model_dump() | limits)


def test_every_refusal_says_what_it_goes_by() -> None:
    def why(activity: Any, *given: datetime, at: datetime = AT) -> Reason | None:
        return rules.refusal(activity, at, given, MANILA)

    later = REVIEW.model_copy(update={"starts_at": AT + timedelta(hours=1)})  # the day after, in Manila
    assert why(later) == Reason("activity_not_yet", {"again_on": "2026-11-23"})
    assert why(REVIEW.model_copy(update={"ends_at": AT})) == Reason("activity_over")
    assert why(REVIEW.model_copy(update={"active": False})) == Reason("activity_paused")
    assert why(limited(in_total=1), AT) == Reason("activity_total", {"limit": 1})
    slow = limited(cooldown_hours=12)
    assert why(slow, AT - 13 * timedelta(hours=1), AT - timedelta(hours=2), AT - timedelta(hours=5)) == Reason(
        "activity_cooldown", {"hours": 12, "again_on": "2026-11-23"}
    )
    assert why(slow, AT - timedelta(hours=12) + TICK) is not None
    assert why(slow, AT - timedelta(hours=12)) is None
    assert why(limited(), AT, AT, AT) is None
    assert why(INSTAGRAM, AT) == Reason("activity_once")
    for one in (BIRTHDAY, Anniversary(id="aann", **NAMED)):
        assert why(one, AT, AT - DAY) is None
        assert rules.yearly(one)
    assert not rules.yearly(REVIEW) and not rules.yearly(INSTAGRAM)


def test_the_longest_period_that_is_full_is_told() -> None:
    full = limited(per_day=1, per_week=1, per_month=1, per_year=1)
    found = rules.refusal(full, AT, [AT], MANILA)
    assert found == Reason("activity_year", {"limit": 1, "again_on": "2027-01-01"})


def test_a_month_and_a_year_end_where_they_do_however_long_they_are() -> None:
    for year, month in ((2028, 2), (2027, 2), (2026, 4), (2026, 12), (2026, 1)):
        at = datetime(year, month, 15, tzinfo=MANILA)
        following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=MANILA)
        assert rules.bounds(at, "month", MANILA) == (datetime(year, month, 1, tzinfo=MANILA), following)
        whole = datetime(year, 1, 1, tzinfo=MANILA), datetime(year + 1, 1, 1, tzinfo=MANILA)
        assert rules.bounds(at, "year", MANILA) == whole


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [("day", (2026, 11, 22), (2026, 11, 23)), ("week", (2026, 11, 16), (2026, 11, 23)),
     ("month", (2026, 11, 1), (2026, 12, 1)), ("year", (2026, 1, 1), (2027, 1, 1))],
)  # fmt: skip
def test_a_period_is_the_shops_own(period: str, first: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    bounds = tuple(datetime(*day, tzinfo=MANILA) for day in (first, after))
    assert rules.bounds(AT, period, MANILA) == bounds
    for moment in (bounds[0], bounds[1] - TICK):
        assert rules.bounds(moment, period, MANILA) == bounds
        once = limited(**{f"per_{period}": 1})
        assert rules.refusal(once, AT, [moment], MANILA) is not None
        assert rules.refusal(once, AT, [bounds[0] - TICK, bounds[1]], MANILA) is None


def test_what_happened_is_taken_for_ninety_days_and_five_minutes_ahead() -> None:
    ahead, old = timedelta(minutes=5), timedelta(days=90)
    assert rules.misdated(AT + ahead, LONG, AT) is None
    assert rules.misdated(AT + ahead + TICK, LONG, AT) == Reason("activity_ahead")
    assert rules.misdated(AT - old, LONG, AT) is None
    assert rules.misdated(AT - old - TICK, LONG, AT) == Reason("activity_too_old", {"days": 90})
    assert rules.misdated(AT - DAY, AT - DAY, AT) is None
    assert rules.misdated(AT - DAY, AT - DAY + TICK, AT) == Reason("activity_before_programme")


LONG = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "leap_day", "days"),
    [
        (date(2027, 2, 28), "28 February", ((2, 28), (2, 29))), (date(2027, 2, 28), "1 March", ((2, 28),)),
        (date(2027, 3, 1), "1 March", ((3, 1), (2, 29))), (date(2027, 3, 1), "28 February", ((3, 1),)),
        (date(2028, 2, 28), "28 February", ((2, 28),)), (date(2028, 2, 29), "28 February", ((2, 29),)),
        (date(2028, 3, 1), "1 March", ((3, 1),)), (date(2027, 5, 1), "1 March", ((5, 1),)),
    ],
)  # fmt: skip
def test_whose_birthday_is_today(today: date, leap_day: str, days: tuple[tuple[int, int], ...]) -> None:
    assert rules.days_of(today, leap_day) == days


@pytest.mark.parametrize(
    ("gone", "why"), [(349, "birthday_given"), (350, None), (-349, "birthday_given"), (-350, None)]
)
def test_two_birthdays_are_three_hundred_and_fifty_days_apart(gone: int, why: str | None) -> None:
    day = date(2026, 12, 1)
    found = rules.birthday_refusal(BIRTHDAY, Born(12, 1, LONG_AGO), day, LONG_AGO, [day - gone * DAY])
    assert found == (Reason(why) if why else None)
    found = rules.gift_refusal(Born(12, 1, LONG_AGO), day, [day - gone * DAY])
    assert found == (Reason(why) if why else None)


def test_a_new_member_and_a_late_day_wait_as_long_as_the_activity_says() -> None:
    day, strict = date(2026, 12, 1), BIRTHDAY.model_copy(update={"member_days": 60, "waiting_days": 10})
    told = Born(12, 1, day - 10 * DAY)
    assert rules.birthday_refusal(strict, told, day, day - 59 * DAY, []) == Reason("birthday_new_member", {"days": 60})
    assert rules.birthday_refusal(strict, told, day, day - 60 * DAY, []) is None
    late = Born(12, 1, day - 9 * DAY)
    assert rules.birthday_refusal(strict, late, day, LONG_AGO, []) == Reason("birthday_waits", {"days": 10})
    assert [rules.told_in_time(strict, one, day) for one in (told, late)] == [True, False]
    assert Born(1, 2, LONG_AGO) == Born(1, 2, LONG_AGO, by_staff=False)


def test_the_next_birthday_is_today_at_the_earliest() -> None:
    born = Born(12, 1, LONG_AGO)
    assert rules.next_birthday(BIRTHDAY, born, date(2026, 12, 1), LONG_AGO, []) == date(2026, 12, 1)
    assert rules.next_birthday(BIRTHDAY, born, date(2026, 12, 2), LONG_AGO, []) == date(2027, 12, 1)
    leap = BIRTHDAY.model_copy(update={"leap_day": "1 March"})
    assert rules.next_birthday(leap, Born(2, 29, LONG_AGO), date(2026, 12, 2), LONG_AGO, []) == date(2027, 3, 1)


def test_why_the_next_one_brings_nothing_is_that_of_the_next_one() -> None:
    today = date(2026, 11, 22)
    late = Born(12, 1, date(2026, 11, 20))
    assert rules.waits(BIRTHDAY, late, today, LONG_AGO, []) == Reason("birthday_waits", {"days": 30})
    assert rules.waits(BIRTHDAY, Born(11, 1, date(2026, 11, 20)), today, LONG_AGO, []) is None  # in a year
    assert rules.waits(BIRTHDAY, Born(11, 22, today), today, LONG_AGO, []) == Reason("birthday_waits", {"days": 30})
    early = [date(2026, 10, 1)]
    assert rules.waits(BIRTHDAY, Born(12, 1, LONG_AGO), today, LONG_AGO, early) == Reason("birthday_given")


@pytest.mark.parametrize(
    ("born", "today", "year"),
    [
        ((12, 1), date(2026, 11, 24), 2026), ((12, 1), date(2026, 12, 8), 2026), ((12, 1), date(2026, 12, 1), 2026),
        ((1, 3), date(2026, 12, 27), 2027), ((12, 30), date(2027, 1, 6), 2026), ((2, 29), date(2027, 3, 7), 2027),
        ((2, 29), date(2028, 3, 7), 2028), ((2, 29), date(2027, 2, 21), 2027),
    ],
)  # fmt: skip
def test_staff_may_give_it_a_week_before_or_after_across_the_new_year(
    born: tuple[int, int], today: date, year: int
) -> None:
    one = Born(*born, set_on=today)  # told just now: they see whoever stands before them
    assert rules.gift_refusal(one, today, []) is None
    assert rules.gift_year(one, today) == year


@pytest.mark.parametrize(
    ("born", "today"),
    [((12, 1), date(2026, 11, 23)), ((12, 1), date(2026, 12, 9)), ((1, 3), date(2026, 12, 26)),
     ((12, 30), date(2027, 1, 7)), ((2, 29), date(2027, 3, 8)), ((2, 29), date(2028, 3, 8))],
)  # fmt: skip
def test_staff_may_not_give_it_further_away(born: tuple[int, int], today: date) -> None:
    assert rules.gift_refusal(Born(*born, set_on=LONG_AGO), today, []) == Reason("birthday_not_near")


def test_staff_cannot_give_what_nobody_told() -> None:
    assert rules.gift_refusal(None, date(2026, 12, 1), []) == Reason("birthday_unknown")


@pytest.mark.parametrize("leap_day", ["28 February", "1 March"])
def test_each_day_is_celebrated_and_there_or_not(leap_day: str) -> None:
    assert rules.celebrated(12, 31, 2026, leap_day) == date(2026, 12, 31)
    there = [rules.possible(*day) for day in ((1, 31), (1, 32), (1, 0), (2, 29), (4, 31), (12, 31), (13, 1))]
    assert there == [True, False, False, True, False, True, False]


EVERY = (
    Newsletter(id="a1", **NAMED), BIRTHDAY, Anniversary(id="a3", **NAMED), INSTAGRAM,
    Visit(id="a5", word="page", **NAMED), Profile(id="a6", **NAMED), Review(id="a7", word="stars", **NAMED),
    Survey(id="a8", word="asked", **NAMED), REVIEW,
)  # fmt: skip


def test_every_kind_has_its_name_its_word_and_what_limits_go_by() -> None:
    assert [type(one) for one in EVERY] == list(KINDS)
    assert [one.kind for one in EVERY] == [
        "newsletter", "birthday", "anniversary", "social", "visit", "profile", "review", "survey", "custom",
    ]  # fmt: skip
    assert [word_of(one) for one in EVERY] == ["", "", "", "", "page", "", "stars", "asked", "review"]
    assert [counted_as(one) for one in EVERY] == [
        "newsletter", "birthday", "anniversary", "social:instagram:follow", "a5", "profile", "a7", "a8", "areview",
    ]  # fmt: skip
    assert list(Programme(activities=EVERY).activities) == list(EVERY)
    assert [find(EVERY, named) for named in ("a5", "page", "a1", "", "gone")] == [
        EVERY[4], EVERY[4], EVERY[0], None, None,
    ]  # fmt: skip
    assert {network: Social(id="a1", network=network, url="https://a.example", **NAMED).network
            for network in NETWORKS} == {network: network for network in NETWORKS}  # fmt: skip


def test_what_is_not_said_of_one_has_its_default() -> None:
    said = BIRTHDAY.waiting_days, BIRTHDAY.member_days, BIRTHDAY.leap_day, EVERY[2].leap_day  # type: ignore[union-attr]
    assert said == (30, 0, "28 February", "28 February")
    assert (INSTAGRAM.deed, INSTAGRAM.note, INSTAGRAM.active) == ("follow", "", True)
    assert (REVIEW.cooldown_hours, REVIEW.per_day, REVIEW.in_total) == (0, None, None)
    assert (EVERY[0].existing, EVERY[5].birthday, EVERY[5].questions) == (False, True, ())  # type: ignore[union-attr]


def test_of_the_kinds_that_come_once_there_is_one() -> None:
    for one in EVERY:
        again = one.model_copy(update={"id": "again", "word": "again", "deed": "share"})
        if one.kind in ("newsletter", "birthday", "anniversary", "profile"):
            with pytest.raises(WrongAt) as refused:
                consistent((one, again))
            assert str(refused.value) == f"1.name: {text('en', 'programme.activities.wrong.one_of_kind')}"
        else:
            assert consistent((one, again)) == (one, again)


def test_two_of_one_network_go_together_where_they_are_two_deeds() -> None:
    shared = INSTAGRAM.model_copy(update={"id": "aother", "deed": "share"})
    elsewhere = INSTAGRAM.model_copy(update={"id": "athird", "network": "x"})
    assert len(Programme(activities=(INSTAGRAM, shared, elsewhere)).activities) == 3


@pytest.mark.parametrize(
    ("said", "key"),
    [({"questions": ("Size?", "SIZE?")}, "same_question"), ({"birthday": False}, None),
     ({"birthday": False, "questions": ()}, "no_question")],
)  # fmt: skip
def test_a_profile_asks_something_and_nothing_twice(said: dict[str, Any], key: str | None) -> None:
    if key is None:
        assert Profile(id="a1", **NAMED, **said).questions == ()
        return
    with pytest.raises(ValidationError) as refused:
        Profile(id="a1", **NAMED, **said)
    [error] = refused.value.errors()
    assert (error["loc"], error["msg"]) == (
        ("questions",), f"Value error, {text('en', f'programme.activities.wrong.{key}')}",
    )  # fmt: skip


@pytest.mark.parametrize(("word", "good"), [("ab", True), ("a", False), ("a" * 40, True), ("a" * 41, False),
                                            ("-a", False), ("a-", True), ("A1", False), ("9a", True)])  # fmt: skip
def test_a_word_can_stand_in_a_link(word: str, good: bool) -> None:
    if good:
        assert Visit(id="a1", word=word, **NAMED).word == word
        return
    with pytest.raises(ValidationError) as refused:
        Visit(id="a1", word=word, **NAMED)
    assert refused.value.errors()[0]["msg"] == f"Value error, {text('en', 'programme.activities.wrong.word')}"
    with pytest.raises(ValidationError) as refused:
        Social(id="a1", network="x", url="javascript:1", **NAMED)
    assert refused.value.errors()[0]["msg"] == f"Value error, {text('en', 'programme.activities.wrong.url')}"
