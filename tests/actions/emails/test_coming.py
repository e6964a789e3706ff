"""What the calendar says of a member comes on the day that it says, and what doesn't come has its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from plugin.actions.emails.coming.forecast import FORECASTS, Calendar, forecast
from plugin.actions.emails.keeping import ASK_FIRST
from plugin.actions.members import keep_profile
from plugin.rules.message_kinds import KIND_OFF, MessageKind
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.emails.happenings import (
    MUG,
    QUIET,
    ana,
    ask,
    bought,
    buy_now,
    mornings,
    mug_redeemed,
    scheduled,
    switched_on,
)
from tests.actions.stage import Stage


def calendar(stage: Stage) -> Calendar:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        member = members.get(conn, stage.shop_id, ana(stage))
        assert member is not None
        return forecast(conn, shop, programmes.current(conn, shop.id, now).programme, member, now)


def day(stage: Stage, moment: datetime) -> date:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return shops.get(conn, stage.shop_id).day(moment)


def code_ends(stage: Stage) -> None:
    mug_redeemed(stage)


def away(stage: Stage) -> None:
    switched_on(stage, MessageKind.WIN_BACK, days=7, again_days=7)
    bought(stage)


def in_reach(stage: Stage) -> None:
    switched_on(stage, MessageKind.REWARD_IN_REACH)
    stage.programme(**QUIET | {"rewards": [MUG], "earning": {"pending_days": 3}})
    stage.buy()
    stage.settle()


def twice(stage: Stage) -> None:
    switched_on(stage, MessageKind.INVITE_FRIENDS, days=2)
    bought(stage, referrals={"enabled": True})
    stage.clock.ahead += timedelta(days=2)
    buy_now(stage)


def fulfilled(stage: Stage) -> None:
    switched_on(stage, MessageKind.SURVEY_ASKED, days=2)
    ask(stage, "csat")
    order = bought(stage)
    stage.town.box.fulfil(stage.shop, order)
    stage.settle()


@pytest.mark.parametrize(
    ("kind", "happens"),
    [
        (MessageKind.REWARD_ENDING, code_ends),
        (MessageKind.WIN_BACK, away),
        (MessageKind.REWARD_IN_REACH, in_reach),
        (MessageKind.INVITE_FRIENDS, twice),
        (MessageKind.SURVEY_ASKED, fulfilled),
    ],
)
def test_it_is_written_down_on_the_day_that_the_calendar_says(
    stage: Stage, kind: MessageKind, happens: Callable[[Stage], object]
) -> None:
    happens(stage)
    scheduled(stage, "refresh_stats")
    scheduled(stage, "daily_emails")
    first = next(one for one in calendar(stage).coming if one.kind is kind)
    due = day(stage, first.at)
    assert first.why == ("" if kind is MessageKind.REWARD_ENDING else ASK_FIRST)
    about = "SELECT created_at FROM messages WHERE kind = :kind"
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        zone = shops.get(conn, stage.shop_id).zone
    while day(stage, stage.clock()) < due:
        assert stage.rows(about, kind=kind.value) == []
        today = day(stage, stage.clock())
        stage.clock.ahead = datetime.combine(today + timedelta(days=1), time(0, 30), zone) - datetime.now(UTC)
        mornings(stage, 0)
        scheduled(stage, "daily_emails")
    assert [day(stage, at) for (at,) in stage.rows(about, kind=kind.value)] == [due]
    assert all(one.at > first.at for one in calendar(stage).coming if one.kind is kind)


def test_every_kind_that_goes_at_an_hour_can_be_foretold() -> None:
    assert {kind for kind in MessageKind if kind.about.clock} <= set(FORECASTS)


def test_pending_points_are_told_of_when_they_can_be_used(stage: Stage) -> None:
    bought(stage, earning={"pending_days": 3})
    coming = next(one for one in calendar(stage).coming if one.kind is MessageKind.POINTS_USABLE)
    [(usable,)] = stage.rows("SELECT available_at FROM lots")
    assert (coming.at, coming.why) == (usable + timedelta(minutes=5), "")
    assert "24 points are pending" in coming.about
    stage.clock.ahead = usable + timedelta(seconds=1) - datetime.now(UTC)
    scheduled(stage, "announce_matured")
    [waits] = [one for one in calendar(stage).coming if one.kind is MessageKind.POINTS_USABLE]
    assert waits.waits is not None
    stage.settle(minutes=6)
    assert [mail.subject for mail in stage.mails()] != []


def test_of_each_kind_that_comes_with_time_and_does_not_come_the_reason_is_there(stage: Stage) -> None:
    bought(stage)
    found = calendar(stage)
    assert found.nothing == {
        MessageKind.POINTS_EXPIRING: "Points do not expire in your programme.",
        MessageKind.POINTS_EXPIRED: "Points do not expire in your programme.",
        MessageKind.POINTS_USABLE: "None of their points are pending.",
        MessageKind.TIER_ENDING: "Your programme has no tiers.",
        MessageKind.TIER_LOST: "Your programme has no tiers.",
        MessageKind.BIRTHDAY: "Your programme gives no points for birthdays.",
        MessageKind.ANNIVERSARY: "Your programme gives no points for anniversaries.",
        MessageKind.REWARD_ENDING: "They have no unused code that ends.",
        MessageKind.REWARD_IN_REACH: "Your programme offers no reward that all members can redeem.",
        MessageKind.INVITE_FRIENDS: "Referrals are off, or closed to them.",
        MessageKind.SURVEY_ASKED: "You have not chosen a question to ask about orders.",
        MessageKind.MAILING: "No mailing that includes them is planned.",
        MessageKind.CART_LEFT: "Checkouts are followed only while this email is on.",
    } | {kind: found.nothing[kind] for kind in found.nothing if kind is MessageKind.WIN_BACK}
    assert {one.kind for one in found.coming} | set(found.nothing) == set(FORECASTS)
    assert {one.why for one in found.coming} == {KIND_OFF}


def test_a_birthday_that_is_not_known_or_was_given_too_late_says_so(stage: Stage) -> None:
    birthday = {"kind": "birthday", "id": "abirthday", "name": "Birthday", "points": 5, "waiting_days": 30}
    bought(stage, activities=[birthday])
    assert calendar(stage).nothing[MessageKind.BIRTHDAY] == Reason("birthday_unknown")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        soon = shop.day(now) + timedelta(days=9)
        keep_profile.set_birthday(conn, shop, ana(stage), (soon.month, soon.day), "shopper", now)
    [coming] = [one for one in calendar(stage).coming if one.kind is MessageKind.BIRTHDAY]
    assert day(stage, coming.at).replace(year=soon.year) == soon
    assert day(stage, coming.at).year == soon.year + 1
