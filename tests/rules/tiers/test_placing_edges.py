"""Where a member stands at the edges of windows, validity and grace days: golden cases, each on its own day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from plugin.rules.tiers.placing import Aim, Done, Held, Standing, earned, marks, standing, value
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.tiers.tier_warnings import next_look, warning_due

SILVER = Tier(key="silver", name="Silver", enter=Decimal(100), keep=Decimal(80), tag="VIP")
GOLD = Tier(key="gold", name="Gold", enter=Decimal(300))
CALENDAR = Tiers(levels=(SILVER, GOLD))
DAYS = Tiers(levels=(SILVER, GOLD), validity="days", validity_days=100, window="rolling", window_days=30)
ROLLING = Tiers(levels=(SILVER, GOLD), window="rolling", window_days=30, validity="window", grace_days=10)
DAY = timedelta(days=1)
MARCH = date(2026, 3, 1)


def spent(on: date, amount: int) -> Done:
    return Done(on, amount * 100)


def place(done: list[Done], tiers: Tiers, today: date, held: Held = Held(), tagged: int = -1) -> Standing:  # noqa: B008
    return standing(done, tiers, "USD", today, held, tagged)


def test_the_first_day_of_a_window_counts_and_the_day_before_does_not() -> None:
    today = MARCH + 29 * DAY
    assert [value([spent(day, 100)], ROLLING, today) for day in (MARCH, MARCH - DAY, today, today + DAY)] == [
        10_000, 0, 10_000, 0,
    ]  # fmt: skip
    first = date(2026, 1, 1)
    assert [value([spent(day, 100)], CALENDAR, MARCH) for day in (first, first - DAY)] == [10_000, 0]
    lifetime = CALENDAR.model_copy(update={"window": "lifetime"})
    assert value([spent(date(1, 1, 1), 100)], lifetime, MARCH) == 10_000


def test_a_validity_of_days_begins_with_the_last_day_on_which_the_mark_was_met() -> None:
    december = date(2026, 12, 1)
    done, held = [spent(december, 100)], Held("silver", december)
    found = place(done, DAYS, december, held)
    assert (found.held.tier, found.lost_on) == ("silver", december + 101 * DAY)
    assert place(done, DAYS, december + 100 * DAY, held).held.tier == "silver"
    gone = place(done, DAYS, december + 101 * DAY, held)
    assert (gone.held, gone.change, gone.lost_on) == (Held(), "lowered", None)


def test_a_window_that_outlives_the_validity_decides() -> None:
    short = DAYS.model_copy(update={"validity_days": 5})
    assert place([spent(MARCH, 100)], short, MARCH).lost_on == MARCH + 30 * DAY
    steps = [spent(MARCH, 50), spent(MARCH + 9 * DAY, 50)]
    assert place(steps, short, MARCH + 9 * DAY).lost_on == MARCH + 30 * DAY  # the first 50 leave the window


def test_grace_days_that_were_spent_once_are_not_counted_again() -> None:
    """Below once, kept again while nobody looked, and below again: the grace days begin anew."""
    done = [spent(MARCH, 100), spent(MARCH + 32 * DAY, 80)]
    held = Held("silver", MARCH, below_since=MARCH + 30 * DAY)
    below_again = MARCH + 62 * DAY
    found = place(done, ROLLING, below_again, held)
    assert (found.held.tier, found.held.below_since, found.change) == ("silver", below_again, "")
    assert place(done, ROLLING, below_again + 9 * DAY, found.held).held.tier == "silver"
    assert place(done, ROLLING, below_again + 10 * DAY, found.held).change == "lowered"


def test_on_the_first_grace_day_its_last_one_is_shown_and_the_tier_can_still_be_kept() -> None:
    below = MARCH + 30 * DAY
    found = place([spent(MARCH, 100)], ROLLING, below, Held("silver", MARCH))
    assert found.lost_on == below + 10 * DAY
    assert found.keep == Aim("silver", 8_000, below + 9 * DAY)
    assert place([spent(MARCH, 100)], ROLLING, below - DAY, Held("silver", MARCH)).keep == Aim(
        "silver", 8_000, below - DAY
    )


def test_one_step_down_holds_for_a_period_of_its_own() -> None:
    one = ROLLING.model_copy(update={"downgrade": "one", "grace_days": 0})
    found = place([], one, MARCH, Held("gold", MARCH - 90 * DAY))
    assert found.held == Held("silver", MARCH, stepped_until=MARCH + 30 * DAY)
    assert (found.change, found.lost_on) == ("lowered", MARCH + 31 * DAY)
    assert place([], one, MARCH + 31 * DAY, found.held).held == Held()
    days = DAYS.model_copy(update={"downgrade": "one"})
    assert place([], days, MARCH, Held("gold", MARCH)).held.stepped_until == MARCH + 100 * DAY
    bare = CALENDAR.model_copy(update={"downgrade": "one", "validity": "window"})
    assert place([], bare, MARCH, Held("gold", MARCH)).held.stepped_until == date(2026, 12, 31)
    ever = bare.model_copy(update={"window": "lifetime"})
    assert place([], ever, MARCH, Held("gold", MARCH)).held == Held()  # a lifetime has no period
    earned_there = place([spent(MARCH, 100)], one, MARCH, Held("gold", MARCH))
    assert earned_there.held == Held("silver", MARCH)  # what is earned needs no period


def test_who_held_a_tier_that_is_no_more_has_lost_it_and_others_have_not() -> None:
    gone = place([], CALENDAR, MARCH, Held("bronze", MARCH))
    assert (gone.held, gone.change, gone.lost_on, gone.keep) == (Held(), "lowered", None, None)
    assert place([], CALENDAR, MARCH).change == ""
    pinned = place([], CALENDAR, MARCH, Held("bronze", MARCH, pinned=True))
    assert (pinned.held, pinned.change) == (Held(), "lowered")


def test_what_is_out_of_reach_for_who_holds_more_than_they_earned() -> None:
    pinned = Held("silver", MARCH, pinned=True)
    assert place([], CALENDAR, MARCH, pinned).reach == Aim("gold", 30_000, date(2026, 12, 31))
    assert place([], CALENDAR, MARCH, replace(pinned, tier="gold")).reach is None
    assert place([spent(MARCH, 400)], CALENDAR, MARCH, pinned).reach is None  # gold is earned, whatever staff set
    lifetime = CALENDAR.model_copy(update={"window": "lifetime"})
    assert place([spent(MARCH, 40)], lifetime, MARCH).reach == Aim("silver", 6_000, None)
    tagged_only = Tiers(levels=(SILVER, Tier(key="black", name="Black", tag="Black")))
    assert place([spent(MARCH, 100)], tagged_only, MARCH).reach is None


def codes(found: Standing) -> list[tuple[str, object]]:
    return [(reason.code, reason.values.get("until")) for reason in found.reasons[1:]]


def test_each_standing_says_how_it_came_about_and_until_when_it_is_sure() -> None:
    done, held = [spent(MARCH, 100)], Held("silver", MARCH)
    assert codes(place([], CALENDAR, MARCH)) == [("tier_none", None)]
    assert codes(place(done, CALENDAR, MARCH)) == [("tier_reached", None), ("tier_until", "2027-12-31")]
    assert codes(place(done, CALENDAR, MARCH + DAY, held)) == [("tier_held", None), ("tier_until", "2027-12-31")]
    assert codes(place(done, CALENDAR, MARCH, replace(held, tier="gold"))) == [
        ("tier_lowered", None), ("tier_until", "2027-12-31"),
    ]  # fmt: skip
    lifetime = CALENDAR.model_copy(update={"window": "lifetime"})
    assert codes(place(done, lifetime, MARCH, held)) == [("tier_held", None)]
    assert codes(place([], CALENDAR, MARCH, replace(held, pinned=True))) == [("tier_pinned", "")]
    dated = replace(held, pinned=True, pinned_until=MARCH + DAY)
    assert codes(place([], CALENDAR, MARCH, dated)) == [("tier_pinned_until", "2026-03-02")]


def test_a_tier_by_a_tag_is_said_to_be_one_and_has_no_last_day() -> None:
    found = place([], CALENDAR, MARCH, tagged=0)
    assert (found.held.tier, found.lost_on, found.keep) == ("silver", None, None)
    assert codes(found) == [("tier_by_tag", None)]
    assert codes(place([spent(MARCH, 300)], CALENDAR, MARCH, tagged=0))[0] == ("tier_reached", None)
    assert codes(place([], CALENDAR, MARCH, tagged=-1)) == [("tier_none", None)]


def test_the_value_is_told_with_what_it_is_counted_in() -> None:
    assert place([spent(MARCH, 40)], CALENDAR, MARCH).reasons[0].values == {
        "value": 4000, "metric": "spend", "currency": "USD", "window": "calendar",
    }  # fmt: skip
    assert place([spent(MARCH, 40)], ROLLING, MARCH).reasons[0].values["window_days"] == 30


def test_amounts_are_counted_in_minor_units_and_never_fall_short() -> None:
    odd = Tiers(levels=(Tier(key="odd", name="Odd", enter=Decimal("1.001"), keep=Decimal("0.5")),))
    assert [marks(odd, currency) for currency in ("USD", "JPY", "KWD")] == [((101, 50),), ((2, 1),), ((1001, 500),)]
    points = CALENDAR.model_copy(update={"metric": "points"})
    assert marks(points, "USD") == ((100, 80), (300, 300))
    by_tag = Tiers(levels=(Tier(key="black", name="Black", tag="Black"),))
    assert marks(by_tag, "USD") == ((10**18, 10**18),)
    assert [earned([spent(MARCH, much)], CALENDAR, marks(CALENDAR, "USD"), MARCH) for much in (99, 100, 300)] == [
        -1,
        0,
        1,
    ]


@pytest.mark.parametrize(
    ("today", "look"),
    [
        (0, 30 - 28), (1, 2), (2, 30 - 14), (15, 16), (16, 20), (20, 29), (29, 30), (30, 31), (31, 32),
    ],
)  # fmt: skip
def test_a_member_is_looked_at_when_time_alone_may_change_something(today: int, look: int) -> None:
    """Lost on day 30, after ten grace days: warnings 28, 14 and 1 days before, the first grace day, the loss."""
    found = Standing(Held("silver", MARCH), 0, lost_on=MARCH + 30 * DAY)
    assert next_look(found, ROLLING, MARCH + today * DAY, None) == MARCH + look * DAY


def test_a_warning_that_was_given_and_the_end_of_what_staff_set_decide_the_next_look() -> None:
    found = Standing(Held("silver", MARCH), 0, lost_on=MARCH + 30 * DAY)
    assert next_look(found, ROLLING, MARCH, 28) == MARCH + 16 * DAY
    assert next_look(found, ROLLING, MARCH, 14) == MARCH + 20 * DAY
    pinned = Standing(Held("silver", MARCH, pinned=True, pinned_until=MARCH + 4 * DAY), 0, lost_on=MARCH + 30 * DAY)
    assert next_look(pinned, ROLLING, MARCH + 3 * DAY, 28) == MARCH + 5 * DAY
    assert next_look(Standing(Held(), 0), ROLLING, MARCH, None) is None
    assert [warning_due(MARCH + 28 * DAY, MARCH + n * DAY, 28) for n in (13, 14, 26, 27)] == [None, 14, 14, 1]
