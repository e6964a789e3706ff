"""Emails that come with a day, and thanks for a first order: each once, and none that was overtaken."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from plugin.actions.emails import tell_of_friends
from plugin.actions.rewards import redeem_points
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from sandbox.shop.orders import Wish
from tests.actions.emails.happenings import (
    ana,
    bought,
    buy_now,
    code_about_to_end,
    mornings,
    mug_in_reach,
    mug_redeemed,
    order_delivered,
    ordered_for_the_first_time,
    ordered_twice,
    scheduled,
    switched_on,
)
from tests.actions.stage import Stage


def told(stage: Stage, kind: MessageKind) -> list[tuple[str, str]]:
    """(state, why) of every message of the kind."""
    found = stage.rows("SELECT state, last_error FROM messages WHERE kind = :kind ORDER BY id", kind=kind.value)
    return [(state, why) for state, why in found]


def agree(stage: Stage) -> None:
    """All customers agree to marketing emails."""
    for customer in stage.shop.customer.values():
        stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")


def test_a_shop_that_switched_nothing_on_thanks_nobody_and_calls_nobody_back(stage: Stage) -> None:
    bought(stage)
    mornings(stage, 3)
    assert stage.rows("SELECT kind FROM messages") == []


def test_only_the_first_order_is_thanked_for_and_only_where_the_customer_agreed(stage: Stage) -> None:
    ordered_for_the_first_time(stage)
    stage.buy()
    stage.settle(minutes=31)
    assert told(stage, MessageKind.THANK_YOU) == [("skipped", "the customer did not agree to marketing mails")]


def test_thanks_go_half_an_hour_after_the_order_and_bring_the_code(stage: Stage) -> None:
    switched_on(stage, MessageKind.THANK_YOU)
    stage.programme(confirmation="shopify")
    order = stage.buy()
    agree(stage)
    stage.settle()
    stage.settle(minutes=20)
    assert stage.mails() == []
    stage.settle(minutes=11)
    [mail] = stage.mails()
    assert mail.subject == "Thank you for your first order"
    assert stage.code(order) in mail.part("plain")


def test_an_order_that_was_cancelled_meanwhile_is_not_thanked_for(stage: Stage) -> None:
    switched_on(stage, MessageKind.THANK_YOU)
    order = bought(stage)
    agree(stage)
    stage.town.box.cancel(stage.shop, order, stage.clock())
    stage.settle(minutes=31)
    assert told(stage, MessageKind.THANK_YOU) == [("skipped", "the order was cancelled or refunded")]


def test_a_code_is_told_as_ending_once_and_three_days_before(stage: Stage) -> None:
    mug_redeemed(stage)
    mornings(stage, 3)
    assert told(stage, MessageKind.REWARD_ENDING) == []
    mornings(stage, 3)
    assert told(stage, MessageKind.REWARD_ENDING) == [("sent", "")]
    assert "Still time to use your code" in stage.mails()[0].part("plain")


def test_a_code_that_was_used_is_not_told_as_ending(stage: Stage) -> None:
    made = mug_redeemed(stage)
    stage.buy(codes=[made.code])
    mornings(stage, 6)
    assert told(stage, MessageKind.REWARD_ENDING) == []


def away(stage: Stage) -> None:
    """Ana, who agreed to marketing, has not ordered for nine days."""
    switched_on(stage, MessageKind.WIN_BACK, days=7, again_days=7)
    bought(stage)
    agree(stage)
    mornings(stage, 9)


def test_who_stays_away_is_called_back_twice_and_then_left_alone(stage: Stage) -> None:
    away(stage)
    assert told(stage, MessageKind.WIN_BACK) == [("sent", "")]
    mornings(stage, 12)
    assert told(stage, MessageKind.WIN_BACK) == [("sent", ""), ("sent", "")]
    assert [mail.subject for mail in stage.mails()] == [
        "You still have 24 points with us",
        "We'd love to see you again",
    ]


def test_an_order_ends_the_pause_and_the_calls(stage: Stage) -> None:
    away(stage)
    wish = Wish(lines=[(stage.variant(), 1)], email="ana@example.com")
    stage.town.box.place(stage.shop, wish, stage.clock(), first_name="Ana", last_name="Cruz")
    stage.settle()
    mornings(stage, 6)
    assert told(stage, MessageKind.WIN_BACK) == [("sent", "")]


def noon(stage: Stage, days: int) -> None:
    """It is noon in the shop, so many days after Ana's order."""
    [(day,)] = stage.rows("SELECT min(day) FROM order_facts")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        zone = shops.get(conn, stage.shop_id).zone
    stage.clock.ahead = datetime.combine(day + timedelta(days=days), time(12), zone) - datetime.now(UTC)


def test_an_order_that_is_not_even_paid_stops_a_call_that_is_already_written_down(stage: Stage) -> None:
    switched_on(stage, MessageKind.WIN_BACK, days=7, again_days=7)
    bought(stage)
    agree(stage)
    noon(stage, 6)
    scheduled(stage, "refresh_stats")
    noon(stage, 7)
    wish = Wish(lines=[(stage.variant(), 1)], email="ana@example.com", paid=False)
    stage.town.box.place(stage.shop, wish, stage.clock(), first_name="Ana", last_name="Cruz")
    stage.hear()
    scheduled(stage, "daily_emails")
    assert told(stage, MessageKind.WIN_BACK) == [("skipped", "the customer has ordered since")]
    assert stage.mails() == []


def test_a_morning_is_seen_to_once(stage: Stage) -> None:
    code_about_to_end(stage)
    before = stage.rows("SELECT count(*) FROM messages")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_settings(conn, stage.shop_id, {"emails_done_until": ""})
    mornings(stage, 1)
    assert stage.rows("SELECT count(*) FROM messages") == before


def test_a_reward_in_reach_is_told_once_until_it_was_redeemed(stage: Stage) -> None:
    mug_in_reach(stage)
    buy_now(stage)
    mornings(stage, 5)
    assert len(told(stage, MessageKind.REWARD_IN_REACH)) == 1
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        for key in ("one", "two", "three", "four"):
            redeem_points.redeem(conn, shop, ana(stage), "rmug", None, key, "shopper", stage.clock())
    stage.settle()
    buy_now(stage)
    mornings(stage, 5)
    assert len(told(stage, MessageKind.REWARD_IN_REACH)) == 2


def test_nobody_is_invited_to_refer_where_referrals_are_off(stage: Stage) -> None:
    ordered_twice(stage)
    assert told(stage, MessageKind.INVITE_FRIENDS) == [("skipped", "the customer did not agree to marketing mails")]
    assert stage.rows("SELECT count(*) FROM referral_links") == [(1,)]
    stage.programme(referrals={"enabled": False})
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        assert tell_of_friends.invited(conn, shop, [ana(stage)], stage.clock()) == []


def test_an_order_is_asked_about_once_with_a_question_that_can_be_answered(stage: Stage) -> None:
    order = order_delivered(stage)
    assert told(stage, MessageKind.SURVEY_ASKED) == [("skipped", "the customer did not agree to marketing mails")]
    asked = stage.rows("SELECT order_id, survey, answered_at FROM survey_answers")
    assert asked == [(order["id"], "csat", None)]
    mornings(stage, 2)
    assert len(told(stage, MessageKind.SURVEY_ASKED)) == 1


def test_a_statement_says_what_the_month_did(stage: Stage) -> None:
    switched_on(stage, MessageKind.STATEMENT)
    bought(stage)
    agree(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        [(earned,)] = conn.exec_driver_sql("SELECT max(effective_at) FROM entries")
    first = (shop.day(earned).replace(day=28) + timedelta(days=4)).replace(day=1)
    stage.clock.ahead = datetime.combine(first, time(12), shop.zone) - datetime.now(UTC)
    scheduled(stage, "daily_emails")
    [mail] = stage.mails()
    assert mail.subject.endswith(" summary")
    assert "Earned: 24 points" in mail.part("plain")
    assert "Used:" not in mail.part("plain")
