"""Points become a reward by themselves as often as there are enough: never twice, never against a member's wish."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from plugin.actions.points.audit import audit
from plugin.actions.rewards import redeem_points, turn_points
from plugin.actions.shops import launch_programme
from plugin.actions.work.work import Work
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.store.database.db import shop_transaction
from plugin.store.points import ledger
from plugin.store.rewards import redemptions
from plugin.store.shops import shops
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.rewards.test_redeem_points import FIVE_OFF, NOW, enrol
from tests.conftest import ShopRow

CARD = AmountOff(id="rcard", name="Full card", points=10, value=Decimal(5), by_itself=True)


class Cards:
    """A shop with such a reward, and the job that gives it."""

    def __init__(self, engine: Engine, shop: ShopRow, *rewards: AmountOff) -> None:
        self.engine, self.shop_id = engine, start_programme(engine, shop.id, Programme(rewards=rewards))

    def look(self, at: datetime = NOW) -> None:
        work = Work(self.engine, None, None, lambda: at)  # type: ignore[arg-type]
        with shop_transaction(self.engine, self.shop_id) as conn:
            shop = shops.get(conn, self.shop_id)
        turn_points.carry_out(work, shop, Job(1, self.shop_id, JobKind.TURN_POINTS, "due", {}, 1, 0, at))

    def given(self, member: int) -> list[tuple[str, str]]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            rows = conn.exec_driver_sql(
                "SELECT r.reward, coalesce(e.actor, '') FROM redemptions r LEFT JOIN entries e ON e.shop_id = r.shop_id"
                " AND e.member_id = r.member_id AND e.subject = 'redemption:' || r.id AND e.line = 1"
                f" WHERE r.member_id = {member} ORDER BY r.id"
            )
            return [(row[0], row[1]) for row in rows]

    def available(self, member: int) -> int:
        assert audit(self.engine) == []
        with shop_transaction(self.engine, self.shop_id) as conn:
            return sum(lot.left for lot in ledger.lots_of(conn, self.shop_id, member))


def test_enough_points_become_the_reward_as_often_as_there_are_enough(engine: Engine, shop: ShopRow) -> None:
    cards = Cards(engine, shop, CARD, FIVE_OFF)
    full, twice, short = (enrol(engine, cards.shop_id, n, customer_id=n) for n in (10, 29, 9))
    for _ in range(2):
        cards.look()
        assert cards.given(full) == [("rcard", "suki")]
        assert cards.given(twice) == [("rcard", "suki")] * 2
        assert cards.given(short) == []
    assert [cards.available(each) for each in (full, twice, short)] == [0, 9, 9]


def test_pending_points_wait_and_the_cap_of_a_member_holds(engine: Engine, shop: ShopRow) -> None:
    cards = Cards(engine, shop, CARD.model_copy(update={"per_member": 1, "per_member_every": "month"}))
    member = enrol(engine, cards.shop_id, 5, pending=25)
    cards.look()
    assert cards.given(member) == []
    for days, times in ((15, 1), (26, 1), (43, 2)):  # 5 and 16 December, 2 January
        cards.look(NOW + timedelta(days=days))
        assert len(cards.given(member)) == times, days


@pytest.mark.parametrize("by", ["shopper", "staff:9"])
def test_whoever_gives_it_back_keeps_the_points(engine: Engine, shop: ShopRow, by: str) -> None:
    cards = Cards(engine, shop, CARD)
    member = enrol(engine, cards.shop_id, 35)
    cards.look()
    with shop_transaction(engine, cards.shop_id) as conn:
        here, last = (
            shops.get(conn, cards.shop_id),
            conn.exec_driver_sql("SELECT max(id) FROM redemptions").scalar_one(),
        )
        redeem_points.undo(conn, here, last, "undone", by, NOW)
        gone = redemptions.get(conn, here.id, last)
        assert gone is not None
        redeem_points.release(conn, here, gone, NOW)  # as the job does once Shopify has disabled the code
    cards.look()
    cards.look(NOW + timedelta(days=40))
    assert (len(cards.given(member)), cards.available(member)) == (3, 15)


def test_while_spending_is_paused_nothing_is_turned_and_afterwards_it_is(engine: Engine, shop: ShopRow) -> None:
    cards = Cards(engine, shop, CARD)
    member = enrol(engine, cards.shop_id, 12)
    with shop_transaction(engine, cards.shop_id) as conn:
        launch_programme.pause(conn, shops.get(conn, cards.shop_id), "spending", "staff:1", NOW)
    cards.look()
    assert cards.given(member) == []
    with shop_transaction(engine, cards.shop_id) as conn:
        launch_programme.resume(conn, shops.get(conn, cards.shop_id), "spending", "staff:1", NOW)
    cards.look()
    assert cards.given(member) == [("rcard", "suki")]


def test_a_programme_without_such_a_reward_queues_no_look(engine: Engine, shop: ShopRow) -> None:
    for rewards, queued in (((FIVE_OFF, CARD.model_copy(update={"active": False})), 0), ((CARD,), 1)):
        cards = Cards(engine, shop, *rewards)
        with shop_transaction(engine, cards.shop_id) as conn:
            turn_points.queue_hourly(conn, shops.get(conn, cards.shop_id), datetime.now(NOW.tzinfo))
            kinds = conn.exec_driver_sql("SELECT count(*) FROM jobs WHERE kind = 'turn_points'").scalar_one()
        assert kinds == queued
