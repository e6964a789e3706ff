"""Points that ended unused are not lost a second time when what they were given for is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.actions.members.merge_members import merge_members
from plugin.actions.points.audit import audit
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points import ledger
from plugin.store.shops import shops
from tests.actions.life import LAST_MOMENT, START, YEAR, Life, earned_on, start
from tests.reached import reach, reaches

ORDER = {"subject": "order:1"}
LATER = LAST_MOMENT + timedelta(days=9)


@pytest.fixture
def life(engine: object, shop: object) -> Life:
    found = Life(engine, shop.id)  # type: ignore[attr-defined,arg-type]
    start(found)
    found.publish(YEAR, START)
    return found


def end_everything(life: Life) -> None:
    for days in (31, 4, 0):
        life.run(LAST_MOMENT - timedelta(days=days))
    life.run(LATER - timedelta(days=1))


def take_back(life: Life, points: int, line: int = 2) -> None:
    life.post(-points, LATER, kind="taken_back", **ORDER | {"line": line})  # type: ignore[arg-type]


def standing(life: Life) -> tuple[int, int]:
    with shop_transaction(life.engine, life.shop_id) as conn:
        member = members.get(conn, life.shop_id, life.members[0])
        assert member is not None
        assert member.balance == sum(lot.left for lot in ledger.lots_of(conn, life.shop_id, member.id)) - member.debt
    assert audit(life.engine) == []
    return member.balance, member.debt


def test_an_order_refunded_after_its_points_ended_takes_nothing_more(life: Life) -> None:
    life.post(160, earned_on(10), **ORDER)
    end_everything(life)
    assert standing(life) == (0, 0)
    take_back(life, 160)
    assert standing(life) == (0, 0)
    posted = life.rows("SELECT kind, points, subject, line FROM entries ORDER BY id")
    assert posted[1:] == [
        ("expired", -160, "expiry:1", 1),
        ("expired_back", 160, "expiry:1", 2),
        ("taken_back", -160, "order:1", 2),
    ]


def test_what_was_spent_of_them_is_owed_all_the_same(life: Life) -> None:
    life.post(160, earned_on(10), **ORDER)
    life.post(-100, earned_on(11))
    end_everything(life)
    take_back(life, 160)
    assert standing(life) == (-100, 100)


def test_points_of_other_orders_stay_where_they_are(life: Life) -> None:
    life.post(160, earned_on(10), **ORDER)
    end_everything(life)
    life.post(70, LATER - timedelta(hours=1), subject="order:2")
    take_back(life, 160)
    assert standing(life) == (70, 0)


def test_a_refund_in_parts_takes_each_ended_point_into_account_once(life: Life) -> None:
    life.post(160, earned_on(10), **ORDER)
    life.post(-40, earned_on(11))
    end_everything(life)
    for line, points in ((2, 50), (3, 70), (4, 30), (5, 10)):
        take_back(life, points, line)
    assert standing(life) == (-40, 40)
    assert life.rows("SELECT sum(points) FROM entries WHERE subject = 'expiry:1'") == [(0,)]


@pytest.mark.parametrize("merged_first", [True, False])
@pytest.mark.parametrize("spent", [0, 100])
def test_it_is_the_same_after_two_customers_were_merged(life: Life, merged_first: bool, spent: int) -> None:
    life.post(160, earned_on(10), who=1, **ORDER)
    if spent:
        life.post(-spent, earned_on(11), who=1)
    if merged_first:
        merge(life)
    end_everything(life)
    if not merged_first:
        merge(life)
    life.post(70, LATER - timedelta(hours=1), subject="order:2")
    take_back(life, 90)
    take_back(life, 70, 3)
    assert standing(life) == (70 - spent, max(0, spent - 70))


def merge(life: Life) -> None:
    with shop_transaction(life.engine, life.shop_id) as conn:
        shop = shops.get(conn, life.shop_id)
        merge_members(conn, shop, kept=life.members[0], removed=life.members[1], now=life.now)


@reaches(owes=0.1, owes_nothing=0.04)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    earned=st.integers(1, 200),
    spent=st.integers(0, 200),
    parts=st.lists(st.integers(1, 200), min_size=1, max_size=4),
    fresh=st.integers(0, 100),
)
def test_whoever_gives_all_back_owes_what_they_spent_and_no_more(
    life: Life, earned: int, spent: int, parts: list[int], fresh: int
) -> None:
    spent, subject, life.now = min(spent, earned), f"order:{life.given + 1000}", START
    somebody_new(life)
    life.post(earned, earned_on(10), subject=subject)
    if spent:
        life.post(-spent, earned_on(10))
    end_everything(life)
    if fresh:
        life.post(fresh, LATER, subject=f"{subject}0")
    kept = earned
    for line, part in enumerate(parts, 2):
        if taken := min(part, kept):
            life.post(-taken, LATER, kind="taken_back", subject=subject, line=line)
            kept -= taken
    ended, taken_back = earned - spent, earned - kept
    reach("owes" if taken_back > ended else "owes_nothing")
    assert standing(life)[0] == fresh - max(0, taken_back - ended)


def somebody_new(life: Life) -> None:
    buyer = Buyer(customer_id=1000 + life.given, email=f"{life.given}@example.com")
    with shop_transaction(life.engine, life.shop_id) as conn:
        members.add(conn, life.shop_id, [buyer], {buyer: START})
        found = members.by_customers(conn, life.shop_id, [buyer.customer_id or 0])
    life.members[0] = found[buyer.customer_id or 0].id
