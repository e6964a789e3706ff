"""A programme without mails: what it would tell of itself is written down and not sent; what is asked for is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.rewards import fulfil_rewards, redeem_points
from plugin.actions.tiers import set_tiers, watch_tiers
from plugin.actions.tiers.watch_tiers import ByHand
from plugin.rules.message_kinds import SWITCHED_OFF
from plugin.rules.programme import Programme
from plugin.rules.rewards.own_rewards import Custom
from plugin.store.database.db import shop_transaction
from plugin.store.members.members import by_customers
from plugin.store.shops import shops
from tests import payloads
from tests.actions.orders.test_settle_orders import NOW, settle, start_programme
from tests.actions.referrals.referral_town import RULES, Town, advocate
from tests.actions.tiers.test_tiers import TIERS

SERVED = Custom(id="rcoffee", name="A coffee", points=10, instructions="")
SILENT = Programme(tiers=TIERS, referrals=RULES, rewards=(SERVED,), confirmation="none")
SKIPPED = ("skipped", SWITCHED_OFF)


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    return start_programme(engine, shop.id, SILENT)


def written(engine: Engine, shop_id: int) -> list[tuple[str, tuple[str, str], bool]]:
    """(kind, (state, why not), whether a job sends it) of every mail."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql(
            "SELECT m.kind, m.state, m.last_error, j.id IS NOT NULL FROM messages m LEFT JOIN jobs j"
            " ON j.shop_id = m.shop_id AND j.kind = 'send_message' AND j.subject = m.id::text ORDER BY m.id"
        )
        return [(row[0], (row[1], row[2]), row[3]) for row in rows]


def test_a_tier_that_staff_set_for_one_or_for_many_is_not_mailed(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, ("orders/paid", payloads.order()))
    with shop_transaction(engine, shop_id) as conn:
        shop, member = shops.get(conn, shop_id), by_customers(conn, shop_id, [7])[7].id
        watch_tiers.set_tier(conn, shop, member, ByHand("gold"), "staff:1", NOW)
        wish = set_tiers.wish(conn, shop, ByHand("silver"), ["7"], NOW)
        set_tiers.set_tiers(conn, shop, wish, "key", "staff:1", NOW)
    assert written(engine, shop_id) == [("tier_reached", SKIPPED, False)] * 2


def test_an_advocate_hears_nothing_and_a_friend_gets_the_code(engine: Engine, shop_id: int) -> None:
    town = Town(engine, shop_id)
    town.ana = advocate(town, 7, "ana@example.com")
    claim = town.claim()
    town.hear(town.order(1, claim))
    town.run(days=15)
    assert town.balance() == 500
    assert written(engine, shop_id) == [
        ("referral_code", ("queued", ""), True),
        ("referral_ordered", SKIPPED, False),
        ("referral_paid", SKIPPED, False),
    ]


def test_who_heard_nothing_of_an_order_hears_nothing_of_its_end(engine: Engine, shop_id: int) -> None:
    town = Town(engine, shop_id)
    town.ana = advocate(town, 7, "ana@example.com")
    claim = town.claim()
    town.hear(town.order(1, claim))
    town.publish(RULES)
    town.hear(town.again(1, cancelled_at="2027-12-10T00:00:00Z"))
    assert town.mails() == ["referral_code", "referral_ordered"]


def test_what_staff_say_of_a_reward_is_sent(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, ("orders/paid", payloads.order()))
    with shop_transaction(engine, shop_id) as conn:
        shop, member = shops.get(conn, shop_id), by_customers(conn, shop_id, [7])[7].id
        at = datetime(2026, 11, 21, tzinfo=UTC)
        made = redeem_points.redeem(conn, shop, member, "rcoffee", None, "k", "shopper", at)
        fulfil_rewards.fulfil(conn, shop, made.id, "", "Ask for it at the counter.", "staff:1", at)
    assert written(engine, shop_id) == [("reward_done", ("queued", ""), True)]
