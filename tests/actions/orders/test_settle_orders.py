"""Orders settle by what the whole order deserves, whatever arrives, in whatever order."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.shops.save_counts_from import save_counts_from
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests import payloads
from webhooks.orders import order as read_order

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    return start_programme(engine, shop.id, Programme())  # type: ignore[attr-defined]


def start_programme(engine: Engine, shop_id: int, programme: Programme) -> int:
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, shop_id, {"counts_from": START.isoformat(), "code_salt": "salt"})
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, programme, "test", "", START)
    return shop_id


def settle(engine: Engine, shop_id: int, *events: tuple[str, dict]) -> None:
    for number, (topic, payload) in enumerate(events):
        at = NOW + timedelta(seconds=number)
        fact = read_order(topic, at, payloads.dumps(payload), "USD")
        with shop_transaction(engine, shop_id) as conn:
            settle_orders(conn, shops.get(conn, shop_id), [fact], at)


def sums(conn: Connection, shop_id: int) -> dict[int, tuple[int, int, int, int]]:
    """Per customer: entries, lots minus debt, balance, and entries counted."""
    rows = conn.exec_driver_sql(
        "SELECT customer_id, coalesce((SELECT sum(points) FROM entries WHERE member_id = m.id), 0),"
        " coalesce((SELECT sum(points_left) FROM lots WHERE member_id = m.id), 0) - debt, balance,"
        " (SELECT count(*) FROM entries WHERE member_id = m.id) FROM members m WHERE shop_id = %(shop)s",
        {"shop": shop_id},
    )
    return {row[0]: (int(row[1]), int(row[2]), row[3], row[4]) for row in rows}


def balances(engine: Engine, shop_id: int) -> dict[int, tuple[int, int]]:
    with shop_transaction(engine, shop_id) as conn:
        found = sums(conn, shop_id)
    for entries, lots, balance, _ in found.values():
        assert entries == lots == balance
    return {key: (value[2], value[3]) for key, value in found.items()}


def test_a_paid_order_earns_its_floor_and_a_repeat_earns_nothing(engine: Engine, shop_id: int) -> None:
    event = ("orders/paid", payloads.order())
    settle(engine, shop_id, event, event)
    assert balances(engine, shop_id) == {7: (49, 1)}


def test_a_refund_of_75_from_100_leaves_25(engine: Engine, shop_id: int) -> None:
    order = payloads.order(lines=[payloads.line(1, "100.00")], total_price="100.00")
    later = order | {
        "updated_at": "2026-11-20T11:00:00+08:00",
        "financial_status": "partially_refunded",
        "refunds": [payloads.refund(1, amount="75.00")],
    }
    settle(engine, shop_id, ("orders/paid", order), ("orders/updated", later))
    assert balances(engine, shop_id) == {7: (25, 2)}


def events_of_one_order() -> list[tuple[str, dict]]:
    lines = [payloads.line(1, "20.00", 3, discount="6.00"), payloads.line(2, "15.50")]
    order = payloads.order(lines=lines, total_price="69.50", financial_status="pending")
    refunds = [payloads.refund(1, (1, 1, 18.0)), payloads.refund(2, amount="5.00")]
    smaller = [payloads.line(1, "20.00", 3, discount="6.00", current_quantity=2), lines[1]]
    part = {"financial_status": "partially_refunded", "line_items": smaller}
    return [
        ("orders/create", order),
        ("orders/paid", order | {"financial_status": "paid", "updated_at": "2026-11-20T10:05:00+08:00"}),
        (
            "orders/updated",
            order | part | {"refunds": refunds[:1], "updated_at": "2026-11-20T11:00:00+08:00"},
        ),
        ("refunds/create", refunds[0] | {"order_id": 1}),
        ("refunds/create", refunds[1] | {"order_id": 1}),
        ("orders/updated", order | part | {"refunds": refunds, "updated_at": "2026-11-20T12:00:00+08:00"}),
    ]


@pytest.mark.parametrize("seed", range(24))
def test_any_order_of_arrival_ends_in_the_same_sums(engine: Engine, shop_id: int, seed: int) -> None:
    events = events_of_one_order()
    shuffled = list(next(itertools.islice(itertools.permutations(events), seed * 29, None)))
    settle(engine, shop_id, *shuffled, *shuffled[::2])
    assert balances(engine, shop_id)[7][0] == 46


def test_a_cancelled_order_gives_everything_back_and_a_reopened_one_earns_again(engine: Engine, shop_id: int) -> None:
    order = payloads.order()
    cancelled = order | {
        "cancelled_at": "2026-11-20T11:00:00+08:00",
        "updated_at": "2026-11-20T11:00:00+08:00",
    }
    reopened = order | {"updated_at": "2026-11-20T12:00:00+08:00"}
    settle(engine, shop_id, ("orders/paid", order), ("orders/cancelled", cancelled))
    assert balances(engine, shop_id) == {7: (0, 2)}
    settle(engine, shop_id, ("orders/updated", reopened))
    assert balances(engine, shop_id) == {7: (49, 3)}


def test_a_deleted_order_earns_nothing_until_something_later_is_seen_of_it(engine: Engine, shop_id: int) -> None:
    """The deletion is told when the clock of the test stands; a view of an earlier moment may come after it."""
    settle(engine, shop_id, ("orders/paid", payloads.order()), ("orders/delete", {"id": 1}))
    settle(engine, shop_id, ("orders/updated", payloads.order(updated_at="2026-11-20T10:30:00+08:00")))
    assert balances(engine, shop_id) == {7: (0, 2)}
    later = NOW + timedelta(minutes=1)
    settle(engine, shop_id, ("orders/updated", payloads.order(updated_at=later.isoformat())))
    assert balances(engine, shop_id) == {7: (49, 3)}
    settle(engine, shop_id, ("orders/delete", {"id": 1}))
    assert balances(engine, shop_id) == {7: (49, 3)}


def test_a_deleted_order_is_taken_back_by_the_rules_that_judged_it(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, ("orders/paid", payloads.order()))
    with shop_transaction(engine, shop_id) as conn:
        spend(conn, shop_id, 40)
        planned, withdrawn = NOW + timedelta(days=9), NOW - timedelta(hours=1)
        for effective in (withdrawn, planned):
            programmes.add(conn, shop_id, Programme(below_zero="clamp"), "test", "", effective)
        programmes.withdraw(conn, shop_id, 2, "test", NOW)
    settle(engine, shop_id, ("orders/delete", {"id": 1}))
    assert balances(engine, shop_id)[7][0] == -40
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT programme_version FROM entries WHERE kind = 'taken_back'")
        assert [row[0] for row in rows] == [1]


def test_points_follow_the_customer_that_is_attached_later(engine: Engine, shop_id: int) -> None:
    guest = payloads.order(customer=None, email="guest@example.com")
    known = payloads.order(
        customer=payloads.customer(8), email="other@example.com", updated_at="2026-11-20T11:00:00+08:00"
    )
    settle(engine, shop_id, ("orders/paid", guest))
    assert balances(engine, shop_id) == {None: (49, 1)}
    settle(engine, shop_id, ("orders/updated", known))
    assert balances(engine, shop_id) == {None: (0, 2), 8: (49, 1)}


def test_a_guest_is_claimed_by_the_customer_with_the_same_email(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, ("orders/paid", payloads.order(customer=None)))
    settle(engine, shop_id, ("orders/paid", payloads.order(2)))
    assert balances(engine, shop_id) == {7: (98, 2)}


def test_a_clawback_is_clamped_at_zero_and_set_off_when_earned_again(engine: Engine, shop: object) -> None:
    shop_id = start_programme(engine, shop.id, Programme(below_zero="clamp"))  # type: ignore[attr-defined]
    order = payloads.order()
    settle(engine, shop_id, ("orders/paid", order))
    with shop_transaction(engine, shop_id) as conn:
        spend(conn, shop_id, 30)
    cancelled = order | {
        "cancelled_at": "2026-11-20T11:00:00+08:00",
        "updated_at": "2026-11-20T11:00:00+08:00",
    }
    settle(engine, shop_id, ("orders/cancelled", cancelled), ("orders/cancelled", cancelled))
    assert balances(engine, shop_id)[7][0] == 0
    settle(engine, shop_id, ("orders/updated", order | {"updated_at": "2026-11-20T12:00:00+08:00"}))
    assert balances(engine, shop_id)[7][0] == 19


def spend(conn: Connection, shop_id: int, points: int) -> None:
    from plugin.store.members.members import by_customers
    from plugin.store.points.ledger import Entry, Ledger

    member = by_customers(conn, shop_id, [7])[7].id
    accounts = Ledger(conn, shop_id, [member])
    accounts.post([Entry(member, "spent", -points, "redemption:1", 1, NOW, "shopper")], NOW)
    accounts.write()


def test_a_debt_is_settled_from_later_earnings_first(engine: Engine, shop_id: int) -> None:
    order = payloads.order()
    settle(engine, shop_id, ("orders/paid", order))
    with shop_transaction(engine, shop_id) as conn:
        spend(conn, shop_id, 40)
    settle(engine, shop_id, ("orders/delete", {"id": 1}))
    assert balances(engine, shop_id)[7][0] == -40
    settle(engine, shop_id, ("orders/paid", payloads.order(2)))
    assert balances(engine, shop_id)[7][0] == 9


def test_orders_from_before_the_programme_are_judged_by_the_rules_in_force_when_staff_let_them_count(
    engine: Engine, shop_id: int
) -> None:
    double = Programme.model_validate({"earning": {"points": 2}})
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, double, "test", "", NOW - timedelta(hours=1))
        save_counts_from(conn, shop_id, START - timedelta(days=365), "test", NOW)
        programmes.add(conn, shop_id, Programme.model_validate({"earning": {"points": 9}}), "test", "", NOW)
    settle(engine, shop_id, ("orders/paid", payloads.order(1, processed_at="2025-06-01T00:00:00Z")))
    assert balances(engine, shop_id) == {7: (99, 1)}
