"""What happens is written down as events: what it was, of whom, once, and in its order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.gifts.give_reward import give_reward
from plugin.actions.points import write_points
from plugin.actions.referrals import review_referrals
from plugin.rules.events import (
    PointsEarned,
    PointsReturned,
    PointsSpent,
    PointsTakenBack,
    ReferralClaimed,
    ReferralOrdered,
    ReferralPaid,
    ReferralRefused,
    RewardGiven,
    RewardRedeemed,
    RewardReturned,
    RewardUsed,
    TierLost,
    TierReached,
)
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.own_rewards import Donation
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.points.accounts import Entry, PostedEntry
from plugin.store.shops import shops
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.events.looking import happened, recorded
from tests.actions.orders.test_settle_orders import NOW, settle, start_programme
from tests.actions.referrals.referral_town import open_town
from tests.actions.rewards.test_redeem_points import give_back, spend
from webhooks.inbox import process_waiting

SILVER = Tier(key="silver", name="Silver", enter=Decimal(40), bonus=10)
GOLD = Tier(key="gold", name="Gold", enter=Decimal(90))
FIVE_OFF = AmountOff(id="rfive", name="5 off", points=30, value=Decimal(5))
REEF = Donation(id="rreef", name="For the reef", points=10, value=Decimal(1), cause="Reef")


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    programme = Programme(tiers=Tiers(levels=(SILVER, GOLD)), rewards=(FIVE_OFF, REEF))
    return start_programme(engine, shop.id, programme)


def placed_at() -> datetime:
    return datetime.fromisoformat(payloads.PLACED)


def test_an_order_and_its_refund_are_points_and_tiers_in_the_order_in_which_they_came(
    engine: Engine, shop_id: int
) -> None:
    paid = ("orders/paid", payloads.order(lines=[payloads.line(1, "100.00")], total_price="100.00"))
    later = paid[1] | {
        "updated_at": "2026-11-20T11:00:00+08:00",
        "financial_status": "partially_refunded",
        "refunds": [payloads.refund(1, amount="75.00")],
    }
    settle(engine, shop_id, paid, paid)
    points = [one.points for one in happened(engine, shop_id, "points")]  # type: ignore[union-attr]
    assert points == [100, 10]
    settle(engine, shop_id, ("orders/updated", later))
    assert happened(engine, shop_id, "points", "tier") == [
        PointsEarned(1, 100, 100, "earned", placed_at()),
        TierReached("gold", "", "order", told=True, order=1),
        PointsEarned(2, 10, 110, "tier_bonus", NOW),
        PointsTakenBack(3, 75, 35, "taken_back"),
        TierLost("gold", "", "refund"),
        PointsTakenBack(4, 10, 25, "tier_bonus_back"),
    ]
    assert {(one.member_id, one.subject) for one in recorded(engine, shop_id) if one.kind.startswith("points")} == {
        (1, "order:1"),
        (1, "tier:silver:2026"),
    }


def test_each_entry_has_one_event_with_the_balance_after_it(engine: Engine, shop_id: int) -> None:
    orders = [
        ("orders/paid", payloads.order(n, [payloads.line(n, f"{n}0.00")], total_price=f"{n}0.00")) for n in range(1, 6)
    ]
    settle(engine, shop_id, *orders, *orders)
    made = spend(engine, shop_id, 1, FIVE_OFF)
    give_back(engine, shop_id, made)
    with shop_transaction(engine, shop_id) as conn:
        entries = conn.exec_driver_sql(
            "SELECT id, abs(points)::int, sum(points) OVER (ORDER BY id)::int FROM entries ORDER BY id"
        ).all()
    found = happened(engine, shop_id, "points")
    assert [(one.entry, one.points, one.balance) for one in found] == [tuple(row) for row in entries]  # type: ignore[union-attr]


def test_a_reward_is_redeemed_returned_given_and_used(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, ("orders/paid", payloads.order()))
    made = spend(engine, shop_id, 1, FIVE_OFF)
    assert spend(engine, shop_id, 1, FIVE_OFF) == made
    give_back(engine, shop_id, made)
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        gift = give_reward(conn, shop, 1, FIVE_OFF, "birthday:1", Reason("birthday"), "suki", NOW)
        assert give_reward(conn, shop, 1, FIVE_OFF, "birthday:1", Reason("birthday"), "suki", NOW) == gift
    code = [{"code": gift.code.lower(), "amount": "5.00", "type": "fixed_amount"}]
    other = {"id": 8, "email": "ben@example.com", "created_at": payloads.PLACED}
    with_code = payloads.order(2, discount_codes=code, customer=other, email="ben@example.com")
    with_effects(engine, shop_id, with_code, with_code)
    reef = spend(engine, shop_id, 1, REEF, "k2")
    assert happened(engine, shop_id, "reward", "points_spent", "points_returned") == [
        RewardRedeemed(made.id, "rfive", 30, held=False),
        PointsSpent(3, 30, 29),
        RewardReturned(made.id, "rfive", 30),
        PointsReturned(4, 30, 59, "returned"),
        RewardGiven(gift.id, "rfive", "birthday"),
        RewardUsed(gift.id, "rfive", 2),
        RewardRedeemed(reef.id, "rreef", 10, held=False),
        RewardUsed(reef.id, "rreef", None),
        PointsSpent(7, 10, 49),
    ]
    assert {one.member_id for one in recorded(engine, shop_id) if one.kind.startswith("reward")} == {1}


def with_effects(engine: Engine, shop_id: int, *bodies: dict[str, Any]) -> None:
    """The orders come by the inbox, with everything that follows."""
    with shop_transaction(engine, shop_id) as conn:
        for number, body in enumerate(bodies):
            deliveries.add(conn, shop_id, f"e{number}", "orders/paid", NOW, payloads.dumps(body))
    while process_waiting(engine, lambda: datetime.now(UTC) + timedelta(minutes=1)):
        pass


def test_a_referral_is_claimed_ordered_and_paid(engine: Engine, shop: Any) -> None:
    town = open_town(engine, shop.id)
    claim = town.claim()
    order = town.order(1, claim, first_name="Ben")
    town.hear(order, order)
    town.run(days=15)
    town.run(days=1)
    number, friend = claim.referral.id, claim.referral.friend_id
    assert happened(engine, shop.id, "referral") == [
        ReferralClaimed(number, friend),
        ReferralOrdered(number, friend, 1),
        ReferralPaid(number, friend, 1),
    ]
    assert {one.member_id for one in recorded(engine, shop.id) if one.kind.startswith("referral")} == {town.ana}


def test_a_referral_that_staff_refuse_is_refused_with_the_reasons_code(engine: Engine, shop: Any) -> None:
    town = open_town(engine, shop.id)
    claim = town.claim()
    town.hear(town.order(1, claim, first_name="Ben"))
    with shop_transaction(engine, shop.id) as conn:
        found = [claim.referral.id]
        review_referrals.decide(conn, shops.get(conn, shop.id), found, "refused", "", "staff:1", town.now)
    town.run(minutes=1)
    town.run(minutes=1)
    number, friend = claim.referral.id, claim.referral.friend_id
    assert happened(engine, shop.id, "referral")[-1] == ReferralRefused(number, friend, "refused_by_staff")
    assert len(happened(engine, shop.id, "referral")) == 3


def test_a_kind_of_entry_without_an_event_is_an_error_and_not_left_out() -> None:
    entry = Entry(1, "lent", 5, "x:1", 1, NOW, "suki")
    with pytest.raises(ValueError, match="no event for entries of the kind lent"):
        write_points.payload_of(PostedEntry(1, entry, 5))
