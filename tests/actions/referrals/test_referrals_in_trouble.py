"""A referral through a running sandbox: codes, webhooks and mails are real, and so is what goes wrong."""

from __future__ import annotations

from datetime import timedelta

from plugin.actions.points.audit import audit
from plugin.actions.referrals import claim_referral
from plugin.actions.referrals.claim_referral import Claim
from plugin.rules.referrals.referral_marks import Marks
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.referrals import referrals
from plugin.store.shops import shops
from sandbox.admin_api import code_discounts
from sandbox.shop.discounts import CodeRefused
from tests.actions.stage import Stage

RULES = {"enabled": True, "hold_days": 14, "friend": {"kind": "amount_off", "value": 5}}


def invite(stage: Stage, email: str = "ben@example.org", **rules: object) -> Claim:
    """Ana's link, claimed by a friend."""
    stage.programme(referrals={**RULES, **rules}, next_order_code={"enabled": False})
    return claim(stage, email)


def claim(stage: Stage, email: str) -> Claim:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        ana = _ana(stage)
        link = claim_referral.link_for(conn, shop, ana, now)
        assert link is not None
        return claim_referral.claim(conn, shop, link.word, email, Marks(), None, "fil", now)


def _ana(stage: Stage) -> Member:
    known = [one["id"] for one in stage.shop.customer.values() if one["email"] == "ana@example.com"]
    key = known[0] if known else 7
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        buyer = Buyer(customer_id=key, email="ana@example.com", first_name="Ana", last_name="Reyes")
        members.add(conn, stage.shop_id, [buyer], {buyer: stage.clock() - timedelta(days=9)})
        return members.by_customers(conn, stage.shop_id, [key])[key]


def code_state(stage: Stage, made: Claim) -> str:
    assert made.code is not None
    return str(stage.rows("SELECT code_state FROM redemptions WHERE id = :id", id=made.code.id)[0][0])


def state(stage: Stage, made: Claim) -> str:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        found = referrals.get(conn, stage.shop_id, made.referral.id)
    assert found is not None
    return found.state


def test_from_the_claim_to_the_payout_and_back(stage: Stage) -> None:
    made = invite(stage)
    assert made.code is not None
    stage.settle()
    assert code_state(stage, made) == "created"
    (mail,) = stage.mails("ben@example.org")
    assert "Kape at Tinapay" in mail.subject
    order = stage.buy("ben@example.org", "Rattan tray", codes=[made.code.code.lower()])
    assert order["codes"][0]["amount"] == 500
    stage.settle(seconds=40)  # Shopify is asked how many orders the friend has
    stage.settle(seconds=40)
    assert state(stage, made) == "approved"
    assert len(stage.mails()) == 1
    stage.settle(days=15)
    assert state(stage, made) == "paid"
    assert stage.sums()[f"referral:{made.referral.id}"] == 500
    assert len(stage.mails()) == 2
    stage.town.box.refund_all(stage.shop, order)
    stage.settle(minutes=1)
    stage.settle(minutes=1)
    assert state(stage, made) == "reversed"
    assert stage.sums()[f"referral:{made.referral.id}"] == 0
    assert audit(stage.engine) == []


def test_a_lost_answer_makes_no_second_code(stage: Stage) -> None:
    stage.town.trouble.set(graphql_lost_answer=1)
    made = invite(stage)
    stage.settle()
    assert code_state(stage, made) == "wanted"
    assert stage.mails("ben@example.org") == []
    stage.town.trouble.calm()
    stage.settle(hours=1)
    stage.settle(minutes=1)
    assert code_state(stage, made) == "created"
    assert len(stage.shop.discount) == 1
    assert len(stage.mails("ben@example.org")) == 1


def test_a_name_that_another_discount_has_is_not_given_to_the_friend(stage: Stage) -> None:
    made = invite(stage)
    assert made.code is not None
    asked = {"title": "Theirs", "code": made.code.code, "startsAt": "2026-01-01T00:00:00Z", "context": {"all": "ALL"},
             "customerGets": {"value": {"percentage": 0.5}, "items": {"all": True}}}  # fmt: skip
    code_discounts.create(stage.shop, asked, "basic", "basicCodeDiscount")
    stage.settle()
    assert code_state(stage, made) != "created"
    assert stage.mails("ben@example.org") == []
    stage.settle(days=40)
    stage.settle(days=1)
    assert state(stage, made) == "expired"
    assert claim(stage, "ben@example.org").referral.id != made.referral.id


def test_the_code_is_good_for_one_order(stage: Stage) -> None:
    made = invite(stage)
    assert made.code is not None
    stage.settle()
    stage.buy("ben@example.org", codes=[made.code.code])
    try:
        stage.buy("carl@example.org", codes=[made.code.code])
    except CodeRefused:
        pass
    else:
        raise AssertionError("one code, two orders")


def test_webhooks_twice_and_in_any_order_pay_once(stage: Stage) -> None:
    made = invite(stage, hold_days=0)
    assert made.code is not None
    stage.settle()
    stage.town.trouble.set(webhook_duplicate=1, webhook_shuffle_seconds=0.2)
    stage.buy("ben@example.org", codes=[made.code.code])
    for _ in range(3):
        stage.settle(minutes=1)
    assert stage.sums()[f"referral:{made.referral.id}"] == 500


def failed(stage: Stage) -> list[tuple[str, str]]:
    rows = stage.rows("SELECT kind, last_error FROM jobs WHERE state = 'failed'")
    return [(row[0], row[1]) for row in rows]


def test_the_friends_mail_gives_up_after_a_while_and_goes_once_the_code_is_made_after_all(stage: Stage) -> None:
    stage.town.trouble.set(graphql_lost_answer=1)
    made = invite(stage)
    stage.settle()
    stage.settle(minutes=31)
    words = "the code for this email wasn't created; the email is sent once it is"
    assert failed(stage) == [("send_message", words)]
    stage.town.trouble.calm()
    stage.settle(minutes=30)
    assert code_state(stage, made) == "created"
    assert len(stage.mails("ben@example.org")) == 1
    assert failed(stage) == []


def test_the_advocates_mail_with_a_code_of_their_own_waits_for_it_alike(stage: Stage) -> None:
    ana = {"first_name": "Ana", "last_name": "Reyes", "email": "ana@example.com", "locale": "en"}
    stage.town.box.enrol(stage.shop, **ana)
    made = invite(stage, hold_days=1, advocate={"kind": "code", "code": {"kind": "amount_off", "value": 3}})
    assert made.code is not None
    stage.settle()
    stage.buy("ben@example.org", codes=[made.code.code])
    for _ in range(2):
        stage.settle(seconds=40)
    assert state(stage, made) == "approved"
    stage.town.trouble.set(graphql_lost_answer=1)
    stage.settle(days=2)
    assert state(stage, made) == "paid"
    before = len(stage.mails("ana@example.com"))
    stage.settle(minutes=31)
    assert [kind for kind, _ in failed(stage)] == ["send_message"]
    stage.town.trouble.calm()
    stage.settle(minutes=30)
    assert len(stage.mails("ana@example.com")) == before + 1
    assert failed(stage) == []
