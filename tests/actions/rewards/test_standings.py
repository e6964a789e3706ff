"""What decides about rewards is gathered once for a page, and is the same as for each reward alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from plugin.actions.rewards import redeem_points
from plugin.actions.rewards.standings import standings
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, Reward
from plugin.rules.rewards.own_rewards import PartnerCode
from plugin.rules.rewards.redemption import Standing
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.actions.orders.test_settle_orders import start_programme
from tests.actions.rewards.test_redeem_points import enrol
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
PRICED = AmountOff(id="ryen", name="Yen", points=100, value=Decimal(5), currency_prices={"JPY": 120})
DAILY = AmountOff(id="rday", name="Daily", points=10, value=Decimal(1), per_member=3, per_member_every="day")
EVER = AmountOff(id="rever", name="Ever", points=10, value=Decimal(1), per_member=3, in_total=9)
POOL = PartnerCode(id="rpool", name="Partner", points=10)
REWARDS: tuple[Reward, ...] = (PRICED, DAILY, EVER, POOL)


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    return start_programme(engine, shop.id, Programme(rewards=REWARDS))


def look(engine: Engine, shop_id: int, member_id: int, rewards: Sequence[Reward]) -> dict[str, Standing]:
    with shop_transaction(engine, shop_id) as conn:
        member = members.get(conn, shop_id, member_id)
        assert member is not None
        version = programmes.current(conn, shop_id, NOW)
        return standings(conn, shops.get(conn, shop_id), member, version, rewards, LATER)


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    said: list[str] = []

    def hear(conn: object, cursor: object, sql: str, *rest: object) -> None:
        said.append(sql)

    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def test_each_reward_counts_for_itself_and_within_its_own_period(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 500)
    for reward, days_ago in ((DAILY, 1), (DAILY, 0), (EVER, 1), (EVER, 0)):
        at = LATER - timedelta(days=days_ago)
        with shop_transaction(engine, shop_id) as conn:
            ours = shops.get(conn, shop_id)
            redeem_points.redeem(conn, ours, member, reward.id, None, f"{reward.id}{days_ago}", "shopper", at)
    found = look(engine, shop_id, member, REWARDS)
    assert {key: one.used for key, one in found.items()} == {"ryen": 0, "rday": 1, "rever": 2, "rpool": 0}
    assert {key: one.used_in_total for key, one in found.items()} == {"ryen": 0, "rday": 0, "rever": 2, "rpool": 0}
    assert {key: one.codes_left for key, one in found.items()} == {
        "ryen": None,
        "rday": None,
        "rever": None,
        "rpool": 0,
    }
    assert {one.available for one in found.values()} == {460}
    assert found == {key: one for reward in REWARDS for key, one in look(engine, shop_id, member, [reward]).items()}


def test_twenty_rewards_ask_the_database_no_more_than_one(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 500)
    many = [PRICED.model_copy(update={"id": f"ryen{number}"}) for number in range(20)]
    with asked(engine) as of_one:
        look(engine, shop_id, member, many[:1])
    with asked(engine) as of_all:
        look(engine, shop_id, member, many)
    assert of_all == of_one
    assert sum("presented_currency" in sql for sql in of_all) == 1


def test_no_reward_is_no_standing(engine: Engine, shop_id: int) -> None:
    assert look(engine, shop_id, enrol(engine, shop_id, 5), []) == {}
