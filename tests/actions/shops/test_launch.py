"""Before the launch nothing reaches anybody but test members; what is paused stops its own, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from plugin.actions.activities import record_activity
from plugin.actions.codes import code_batches
from plugin.actions.points.audit import audit
from plugin.actions.referrals import claim_referral
from plugin.actions.rewards import redeem_points
from plugin.actions.shops import launch_programme
from plugin.errors import BadInput, Conflict, Unreached
from plugin.rules.codes.code_sets import CodeBatch
from plugin.rules.fields import of_shop
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from sandbox.shop.orders import Wish
from tests.actions.stage import Stage

ANA, BEN = "ana@example.com", "ben@example.com"
PROGRAMME: dict[str, Any] = {
    "welcome_points": 25,
    "earning": {"points": 10},
    "rewards": [
        {"id": "r5", "name": "Five off", "kind": "amount_off", "points": 50, "value": "5"},
        {"id": "rcard", "name": "Gift card", "kind": "gift_card", "points": 60, "value": "5"},
    ],
    "cashback": {"enabled": True, "percent": 5},
    "tiers": {"metric": "spend", "window": "lifetime", "levels": [{"key": "gold", "name": "Gold", "enter": 20}]},
    "activities": [{"id": "a1", "kind": "review", "word": "review", "name": "Review", "points": 40}],
    "milestones": [{"id": "m1", "name": "First", "metric": "orders", "at": 1, "points": 15}],
    "referrals": {"enabled": True},
}


def act(stage: Stage, do: Callable[..., Any], *args: Any, **how: Any) -> Any:
    """An action of staff."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return do(conn, shops.get(conn, stage.shop_id), *args, **how)


def launch(stage: Stage) -> None:
    act(stage, launch_programme.launch, "staff:1", stage.clock())


def pause(stage: Stage, what: str) -> None:
    assert act(stage, launch_programme.pause, what, "staff:1", stage.clock())


def resume(stage: Stage, what: str) -> None:
    assert act(stage, launch_programme.resume, what, "staff:1", stage.clock())


def member_id(stage: Stage, email: str) -> int:
    return int(stage.rows("SELECT id FROM members WHERE email_key = :key AND state = 'member'", key=email)[0][0])


def try_as(stage: Stage, email: str, *, test: bool = True) -> None:
    assert act(stage, launch_programme.try_as, member_id(stage, email), "staff:1", stage.clock(), test=test)


@pytest.fixture
def draft(stage: Stage) -> Iterator[Stage]:
    """A shop whose programme is not launched; at the end the books agree."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft', launched_at = NULL")
    stage.programme(**PROGRAMME)
    stage.settle()
    yield stage
    assert audit(stage.engine) == []


def outside(stage: Stage) -> dict[str, list[Any]]:
    """Everything of ours that the shop and its customers have."""
    return {
        "mails": [to for mail in stage.mails("") for to in mail.recipients],
        "metafields": sorted({one["owner"] for one in stage.shop.metafield.values() if "/Customer/" in one["owner"]}),
        "discounts": list(stage.shop.discount),
        "cards": list(stage.shop.gift_card),
        "credits": list(stage.shop.credit),
        "tags": [one["email"] for one in stage.shop.customer.values() if one.get("tags")],
    }


NOTHING: dict[str, list[Any]] = dict.fromkeys(("mails", "metafields", "discounts", "cards", "credits", "tags"), [])


def written(stage: Stage) -> dict[str, int]:
    """Rows that could become an effect."""
    return {
        table: int(stage.rows(f"SELECT count(*) FROM {table}")[0][0])
        for table in ("entries", "jobs", "messages", "redemptions", "credits", "gifts")
    }


def test_before_the_launch_orders_are_stored_and_nothing_else_is(draft: Stage) -> None:
    order = draft.buy()
    draft.settle()
    assert written(draft) == dict.fromkeys(written(draft), 0)
    assert outside(draft) == NOTHING
    wanted = "SELECT order_id, member_id, snapshot, explanation->0->>0 FROM order_views"
    [(stored, member, snapshot, why)] = draft.rows(wanted)
    assert (stored, member, snapshot, why) == (order["id"], member_id(draft, ANA), None, "before_launch")


def test_at_the_launch_nothing_is_settled_behind_the_merchants_back(draft: Stage) -> None:
    before = draft.buy()
    draft.settle()
    launch(draft)
    draft.town.box.fulfil(draft.shop, before)
    draft.settle(minutes=1)
    assert (draft.sums(), outside(draft)) == ({}, NOTHING)
    after = draft.town.box.place(draft.shop, _wish(draft, ANA), draft.clock() + timedelta(seconds=5))
    draft.settle(minutes=1)
    assert draft.sums()[f"order:{after['id']}"] > 0
    assert f"order:{before['id']}" not in draft.sums()
    with pytest.raises(Conflict):
        launch(draft)


def _wish(stage: Stage, email: str) -> Any:
    return Wish(lines=[(stage.variant(), 1)], email=email)


def test_for_a_test_member_everything_works_before_the_launch(draft: Stage) -> None:
    draft.buy()
    draft.buy(BEN)
    draft.settle()
    try_as(draft, ANA)
    order = draft.buy()
    draft.buy(BEN)
    draft.settle()
    assert draft.sums()[f"order:{order['id']}"] > 0
    assert set(outside(draft)["mails"]) == {ANA}
    assert outside(draft)["metafields"] == [f"gid://shopify/Customer/{customer_of(draft, ANA)}"]
    assert draft.redemption(order)[1] == "created"
    assert draft.rows("SELECT DISTINCT email FROM members m JOIN entries e ON e.member_id = m.id") == [(ANA,)]


def customer_of(stage: Stage, email: str) -> int:
    return next(one["id"] for one in stage.shop.customer.values() if one["email"] == email)


def test_what_a_test_member_earned_stays_theirs_after_the_launch_and_follows_refunds(draft: Stage) -> None:
    draft.buy()
    draft.settle()
    try_as(draft, ANA)
    order = draft.buy()
    draft.settle()
    given = draft.sums()[f"order:{order['id']}"]
    try_as(draft, ANA, test=False)
    launch(draft)
    draft.town.box.fulfil(draft.shop, order)
    draft.settle(minutes=1)
    assert draft.sums()[f"order:{order['id']}"] == given
    draft.town.box.refund_all(draft.shop, order)
    draft.settle(minutes=1)
    assert draft.sums()[f"order:{order['id']}"] == 0


def test_an_order_placed_while_earning_is_paused_never_earns_whenever_it_is_heard_of(stage: Stage) -> None:
    stage.programme(**PROGRAMME)
    early = stage.town.box.place(stage.shop, _wish(stage, ANA), stage.clock() - timedelta(minutes=30))
    stage.settle()
    earned = stage.sums()[f"order:{early['id']}"]
    pause(stage, "earning")
    meanwhile = stage.town.box.place(stage.shop, _wish(stage, ANA), stage.clock() + timedelta(minutes=5))
    stage.clock.ahead += timedelta(minutes=20)
    resume(stage, "earning")
    late = stage.town.box.place(stage.shop, _wish(stage, ANA), stage.clock() + timedelta(minutes=1))
    stage.settle(minutes=2)
    sums = stage.sums()
    assert f"order:{meanwhile['id']}" not in sums
    assert sums[f"order:{late['id']}"] == earned
    assert stage.rows("SELECT explanation->0->>0 FROM order_views WHERE order_id = :id", id=meanwhile["id"]) == [
        ("placed_while_paused",)
    ]
    assert stage.rows("SELECT 1 FROM redemptions WHERE subject = :s", s=f"order:{meanwhile['id']}") == []
    stage.town.box.refund_all(stage.shop, early)
    stage.town.box.fulfil(stage.shop, meanwhile)
    stage.settle(minutes=1)
    assert stage.sums()[f"order:{early['id']}"] == 0
    assert f"order:{meanwhile['id']}" not in stage.sums()


def test_refunds_of_earlier_orders_go_on_while_earning_is_paused(stage: Stage) -> None:
    stage.programme(**PROGRAMME)
    order = stage.buy()
    stage.settle()
    pause(stage, "earning")
    stage.town.box.refund_all(stage.shop, order)
    stage.settle()
    assert stage.sums()[f"order:{order['id']}"] == 0


def test_activities_and_claims_are_refused_while_earning_is_paused_and_for_what_happened_then(stage: Stage) -> None:
    stage.programme(**PROGRAMME)
    stage.buy()
    stage.settle()
    ana = member_id(stage, ANA)
    then = stage.clock()
    pause(stage, "earning")
    for at in (then - timedelta(minutes=5), then):
        with pytest.raises(Unreached) as refused:
            act(stage, record_activity.record, ana, "a1", "k1", at, "api:1", stage.clock())
        assert (refused.value.code, refused.value.status) == ("earning_paused", 409)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        member = members.get(conn, stage.shop_id, ana)
        assert member
        assert claim_referral.link_for(conn, shops.get(conn, stage.shop_id), member, stage.clock()) is None
    stage.clock.ahead += timedelta(minutes=1)
    resume(stage, "earning")
    with pytest.raises(Unreached):
        act(stage, record_activity.record, ana, "a1", "k1", then + timedelta(seconds=30), "api:1", stage.clock())
    act(stage, record_activity.record, ana, "a1", "k1", then - timedelta(minutes=5), "api:1", stage.clock())


def test_while_spending_is_paused_nothing_is_redeemed_and_issued_codes_stay_good(stage: Stage) -> None:
    stage.programme(**PROGRAMME)
    stage.buy()
    stage.settle()
    ana = member_id(stage, ANA)
    made = act(stage, redeem_points.redeem, ana, "r5", None, "one", "shopper", stage.clock())
    stage.settle()
    pause(stage, "spending")
    with pytest.raises(Unreached) as refused:
        act(stage, redeem_points.redeem, ana, "r5", None, "two", "staff:1", stage.clock())
    assert refused.value.code == "spending_paused"
    assert act(stage, redeem_points.redeem, ana, "r5", None, "one", "shopper", stage.clock()).id == made.id
    used = stage.buy(codes=[made.code])
    stage.settle()
    assert stage.rows("SELECT state, captured_by_order FROM redemptions WHERE id = :id", id=made.id) == [
        ("captured", used["id"])
    ]
    resume(stage, "spending")
    act(stage, redeem_points.redeem, ana, "r5", None, "two", "shopper", stage.clock())


def test_mails_of_a_pause_are_left_out_and_not_sent_later(stage: Stage) -> None:
    stage.programme(**PROGRAMME)
    order = stage.buy()
    stage.hear()  # its confirmation waits for the code
    pause(stage, "mails")
    second = stage.buy(BEN)
    stage.settle(minutes=10)
    assert stage.mails("") == []
    resume(stage, "mails")
    stage.settle(hours=1)
    assert stage.mails("") == []
    about = {f"order:{one['id']}" for one in (order, second)}
    left_out = stage.rows("SELECT subject, state, last_error FROM messages WHERE kind = 'order_confirmation'")
    assert set(left_out) == {(subject, "skipped", "emails are paused") for subject in about}


def test_pausing_twice_changes_nothing_and_a_draft_cannot_be_paused(draft: Stage) -> None:
    with pytest.raises(Conflict):
        pause(draft, "mails")
    launch(draft)
    with pytest.raises(BadInput):
        act(draft, launch_programme.pause, "everything", "staff:1", draft.clock())
    pause(draft, "mails")
    assert not act(draft, launch_programme.pause, "mails", "staff:1", draft.clock())
    resume(draft, "mails")
    assert not act(draft, launch_programme.resume, "mails", "staff:1", draft.clock())
    acts = draft.rows("SELECT action, subject FROM staff_log ORDER BY id")
    assert acts == [("launch_programme", ""), ("pause_programme", "mails"), ("resume_programme", "mails")]
    assert draft.rows("SELECT what, ended_at IS NOT NULL FROM pauses") == [("mails", True)]


def test_codes_for_anybody_are_not_made_before_the_launch(draft: Stage) -> None:
    asked = {"name": "Flyer", "count": 100, "kind": "percent", "value": "10", "valid_days": 30, "prefix": "FLY"}
    batch = CodeBatch.model_validate(asked, context=of_shop("USD"))
    with (
        pytest.raises(Unreached) as refused,
        shop_transaction(draft.engine, draft.shop_id) as conn,
    ):
        code_batches.make(conn, draft.shop_id, batch, "k1", "staff:1", draft.clock())
    assert (refused.value.code, refused.value.status) == ("not_launched", 409)
    assert written(draft)["jobs"] == 0


def test_what_a_former_test_member_redeemed_is_not_made_and_the_points_come_back(draft: Stage) -> None:
    draft.buy()
    draft.settle()
    try_as(draft, ANA)
    draft.buy()
    draft.settle()
    had = len(draft.shop.discount)
    made = act(draft, redeem_points.redeem, member_id(draft, ANA), "r5", None, "one", "shopper", draft.clock())
    try_as(draft, ANA, test=False)
    draft.settle()
    assert len(draft.shop.discount) == had
    assert draft.rows("SELECT state FROM redemptions WHERE id = :id", id=made.id) == [("released",)]
    assert draft.rows("SELECT sum(points)::int FROM entries WHERE subject = :s", s=f"redemption:{made.id}") == [(0,)]
