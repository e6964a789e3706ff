"""Emails about points and rewards go once, and not when what they are about is over by then."""

from __future__ import annotations

from typing import Any

from plugin.actions.points import adjust_points
from plugin.actions.rewards import redeem_points
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.actions.emails.happenings import (
    QUIET,
    ana,
    bought,
    mug_redeemed,
    points_given,
    review_written,
    scheduled,
)
from tests.actions.stage import Stage


def told(stage: Stage) -> list[tuple[str, str, str]]:
    """(kind, state, why) of every message."""
    return [(kind, state, why) for kind, state, why in stage.rows("SELECT kind, state, last_error FROM messages")]


def choose(stage: Stage, kind: MessageKind, **chosen: Any) -> None:
    """What the shop chose for one kind of email."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_settings(conn, stage.shop_id, {"emails": {kind.value: chosen}})


def test_a_reward_that_is_not_used_at_once_is_told_with_its_code(stage: Stage) -> None:
    made = mug_redeemed(stage)
    assert stage.mails() == []
    stage.settle(minutes=6)
    [mail] = stage.mails()
    assert mail.subject == "Your code for Free mug"
    assert all(made.code in mail.part(part) for part in ("plain", "html"))
    assert "/apps/suki/rewards" in mail.part("plain")


def test_a_reward_that_is_used_within_five_minutes_is_not_told(stage: Stage) -> None:
    made = mug_redeemed(stage)
    stage.buy(codes=[made.code])
    stage.settle()
    stage.settle(minutes=6)
    assert told(stage) == [("reward_ready", "skipped", "the code was already used or taken back")]


def test_who_gives_a_reward_back_is_told_nothing(stage: Stage) -> None:
    made = mug_redeemed(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        redeem_points.undo(conn, shop, made.id, "not_taken", "shopper", stage.clock())
    stage.settle()
    stage.settle(minutes=6)
    assert told(stage) == [("reward_ready", "skipped", "the code was already used or taken back")]
    assert stage.mails() == []


def test_points_that_time_gave_back_are_told_with_the_reward(stage: Stage) -> None:
    mug_redeemed(stage)
    stage.settle(minutes=6)
    scheduled(stage, "take_back_expired", days=9)
    stage.settle(minutes=6)
    assert [mail.subject for mail in stage.mails()] == ["You have 10 points back", "Your code for Free mug"]
    assert "Free mug wasn't used in time" in stage.mails()[0].part("plain")


def test_a_reward_that_staff_fulfil_has_its_own_email(stage: Stage) -> None:
    bought(stage, rewards=[{"kind": "custom", "id": "rtour", "name": "A tour", "points": 10, "instructions": "Call"}])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        redeem_points.redeem(conn, shop, ana(stage), "rtour", None, "k", "shopper", stage.clock())
    stage.settle()
    assert told(stage) == []


def test_points_from_staff_are_told_with_what_they_wrote(stage: Stage) -> None:
    points_given(stage)
    stage.settle(minutes=6)
    [mail] = stage.mails()
    assert mail.subject.startswith("50 points for you from ")
    assert "Sorry for the late parcel." in mail.part("plain")


def test_points_from_staff_that_were_undone_are_not_told(stage: Stage) -> None:
    points_given(stage)
    undo_gift(stage)
    stage.settle(minutes=6)
    assert {(kind, state) for kind, state, _ in told(stage)} == {
        ("points_given", "skipped"),
        ("points_taken_back", "skipped"),
    }
    assert stage.mails() == []


def test_points_from_staff_that_were_told_and_then_undone_are_told_again(stage: Stage) -> None:
    points_given(stage)
    stage.settle(minutes=6)
    undo_gift(stage)
    stage.settle(minutes=6)
    assert sorted((kind, state) for kind, state, _ in told(stage)) == [
        ("points_given", "sent"),
        ("points_taken_back", "sent"),
    ]


def test_points_that_were_there_for_long_are_told_when_they_go_although_nobody_told_of_them(stage: Stage) -> None:
    choose(stage, MessageKind.POINTS_GIVEN, on=False)
    points_given(stage)
    stage.settle(minutes=6)
    undo_gift(stage)
    stage.settle(minutes=6)
    assert [(kind, state) for kind, state, _ in told(stage)] == [("points_taken_back", "sent")]


def test_a_gift_of_points_that_an_order_brought_and_took_within_minutes_is_told_neither_way(stage: Stage) -> None:
    milestones = [{"id": "mfirst", "name": "First", "points": 50}]
    stage.programme(**QUIET, milestones=milestones, earning={"points": 0})
    order = stage.buy()
    stage.hear()
    stage.town.box.cancel(stage.shop, order, stage.clock())
    stage.settle()
    stage.settle(minutes=6)
    assert stage.rows("SELECT kind, points FROM entries ORDER BY id") == [("milestone", 50), ("milestone_back", -50)]
    assert {(kind, state) for kind, state, _ in told(stage)} == {
        ("reward_given", "skipped"),
        ("points_taken_back", "skipped"),
    }


def test_a_tier_that_came_and_went_within_minutes_is_told_neither_way(stage: Stage) -> None:
    order = bought(stage, tiers={"levels": [{"key": "gold", "name": "Gold", "enter": "1"}]}, earning={"points": 0})
    stage.town.box.cancel(stage.shop, order, stage.clock())
    stage.settle()
    stage.settle(minutes=6)
    stage.settle(minutes=6)
    assert {(kind, state) for kind, state, _ in told(stage)} == {("tier_reached", "skipped"), ("tier_lost", "skipped")}


def undo_gift(stage: Stage) -> None:
    [(entry,)] = stage.rows("SELECT id FROM entries WHERE kind = 'gift'")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        adjust_points.undo(conn, stage.shop_id, ana(stage), entry, "staff:1", stage.clock())


def test_what_becomes_usable_on_one_day_is_one_email(stage: Stage) -> None:
    bought(stage, earning={"pending_days": 3})
    stage.buy()
    stage.settle()
    scheduled(stage, "announce_matured", days=5)
    stage.settle(minutes=6)
    assert [mail.subject for mail in stage.mails()] == ["You can now use 48 points"]


def test_points_without_a_pending_window_are_not_told_as_usable(stage: Stage) -> None:
    bought(stage)
    scheduled(stage, "announce_matured", days=5)
    assert told(stage) == []


def test_usable_points_that_were_taken_back_are_not_told(stage: Stage) -> None:
    order = bought(stage, earning={"pending_days": 3})
    scheduled(stage, "announce_matured", days=5)
    stage.town.box.cancel(stage.shop, order, stage.clock())
    stage.settle(minutes=6)
    [usable] = [one for one in told(stage) if one[0] == "points_usable"]
    assert usable == ("points_usable", "skipped", "the points were already used or taken back")


def test_an_activity_is_told_by_its_name(stage: Stage) -> None:
    review_written(stage)
    stage.settle(minutes=6)
    [mail] = stage.mails()
    assert mail.subject == "You earned 5 points"
    assert "A review" in mail.part("plain")


def test_a_kind_that_the_shop_switched_off_is_not_even_written_down(stage: Stage) -> None:
    choose(stage, MessageKind.ACTIVITY_DONE, on=False)
    review_written(stage)
    assert told(stage) == []


def test_who_left_meanwhile_gets_none_of_it(stage: Stage) -> None:
    mug_redeemed(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("UPDATE members SET state = 'left'")
    stage.settle(minutes=6)
    assert told(stage) == [("reward_ready", "skipped", "the customer has left the programme")]


def test_no_email_says_the_name_of_a_free_amount_in_a_sentence(stage: Stage) -> None:
    free = {"kind": "slider", "id": "rfree", "name": "As much as you like", "points": 10, "step": 10, "most": 500}
    stage.programme(confirmation="ours", rewards=[free | {"value": "2"}], next_order_code={"enabled": False})
    stage.buy()
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        redeem_points.redeem(conn, shop, ana(stage), "rfree", 20, "k", "shopper", stage.clock())
    stage.settle(minutes=6)
    ready, confirmed = (mail.part("plain") for mail in stage.mails())
    assert "You can redeem these now\n$4.00 off" in confirmed
    assert "As much as you like" not in confirmed
    assert "You need 6 points more for $2.00 off." in ready
    assert stage.mails()[0].subject == "Your code for $4 off"
    assert "As much as you like" not in ready
