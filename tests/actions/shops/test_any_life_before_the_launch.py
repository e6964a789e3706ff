"""Before the launch no life of a shop, whatever staff, programs and shoppers try, reaches anybody but test members."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from plugin.actions.activities import record_activity
from plugin.actions.gifts.give_reward import give_reward
from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.referrals import claim_referral
from plugin.actions.rewards import redeem_points
from plugin.errors import Denied, NotFound
from plugin.rules.referrals.referral_marks import Marks
from plugin.rules.rewards import kinds
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.versions import programmes
from sandbox.state import Record
from tests.actions.shops.test_launch import ANA, BEN, act, customer_of, draft, member_id, outside, try_as
from tests.actions.stage import Stage
from tests.reached import reach, reaches

__all__ = ["draft"]


@dataclass
class Life:
    """What happens in a draft shop: Ana is a test member, Ben is not."""

    stage: Stage
    orders: list[Record] = field(default_factory=list)
    number: int = 0

    def buys(self, email: str) -> None:
        self.orders.append(self.stage.buy(email))

    def changes(self, how: str) -> None:
        if self.orders:
            order, box = self.orders[self.number % len(self.orders)], self.stage.town.box
            getattr(box, how)(self.stage.shop, order)

    def does(self, email: str) -> None:
        """Everything that staff, programs and shoppers could do to somebody."""
        stage, now = self.stage, self.stage.clock()
        who = member_id(stage, email)
        five = kinds.find(programmes_now(stage), "r5")
        assert five is not None
        give: Callable[..., Any] = give_reward
        key = f"k{self.number}"
        acts: list[Callable[[], Any]] = [
            lambda: act(stage, record_activity.record, who, "a1", key, now, "api:1", now),
            lambda: act(stage, redeem_points.redeem, who, "r5", None, key, "shopper", now),
            lambda: act(stage, redeem_points.redeem, who, "rcard", None, key, "staff:1", now),
            lambda: act(stage, give, who, five, f"staff:{key}", Reason("welcome"), "staff:1", now),
            lambda: act(stage, _claims, who, now),
            lambda: _adjusts(stage, who, now),
        ]
        with suppress(Denied, NotFound):
            acts[self.number % len(acts)]()


def programmes_now(stage: Stage) -> Any:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return programmes.current(conn, stage.shop_id, stage.clock()).programme.rewards


def _claims(conn: Any, shop: Any, who: int, now: datetime) -> None:
    member = members.get(conn, shop.id, who)
    assert member is not None
    link = claim_referral.link_for(conn, shop, member, now)
    if link is not None:
        claim_referral.claim(conn, shop, link.word, "friend@example.com", Marks(), None, "en", now)


def _adjusts(stage: Stage, who: int, now: datetime) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        asked = Adjustment(who, f"{now.timestamp():.0f}".zfill(32), "adjusted", 500, "", shown=False)
        adjust_points.adjust(conn, stage.shop_id, asked, "staff:1", now)


STEPS = st.sampled_from(
    ["ana buys", "ben buys", "fulfil", "refund_all", "cancel", "reopen", "for ana", "for ben", "work", "later"]
)


@reaches(ana_got=0.3, ben_tried=0.1)
@given(st.lists(STEPS, min_size=4, max_size=10))
@tries(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_before_the_launch_any_life_reaches_nobody_but_test_members(draft: Stage, steps: list[str]) -> None:
    life = _begun(draft)
    for step in [*steps, "work"]:
        life.number += 1
        if step.endswith(" buys"):
            life.buys(ANA if step.startswith("ana") else BEN)
        elif step.startswith("for "):
            life.does(ANA if step.endswith("ana") else BEN)
            reach("ben_tried") if step.endswith("ben") else None
        elif step in ("work", "later"):
            draft.settle(hours=30 if step == "later" else 0)
        else:
            life.changes(step)
    if draft.mails(ANA):
        reach("ana_got")
    _nothing_for_others(draft)


def _begun(stage: Stage) -> Life:
    if not stage.rows("SELECT 1 FROM members WHERE test_member"):
        stage.buy()
        stage.buy(BEN)
        stage.settle()
        try_as(stage, ANA)
    return Life(stage)


def _nothing_for_others(stage: Stage) -> None:
    owner = f"gid://shopify/Customer/{customer_of(stage, ANA)}"
    assert set(outside(stage)["mails"]) <= {ANA}
    assert set(outside(stage)["metafields"]) <= {owner}
    for found in stage.shop.discount.values():
        assert str(customer_of(stage, ANA)) in str(found), found
    assert {one.get("customer_id") for one in stage.shop.gift_card.values()} <= {customer_of(stage, ANA)}
    assert {one["email"] for one in stage.shop.customer.values() if one.get("tags")} <= {ANA}
    others = "member_id IN (SELECT id FROM members WHERE NOT test_member)"
    for table in ("messages", "redemptions", "credits", "gifts"):
        assert stage.rows(f"SELECT * FROM {table} WHERE {others}") == []
    assert stage.rows(f"SELECT kind FROM entries WHERE {others} AND kind <> 'adjusted'") == []
