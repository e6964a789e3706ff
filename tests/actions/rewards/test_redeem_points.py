"""Points are spent once, on available lots, and go back to the same lots."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from plugin.actions.points.audit import audit
from plugin.actions.rewards import redeem_points
from plugin.errors import Denied, NotFound
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff, Reward, Slider
from plugin.rules.types import Buyer
from plugin.store.database import waits
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.points import ledger
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.work import jobs
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import TestDatabase

Made = TypeVar("Made")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIVE_OFF = AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5))
SLIDER = Slider(id="rslide", name="Any amount", points=50, step=10, most=500, value=Decimal("0.5"))
ONCE = AmountOff(id="ronce", name="Once", points=10, value=Decimal(1), per_member=1)
FEW = AmountOff(id="rfew", name="Few", points=1, value=Decimal(1), in_total=3)


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    programme = Programme(rewards=(FIVE_OFF, SLIDER, ONCE, FEW))
    return start_programme(engine, shop.id, programme)  # type: ignore[attr-defined]


def enrol(engine: Engine, shop_id: int, *credits: int, customer_id: int = 7, pending: int = 0) -> int:
    """A member with a lot per credit, the first to expire first, and one of pending points."""
    with shop_transaction(engine, shop_id) as conn:
        buyer = Buyer(customer_id=customer_id, email=f"c{customer_id}@example.com")
        members.add(conn, shop_id, [buyer], {buyer: NOW})
        member = members.by_customers(conn, shop_id, [customer_id])[customer_id]
        entries = [
            Entry(member.id, "earned", points, f"order:{customer_id}{n}", 1, NOW, "suki",
                  expires_at=NOW + timedelta(days=30 * (n + 1)))
            for n, points in enumerate(credits)
        ]  # fmt: skip
        if pending:
            later = NOW + timedelta(days=14)
            entries.append(Entry(member.id, "earned", pending, "order:99", 1, NOW, "suki", available_at=later))
        accounts = Ledger(conn, shop_id, [member.id])
        accounts.post(entries, NOW)
        accounts.write()
    return member.id


def spend(engine: Engine, shop_id: int, member_id: int, reward: Reward, key: str = "k",
          points: int | None = None) -> Redemption:  # fmt: skip
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        return redeem_points.redeem(conn, shop, member_id, reward.id, points, key, "shopper", NOW)


def give_back(engine: Engine, shop_id: int, made: Redemption, why: str = "undone") -> None:
    """As the job does once Shopify has said that the code is disabled and unused."""
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
        redeem_points.undo(conn, shop, made.id, why, "shopper", NOW)
        found = redemptions.get(conn, shop_id, made.id)
        assert found is not None
        redeem_points.release(conn, shop, found, NOW)


def lots_of(engine: Engine, shop_id: int, member_id: int) -> list[int]:
    with shop_transaction(engine, shop_id) as conn:
        return [lot.left for lot in ledger.lots_of(conn, shop_id, member_id)]


def test_points_are_set_aside_at_once_and_a_job_makes_the_code(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 60, 80)
    made = spend(engine, shop_id, member, FIVE_OFF)
    assert (made.state, made.code_state, made.points, made.terms["value"]) == ("reserved", "wanted", 100, "5")
    assert lots_of(engine, shop_id, member) == [0, 40]
    with shop_transaction(engine, shop_id) as conn:
        assert [job.subject for job in jobs.claim(conn, shop_id, "code", 9, NOW)] == [str(made.id)]
    assert audit(engine) == []


def test_the_same_form_twice_is_one_redemption(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 500)
    assert spend(engine, shop_id, member, FIVE_OFF).id == spend(engine, shop_id, member, FIVE_OFF).id
    assert lots_of(engine, shop_id, member) == [400]


def test_a_slider_buys_what_the_chosen_points_are_worth(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 500)
    assert spend(engine, shop_id, member, SLIDER, points=120).terms["value"] == "6.0"


@pytest.mark.parametrize(
    ("reward", "points", "code"),
    [
        (FIVE_OFF, None, "too_few_points"),
        (SLIDER, 55, "not_on_slider"),
        (SLIDER, -50, "not_on_slider"),
        (SLIDER, 510, "not_on_slider"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(
    engine: Engine, shop_id: int, reward: Reward, points: int | None, code: str
) -> None:
    member = enrol(engine, shop_id, 90, pending=1000)
    with pytest.raises(Denied) as caught:
        spend(engine, shop_id, member, reward, points=points)
    assert caught.value.code == code
    assert lots_of(engine, shop_id, member) == [90, 1000]


def test_another_shops_member_or_reward_is_not_found(engine: Engine, shop_id: int, other_shop: object) -> None:
    member = enrol(engine, shop_id, 500)
    other = start_programme(engine, other_shop.id, Programme())  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        spend(engine, other, member, FIVE_OFF)


def test_limits_hold_per_member_and_in_total(engine: Engine, shop_id: int) -> None:
    people = [enrol(engine, shop_id, 100, customer_id=number) for number in range(1, 6)]
    spend(engine, shop_id, people[0], ONCE)
    with pytest.raises(Denied, match="has reached the limit for this reward"):
        spend(engine, shop_id, people[0], ONCE, key="again")
    with ThreadPoolExecutor(5) as pool:
        results = list(pool.map(lambda member: _try(engine, shop_id, member, FEW, "few"), people))
    assert sum(results) == 3


def test_what_is_given_back_returns_to_the_same_lots_once(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 60, 80)
    made = spend(engine, shop_id, member, FIVE_OFF)
    give_back(engine, shop_id, made)
    assert lots_of(engine, shop_id, member) == [60, 80]
    with shop_transaction(engine, shop_id) as conn:
        redeem_points.post_redemption(conn, shops.get(conn, shop_id), made.id, NOW)
    assert lots_of(engine, shop_id, member) == [60, 80]
    assert audit(engine) == []


def test_what_comes_back_pays_a_debt_first(engine: Engine, shop_id: int) -> None:
    member = enrol(engine, shop_id, 100)
    made = spend(engine, shop_id, member, FIVE_OFF)
    with shop_transaction(engine, shop_id) as conn:
        accounts = Ledger(conn, shop_id, [member])
        accounts.post([Entry(member, "taken_back", -70, "order:70", 2, NOW, "suki")], NOW)
        accounts.write()
    give_back(engine, shop_id, made)
    assert lots_of(engine, shop_id, member) == [30]
    assert audit(engine) == []


def test_points_follow_a_merged_customer_with_their_dates(engine: Engine, shop_id: int) -> None:
    from plugin.actions.members.merge_members import merge_customers

    member = enrol(engine, shop_id, 60, 80)
    kept = enrol(engine, shop_id, 5, customer_id=8)
    made = spend(engine, shop_id, member, FIVE_OFF)
    with shop_transaction(engine, shop_id) as conn:
        merge_customers(conn, shops.get(conn, shop_id), kept=8, removed=7, now=NOW)
    give_back(engine, shop_id, made)
    with shop_transaction(engine, shop_id) as conn:
        held = ledger.lots_of(conn, shop_id, kept)
    assert sum(lot.left for lot in held) == 145
    assert {(lot.expires_at - NOW).days for lot in held if lot.expires_at} == {30, 60}
    assert audit(engine) == []


def _try(engine: Engine, shop_id: int, member_id: int, reward: Reward, key: str) -> bool:
    try:
        spend(engine, shop_id, member_id, reward, key=key)
    except Denied:
        return False
    return True


def _in_the_end(click: Callable[[], Made]) -> Made:
    """What a click gives; one that waited too long for the others is made again, as a shopper does after a 503."""
    while True:
        try:
            return click()
        except OperationalError as error:
            if not waits.is_wait(error):
                raise


def fifty_at_once(database: TestDatabase, shop_id: int, member: int, reward: AmountOff) -> int:
    """How many of them got the reward."""
    crowd = engine_at(database.url, "suki-race", pool_size=50, max_overflow=0, pool_timeout=30)
    with ThreadPoolExecutor(50) as pool:
        won = list(pool.map(lambda n: _in_the_end(lambda: _try(crowd, shop_id, member, reward, f"k{n}")), range(50)))
    crowd.dispose()
    return sum(won)


def test_fifty_at_once_never_overspend(engine: Engine, shop_id: int, database: TestDatabase) -> None:
    member = enrol(engine, shop_id, 250, 250)
    assert fifty_at_once(database, shop_id, member, FIVE_OFF) == 5
    assert lots_of(engine, shop_id, member) == [0, 0]
    with shop_transaction(engine, shop_id) as conn:
        assert len(redemptions.of_member(conn, shop_id, member)) == 5
    assert audit(engine) == []


def test_fifty_at_once_never_hold_more_than_there_is(engine: Engine, shop: object, database: TestDatabase) -> None:
    late = FIVE_OFF.model_copy(update={"deduct": "ordered"})
    shop_id = start_programme(engine, shop.id, Programme(rewards=(late, SLIDER)))  # type: ignore[attr-defined]
    member = enrol(engine, shop_id, 250, 270)
    assert fifty_at_once(database, shop_id, member, late) == 5
    assert lots_of(engine, shop_id, member) == [250, 270]
    with shop_transaction(engine, shop_id) as conn:
        assert reward_uses.on_hold(conn, shop_id, [member]) == {member: 500}
    with pytest.raises(Denied, match="needs 30 points more"):
        spend(engine, shop_id, member, SLIDER, points=50)
    assert audit(engine) == []


def test_fifty_clicks_on_one_form_are_one_redemption(engine: Engine, shop_id: int, database: object) -> None:
    member = enrol(engine, shop_id, 500)
    crowd = engine_at(database.url, "suki-race", pool_size=50, max_overflow=0, pool_timeout=30)  # type: ignore[attr-defined]
    with ThreadPoolExecutor(50) as pool:
        made = set(pool.map(lambda _: _in_the_end(lambda: spend(crowd, shop_id, member, FIVE_OFF)).id, range(50)))
    crowd.dispose()
    assert len(made) == 1
    assert lots_of(engine, shop_id, member) == [400]


def test_a_limit_a_month_begins_anew_with_the_shops_month(engine: Engine, shop: object) -> None:
    monthly = ONCE.model_copy(update={"per_member_every": "month"})
    shop_id = start_programme(engine, shop.id, Programme(rewards=(monthly,)))  # type: ignore[attr-defined]
    member = enrol(engine, shop_id, 100)
    for at, allowed in ((NOW, True), (NOW + timedelta(days=5), False), (NOW + timedelta(days=12), True)):
        with shop_transaction(engine, shop_id) as conn:
            ours = shops.get(conn, shop_id)
            try:
                redeem_points.redeem(conn, ours, member, "ronce", None, at.isoformat(), "shopper", at)
            except Denied as error:
                assert error.code == "reward_used_this_month"
                assert not allowed
            else:
                assert allowed
    assert lots_of(engine, shop_id, member) == [80]


def test_a_tier_pays_its_price_and_others_stay_out(engine: Engine, shop: object) -> None:
    from plugin.rules.tiers.placing import Held
    from plugin.store.tiers import tiers
    from plugin.store.tiers.tiers import TierState

    cheap = FIVE_OFF.model_copy(update={"prices": {"gold": 70}, "tiers": frozenset({"gold"})})
    shop_id = start_programme(engine, shop.id, Programme(rewards=(cheap,)))  # type: ignore[attr-defined]
    member, other = enrol(engine, shop_id, 75), enrol(engine, shop_id, 500, customer_id=8)
    with shop_transaction(engine, shop_id) as conn:
        tiers.save(conn, shop_id, [TierState(member, Held("gold", NOW.date()))])
    made = spend(engine, shop_id, member, cheap)
    assert (made.points, made.terms["points"], lots_of(engine, shop_id, member)) == (70, 70, [5])
    with pytest.raises(Denied):
        spend(engine, shop_id, other, cheap)


def test_a_member_pays_the_price_of_the_currency_of_their_newest_order(engine: Engine, shop: object) -> None:
    dear = FIVE_OFF.model_copy(update={"currency_prices": {"JPY": 120}})
    shop_id = start_programme(engine, shop.id, Programme(rewards=(dear,)))  # type: ignore[attr-defined]
    member = enrol(engine, shop_id, 500)
    with shop_transaction(engine, shop_id) as conn:
        for number, view in ((1, {"currency": "USD"}), (2, {"currency": "USD", "presented_currency": "JPY"})):
            conn.exec_driver_sql(
                "INSERT INTO order_views (shop_id, order_id, member_id, placed_at, view)"
                " VALUES (%s, %s, %s, %s, %s::jsonb)",
                (shop_id, number, member, NOW + timedelta(hours=number), json.dumps(view)),
            )
            assert orders.paid_in(conn, shop_id, member) == ("USD", "JPY")[number - 1]
    assert spend(engine, shop_id, member, dear).points == 120
