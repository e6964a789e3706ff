"""Milestones follow orders, whatever arrives in whatever order, and are taken back with them."""

from __future__ import annotations

import itertools
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.members.merge_members import merge_customers
from plugin.actions.points.audit import audit
from plugin.rules.gifts.automatic_rules import Milestone
from plugin.rules.programme import Earning, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.store.database.db import shop_transaction
from plugin.store.gifts.gift_occasions import past_milestones
from plugin.store.members.members import by_customers
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests import payloads
from tests.actions.orders.test_settle_orders import NOW, START, balances, settle, start_programme
from tests.actions.tiers.test_tiers import bought, cancelled

FIVE = AmountOff(id="rfive", name="5 off", points=100, value=Decimal(5))
FIRST = Milestone(id="mfirst", name="First", points=50)
THIRD = Milestone(id="mthird", name="Third", at=Decimal(3), reward="rfive")
SPENT = Milestone(id="mspent", name="A hundred", metric="spend", at=Decimal(100), points=20)
PROGRAMME = Programme(earning=Earning(points=0), milestones=(FIRST, THIRD, SPENT), rewards=(FIVE,))


@pytest.fixture
def shop_id(engine: Engine, shop: Any) -> int:
    return start_programme(engine, shop.id, PROGRAMME)


def change(engine: Engine, shop_id: int, programme: Programme, at: datetime = NOW) -> None:
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, programme, "test", "", at)


def gifts(engine: Engine, shop_id: int) -> list[tuple[str, str, int, int]]:
    """(rule, state, round, points) of everything that was given."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT rule, state, round, points FROM gifts ORDER BY rule, member_id")
        return [tuple(row) for row in rows]


def codes(engine: Engine, shop_id: int, customer: int = 7) -> list[Redemption]:
    with shop_transaction(engine, shop_id) as conn:
        member = by_customers(conn, shop_id, [customer])[customer].id
        return [one for one in redemptions.of_member(conn, shop_id, member) if one.is_reward]


def mails(engine: Engine, shop_id: int) -> list[tuple[str, str]]:
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT subject, state FROM messages WHERE kind = 'reward_given' ORDER BY id")
        return [tuple(row) for row in rows]


def test_the_first_purchase_gives_once_with_a_mail(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "30.00"), bought(1, "30.00"), bought(2, "30.00"))
    assert balances(engine, shop_id) == {7: (50, 1)}
    assert gifts(engine, shop_id) == [("mfirst", "given", 1, 50)]
    [(subject, state)] = mails(engine, shop_id)
    assert (subject.startswith("gift:"), state) == (True, "queued")
    assert audit(engine) == []


def test_the_third_order_brings_a_reward_and_the_reason_names_it(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, *(bought(key, "10.00") for key in (1, 2, 3)))
    [code] = codes(engine, shop_id)
    assert (code.reward, code.points, code.state) == ("rfive", 0, "reserved")
    assert code.given is not None
    assert (code.given.code, dict(code.given.values)) == (
        "milestone_orders", {"name": "Third", "count": 3, "order": "#1003"},
    )  # fmt: skip


@pytest.mark.parametrize("part", range(4))
def test_any_order_of_arrival_ends_the_same(engine: Engine, shop_id: int, part: int) -> None:
    events = [bought(1, "60.00"), bought(2, "50.00"), cancelled(1, "60.00"), bought(3, "45.00"), bought(3, "45.00")]
    shuffled = list(itertools.permutations(events))[part * 29 + 3]
    settle(engine, shop_id, *shuffled, *shuffled[::2])
    assert balances(engine, shop_id)[7][0] == 50
    standing = [one[0] for one in gifts(engine, shop_id) if one[1] == "given"]
    assert standing == ["mfirst"]
    assert [one.code_state for one in codes(engine, shop_id) if one.code_state != "unwanted"] == []
    assert audit(engine) == []


def test_a_refund_takes_it_back_and_reopening_gives_it_again(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, *(bought(key, "10.00") for key in (1, 2, 3)))
    settle(engine, shop_id, cancelled(3, "10.00"))
    assert gifts(engine, shop_id) == [("mfirst", "given", 1, 50), ("mthird", "back", 1, 0)]
    assert codes(engine, shop_id)[0].code_state == "unwanted"
    topic, order = bought(3, "10.00")
    settle(engine, shop_id, (topic, order | {"updated_at": "2026-11-22T11:00:00+08:00"}))
    assert gifts(engine, shop_id)[1] == ("mthird", "given", 2, 0)
    assert [one.code_state for one in codes(engine, shop_id)] == ["wanted", "unwanted"]
    settle(engine, shop_id, *(cancelled(key, "10.00") for key in (1, 2)))
    later = "2026-11-23T11:00:00+08:00"
    settle(engine, shop_id, (topic, order | {"cancelled_at": later, "updated_at": later}))
    assert balances(engine, shop_id) == {7: (0, 2)}
    assert audit(engine) == []


def test_a_reward_that_was_used_is_not_taken_back(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, *(bought(key, "10.00") for key in (1, 2, 3)))
    [code] = codes(engine, shop_id)
    with shop_transaction(engine, shop_id) as conn:
        redemptions.capture(conn, shop_id, {code.id: 9}, NOW)
    settle(engine, shop_id, cancelled(3, "10.00"))
    assert [(one.state, one.code_state) for one in codes(engine, shop_id)] == [("captured", "wanted")]


@pytest.mark.parametrize(("below_zero", "debt"), [("negative", -50), ("clamp", 0)])
def test_spent_points_of_a_milestone_are_owed_or_forgiven(
    engine: Engine, shop_id: int, below_zero: str, debt: int
) -> None:
    change(engine, shop_id, PROGRAMME.model_copy(update={"below_zero": below_zero}))
    settle(engine, shop_id, bought(1, "10.00"))
    with shop_transaction(engine, shop_id) as conn:
        from plugin.store.points.ledger import Entry, Ledger

        member = by_customers(conn, shop_id, [7])[7].id
        accounts = Ledger(conn, shop_id, [member])
        accounts.post([Entry(member, "spent", -50, "x:1", 1, NOW, "test")], NOW)
        accounts.write()
    settle(engine, shop_id, cancelled(1, "10.00"))
    assert balances(engine, shop_id)[7][0] == debt
    topic, order = bought(1, "10.00")
    settle(engine, shop_id, (topic, order | {"updated_at": "2026-11-22T11:00:00+08:00"}))
    assert balances(engine, shop_id)[7][0] == 0
    assert audit(engine) == []


def test_what_was_given_is_judged_by_the_rule_as_it_was(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, bought(1, "10.00"), bought(2, "10.00"))
    change(engine, shop_id, Programme(earning=Earning(points=0)))
    settle(engine, shop_id, cancelled(1, "10.00"))
    assert gifts(engine, shop_id) == [("mfirst", "given", 1, 50)]
    settle(engine, shop_id, cancelled(2, "10.00"))
    assert gifts(engine, shop_id) == [("mfirst", "back", 1, 0)]
    assert balances(engine, shop_id)[7][0] == 0


def test_points_wait_for_the_return_window(engine: Engine, shop_id: int) -> None:
    change(engine, shop_id, PROGRAMME.model_copy(update={"earning": Earning(points=0, pending_days=14)}), START)
    settle(engine, shop_id, bought(1, "10.00"))
    with shop_transaction(engine, shop_id) as conn:
        [when] = conn.exec_driver_sql("SELECT available_at FROM lots").scalars()
    assert when.date().isoformat() == "2026-12-04"


def test_a_reward_that_is_gone_gives_nothing(engine: Engine, shop_id: int) -> None:
    change(engine, shop_id, PROGRAMME.model_copy(update={"rewards": ()}), START)
    settle(engine, shop_id, *(bought(key, "10.00") for key in (1, 2, 3)))
    assert [one[0] for one in gifts(engine, shop_id)] == ["mfirst"]


def test_points_are_given_though_the_reward_beside_them_is_gone(engine: Engine, shop_id: int) -> None:
    both = FIRST.model_copy(update={"reward": "rfive"})
    change(engine, shop_id, PROGRAMME.model_copy(update={"milestones": (both,), "rewards": ()}), START)
    settle(engine, shop_id, bought(1, "10.00"))
    assert gifts(engine, shop_id) == [("mfirst", "given", 1, 50)]
    assert balances(engine, shop_id)[7][0] == 50
    assert codes(engine, shop_id) == []


def test_points_are_given_again_though_the_reward_beside_them_is_gone(engine: Engine, shop_id: int) -> None:
    both = THIRD.model_copy(update={"points": 30})
    change(engine, shop_id, PROGRAMME.model_copy(update={"milestones": (both,)}), START)
    settle(engine, shop_id, *(bought(key, "10.00") for key in (1, 2, 3)))
    settle(engine, shop_id, cancelled(3, "10.00"))
    change(engine, shop_id, PROGRAMME.model_copy(update={"milestones": (both,), "rewards": ()}), START)
    topic, order = bought(3, "10.00")
    settle(engine, shop_id, (topic, order | {"updated_at": "2026-11-22T11:00:00+08:00"}))
    assert gifts(engine, shop_id) == [("mthird", "given", 2, 30)]
    assert [one.code_state for one in codes(engine, shop_id)] == ["unwanted"]
    assert balances(engine, shop_id)[7][0] == 30


def test_one_person_reaches_it_once_also_after_a_merge(engine: Engine, shop_id: int) -> None:
    other = {"customer": payloads.customer(8, email="b@example.com"), "email": "b@example.com"}
    settle(engine, shop_id, bought(1, "10.00"), bought(2, "10.00"), bought(3, "10.00", **other))
    assert {key: found[0] for key, found in balances(engine, shop_id).items()} == {7: 50, 8: 50}
    with shop_transaction(engine, shop_id) as conn:
        merge_customers(conn, shops.get(conn, shop_id), kept=7, removed=8, now=NOW)
    assert balances(engine, shop_id)[7][0] == 50
    assert [one.state for one in codes(engine, shop_id)] == ["reserved"]
    assert audit(engine) == []
    settle(engine, shop_id, cancelled(1, "10.00"))
    assert [one.code_state for one in codes(engine, shop_id)] == ["unwanted"]
    settle(engine, shop_id, cancelled(2, "10.00"))
    late = "2026-11-21T11:00:00+08:00"
    settle(engine, shop_id, ("orders/updated", bought(3, "10.00", **other)[1] | {
        "cancelled_at": late, "updated_at": late}))  # fmt: skip
    assert balances(engine, shop_id)[7][0] == 0
    assert audit(engine) == []


def test_what_was_spent_before_it_began_counts_towards_it_and_who_had_reached_it_gets_nothing(
    engine: Engine, shop_id: int
) -> None:
    days = ("2026-11-18T10:00:00+08:00", "2026-11-20T10:00:00+08:00")
    settle(engine, shop_id, *(bought(key, "60.00", day) for key, day in enumerate(days, 1)))
    began = datetime.fromisoformat("2026-11-19T00:00:00+08:00")
    rule = Milestone(id="mnew", name="New", metric="spend", at=Decimal(1), points=5, begins_at=began, earlier=True)
    with shop_transaction(engine, shop_id) as conn:
        member = by_customers(conn, shop_id, [7])[7].id
        found = [past_milestones(conn, shop_id, rule, mark, 9) for mark in (6000, 6001, 12000, 12001)]
    assert found == [[], [member], [member], []]
