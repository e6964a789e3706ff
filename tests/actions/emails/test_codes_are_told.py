"""Whatever emails a shop turned off, a code that was issued is told by one that is on; never by two."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.actions.referrals import tell_advocate
from plugin.actions.rewards import redeem_points
from plugin.rules import subjects
from plugin.rules.emails import kind_settings
from plugin.rules.message_kinds import KIND_OFF, MessageKind
from plugin.rules.referrals.referral_rules import ADVOCATES_REWARD
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.actions.codes.test_code_pools import POOL, fill
from tests.actions.emails.happenings import FIVE, MUG, ana, bought
from tests.actions.emails.test_news import told
from tests.actions.stage import Stage

FIRST = {"id": "mfirst", "name": "First", "points": 0, "reward": "rfive"}
CARD = {"kind": "gift_card", "id": "rcard", "name": "₱5 gift card", "points": 10, "value": "5"}
CREDIT = {"kind": "store_credit", "id": "rcredit", "name": "₱5 credit", "points": 10, "value": "5", "notify": False}


def off(stage: Stage, *kinds: MessageKind) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_settings(conn, stage.shop_id, {"emails": {kind.value: {"on": False} for kind in kinds}})


def test_without_confirmations_the_next_orders_code_has_an_email_of_its_own(stage: Stage) -> None:
    stage.programme(confirmation="ours")
    off(stage, MessageKind.ORDER_CONFIRMATION, MessageKind.CODE_READY)
    order = stage.buy()
    stage.settle()
    [mail] = stage.mails()
    assert told(stage) == [("code_ready", "sent", "")]
    assert all(stage.code(order) in mail.part(part) for part in ("plain", "html"))
    stage.settle(minutes=40)
    assert len(stage.mails()) == 1


def test_a_code_of_the_pool_is_told_as_well(stage: Stage) -> None:
    stage.programme(confirmation="ours", next_order_code=POOL)
    fill(stage)
    off(stage, MessageKind.ORDER_CONFIRMATION)
    order = stage.buy()
    stage.settle()
    assert told(stage) == [("code_ready", "sent", "")]
    assert stage.code(order) in stage.mails()[0].part("plain")


def test_a_confirmation_turned_off_while_it_waits_leaves_its_code_to_the_other(stage: Stage) -> None:
    stage.programme(confirmation="ours")
    order = stage.buy()
    stage.hear()
    off(stage, MessageKind.ORDER_CONFIRMATION)
    stage.settle()
    assert sorted(told(stage)) == [("code_ready", "sent", ""), ("order_confirmation", "skipped", KIND_OFF)]
    assert stage.code(order) in stage.mails()[0].part("plain")


@pytest.mark.parametrize("who", ["shopify", "none"])
def test_where_others_confirm_or_nobody_no_code_is_mailed(stage: Stage, who: str) -> None:
    stage.programme(confirmation=who)
    off(stage, MessageKind.ORDER_CONFIRMATION)
    stage.buy()
    stage.settle()
    assert told(stage) == []


def test_a_code_of_an_order_that_was_cancelled_is_not_told(stage: Stage) -> None:
    stage.programme(confirmation="ours")
    off(stage, MessageKind.ORDER_CONFIRMATION)
    order = stage.buy()
    stage.hear()
    stage.town.box.cancel(stage.shop, order, stage.clock())
    stage.settle()
    assert [kind for kind, state, _ in told(stage) if state == "sent"] == []


def test_without_emails_about_gifts_the_gifts_code_comes_as_that_of_a_reward(stage: Stage) -> None:
    off(stage, MessageKind.REWARD_GIVEN)
    bought(stage, milestones=[FIRST], rewards=[FIVE])
    stage.settle(minutes=6)
    assert told(stage) == [("reward_ready", "sent", "")]
    [(code,)] = stage.rows("SELECT code FROM redemptions")
    assert code in stage.mails()[0].part("plain")


def test_a_gift_turned_off_while_it_waits_is_told_as_a_reward(stage: Stage) -> None:
    stage.programme(confirmation="shopify", next_order_code={"enabled": False}, milestones=[FIRST], rewards=[FIVE])
    stage.buy()
    stage.hear()
    assert [kind for kind, *_ in told(stage)] == ["reward_given"]
    off(stage, MessageKind.REWARD_GIVEN)
    stage.settle(minutes=6)
    stage.settle(minutes=6)
    assert sorted(told(stage)) == [("reward_given", "skipped", KIND_OFF), ("reward_ready", "sent", "")]


def test_a_gift_that_is_told_is_told_once(stage: Stage) -> None:
    bought(stage, milestones=[FIRST], rewards=[FIVE])
    stage.settle(minutes=6)
    assert told(stage) == [("reward_given", "sent", "")]


def test_what_the_email_of_a_referral_was_to_tell_is_found_again() -> None:
    for number in (None, 2, 3):
        subject = str(subjects.Referral(7, number))
        paid = _redemption(ADVOCATES_REWARD, subject)
        assert tell_advocate.code_of(tell_advocate.mail_of(paid)[1]) == subject


def _redemption(reward: str, subject: str) -> Any:
    return type("Made", (), {"reward": reward, "subject": subject})()


def test_no_kind_that_is_the_last_word_of_a_code_can_be_turned_off() -> None:
    silent = {"emails": {kind.value: {"on": False} for kind in MessageKind}}
    assert kind_settings.switched_on(silent, MessageKind.CODE_READY)
    assert kind_settings.switched_on(silent, MessageKind.REFERRAL_CODE)


@pytest.mark.parametrize("reward", [CARD, CREDIT], ids=["gift card", "store credit"])
def test_a_reward_without_a_discount_code_is_told_and_no_secret_is_mailed(stage: Stage, reward: dict[str, Any]) -> None:
    redeem(stage, reward)
    assert stage.mails() == []
    stage.settle(minutes=6)
    [mail] = stage.mails()
    assert mail.subject.startswith(f"Your {reward['name']} from ") and mail.subject.endswith(" is ready")
    [(code,)] = stage.rows("SELECT code FROM redemptions")
    for part in ("plain", "html"):
        assert reward["name"] in mail.part(part) and "/apps/suki/rewards" in mail.part(part)
        assert code not in mail.part(part) and "at checkout" not in mail.part(part)


def test_store_credit_of_which_shopify_tells_is_not_told_twice(stage: Stage) -> None:
    redeem(stage, CREDIT | {"notify": True})
    stage.settle(minutes=6)
    assert told(stage) == []


def test_a_discount_still_comes_with_its_code(stage: Stage) -> None:
    redeem(stage, MUG)
    stage.settle(minutes=6)
    assert "Enter this code at checkout" in stage.mails()[0].part("plain")


def redeem(stage: Stage, reward: dict[str, Any]) -> None:
    bought(stage, rewards=[reward])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        redeem_points.redeem(conn, shop, ana(stage), reward["id"], None, "k", "shopper", stage.clock())
    stage.settle()
