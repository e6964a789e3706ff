"""What a member refused is not sent, says why, and is written back to Shopify."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugin.actions.members import merge_members, tell_members
from plugin.actions.sending import refuse_emails
from plugin.rules.message_kinds import KIND_UNWANTED, SUPPRESSED, MessageKind
from plugin.rules.subjects import Welcome
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.sending import optouts, suppressions
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.stage import Stage


def click(stage: Stage, kind: MessageKind, email: str = "ana@example.com") -> int:
    """The member clicks Unsubscribe in an email of this kind; answers who they are."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        ids = [row[0] for row in conn.exec_driver_sql("SELECT id FROM members WHERE email = %(e)s", {"e": email})]
        member = members.get(conn, stage.shop_id, ids[0])
        assert member is not None
        refuse_emails.by_one_click(conn, shops.get(conn, stage.shop_id), member, kind, stage.clock())
    return member.id


def customer(stage: Stage, email: str = "ana@example.com") -> dict[str, object]:
    return next(one for one in stage.shop.customer.values() if one["email"] == email)


def tell(stage: Stage, member: int) -> list[tuple[object, ...]]:
    """A welcome email is written down; answers (state, why) of it."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        row = {"member_id": member, "kind": MessageKind.WELCOME, "subject": str(Welcome())}
        tell_members.tell(conn, shop, programmes.current(conn, shop.id, now).programme, [row], now)
    return stage.rows("SELECT state, last_error FROM messages WHERE kind = 'welcome'")


def test_a_refused_kind_is_written_down_as_left_out_with_the_reason(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    ana = click(stage, MessageKind.WELCOME)
    assert tell(stage, ana) == [("skipped", KIND_UNWANTED)]
    assert stage.waiting("send_message") == []


def test_an_address_that_nothing_is_sent_to_keeps_its_mail_until_it_is_to_go(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        suppressions.suppress(conn, stage.shop_id, "Ana@Example.com ", "bounced", "returned", "5.1.1", stage.clock())
    ana = stage.rows("SELECT id FROM members")[0][0]
    assert tell(stage, ana) == [("queued", "")]
    assert SUPPRESSED in tell_members.reach_words.MAY_GO_LATER


def test_unsubscribing_and_subscribing_reach_shopify(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    stage.town.box.set_consent(stage.shop, customer(stage), "SUBSCRIBED")
    stage.settle()
    ana = click(stage, MessageKind.REWARD_GIVEN)
    assert customer(stage)["marketing"] == "SUBSCRIBED"
    stage.settle()
    assert customer(stage)["marketing"] == "UNSUBSCRIBED"
    assert stage.waiting("write_consent") == []
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, member = shops.get(conn, stage.shop_id), members.get(conn, stage.shop_id, ana)
        assert member is not None
        refuse_emails.choose(conn, shop, member, refuse_emails.Wishes([], True, "fil"), stage.clock())
    stage.settle()
    assert customer(stage)["marketing"] == "SUBSCRIBED"
    assert "promotional" not in {row[0] for row in stage.rows("SELECT kind FROM email_optouts")}


def test_who_subscribes_later_in_the_shop_wants_offers_again_and_not_by_an_older_word(stage: Stage) -> None:
    stage.buy()
    stage.settle()
    ana = click(stage, MessageKind.REWARD_GIVEN)
    number = int(str(customer(stage)["id"]))
    for at, kept in ((-timedelta(seconds=1), True), (timedelta(seconds=1), False)):
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            shop = shops.get(conn, stage.shop_id)
            since = optouts.since(conn, shop.id, ana, "reward_given")
            assert since is not None
            refuse_emails.consent_told(conn, shop, number, "subscribed", since + at)
            assert (optouts.since(conn, shop.id, ana, "promotional") is not None) == kept
    assert [row[0] for row in stage.rows("SELECT kind FROM email_optouts")] == ["reward_given"]


@pytest.mark.parametrize("gone", [True, False])
def test_a_customer_whom_shopify_does_not_take_it_for(stage: Stage, gone: bool) -> None:
    stage.buy()
    stage.settle()
    click(stage, MessageKind.REWARD_GIVEN)
    one = customer(stage)
    if gone:
        stage.shop.drop("customer", one["id"])
    else:
        one["email"] = ""
    stage.settle()
    waiting = stage.waiting("write_consent")
    if gone:
        assert waiting == []
    else:
        assert "email address is required" in waiting[0][3]


def test_who_is_merged_has_refused_for_both(stage: Stage) -> None:
    stage.buy()
    stage.buy("ben@example.com")
    stage.settle()
    ben = click(stage, MessageKind.WELCOME, "ben@example.com")
    ana = click(stage, MessageKind.TIER_REACHED)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        merge_members.merge_members(conn, shops.get(conn, stage.shop_id), kept=ana, removed=ben, now=stage.clock())
        assert optouts.refused(conn, stage.shop_id, [ana, ben]) == {ana: frozenset({"welcome", "tier_reached"})}
