"""What is said ahead of points and tiers is what looking at them every day finds, one day after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.points import expiry
from plugin.rules.points.expiry import Held as Lot
from plugin.rules.points.expiry import Policy
from plugin.rules.points.expiry_ahead import ahead as lots_ahead
from plugin.rules.points.expiry_rules import Expiry
from plugin.rules.tiers import tier_warnings
from plugin.rules.tiers.placing import Done, Held
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.tiers.tier_warnings import NOT_WARNED, Warned
from plugin.rules.tiers.tiers_ahead import Standing
from plugin.rules.tiers.tiers_ahead import ahead as tiers_ahead
from tests.reached import reach, reaches
from tests.rules.points.test_expiry import policies
from tests.rules.tiers.test_tiers import AMOUNTS, HELD, RULES

MANILA = ZoneInfo("Asia/Manila")
START = datetime(2027, 1, 1, 1, tzinfo=MANILA)
DAYS = 420


@reaches(warned=0.2, lost=0.2)
@given(policies, st.integers(0, 400), st.integers(0, 30))
def test_a_lot_that_is_looked_at_every_day_is_warned_of_and_lost_on_the_days_that_were_said(
    rules: Expiry, age: int, pending: int
) -> None:
    policy, earned = Policy(rules), START - timedelta(days=age)
    lot = Lot(1, 1, 100, earned, earned + timedelta(days=pending), earned)
    said = lots_ahead(lot, policy, MANILA, START, START + timedelta(days=DAYS))
    found, now = [], START
    for _ in range(DAYS):
        verdict = expiry.judge(lot, policy, MANILA, now)
        if verdict.act != "wait":
            found.append((now.date(), verdict.ends_at, verdict.warning))
        if verdict.act == "expire":
            break
        lot = replace(lot, kept_until=verdict.kept_until or lot.kept_until)
        if verdict.warning:
            lot = replace(lot, warned_for=verdict.ends_at, warned_at=now, told_at=now, warnings=verdict.warning)
        now += timedelta(days=1)
    until = START.date() + timedelta(days=DAYS - 1)
    assert [(one.at.astimezone(MANILA).date(), one.ends_at, one.warning) for one in said
            if one.at.astimezone(MANILA).date() <= until] == found  # fmt: skip
    if any(warning for *_, warning in found):
        reach("warned")
    if any(not warning for *_, warning in found):
        reach("lost")


@reaches(warned=0.1, lost=0.1)
@given(AMOUNTS, RULES, HELD)
def test_a_member_who_is_looked_at_every_day_is_told_and_lowered_on_the_days_that_were_said(
    amounts: list[tuple[int, int]], rules: Tiers, held: Held
) -> None:
    today = START.date()
    done = [Done(today - timedelta(days=ago), cents) for ago, cents in amounts]
    held = replace(held, since=today - timedelta(days=400), below_since=None) if held.tier else Held()
    stands = Standing(done, held, NOT_WARNED)
    said = tiers_ahead(stands, rules, "USD", today, today, today + timedelta(days=DAYS))
    found, warned = [], NOT_WARNED
    for day in (today + timedelta(days=n) for n in range(DAYS + 1)):
        seen = tier_warnings.standing(done, rules, "USD", day, held, -1, warned)
        look = tier_warnings.after(seen, warned, day)
        if seen.change == "lowered":
            found.append((day, day, 0))
        elif look.warning and seen.lost_on:
            found.append((day, seen.lost_on, look.warning))
        if look.warning:
            warned = Warned(look.told, day, seen.lost_on, day)
        elif not look.same:
            warned = Warned(look.told)
        held = seen.held
    assert [(one.on, one.lost_on, one.days_before) for one in said] == found
    if any(before for *_, before in found):
        reach("warned")
    if any(not before for *_, before in found):
        reach("lost")
