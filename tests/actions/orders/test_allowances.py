"""A limit for a member and a period is kept whatever arrives first, changes later or is merged."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.members.merge_members import merge_members
from plugin.actions.orders.allowances import uneven
from plugin.actions.orders.fetch_missing import judge_again
from plugin.actions.points.audit import audit
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.work import deliveries, jobs
from tests import payloads
from tests.actions.orders.test_settle_orders import NOW, settle, start_programme
from webhooks.inbox import process_waiting
from webhooks.replay import compare

A_DAY = {"orders": {"limits": [{"most": 100, "of": "points", "per": "day"}]}}


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    return start_programme(engine, shop.id, Programme.model_validate(A_DAY))  # type: ignore[attr-defined]


def order(number: int, hour: int, amount: str = "60.00", **more: Any) -> dict[str, Any]:
    at = f"2026-11-20T{hour:02d}:00:00+08:00"
    lines = [payloads.line(number, amount)]
    times = {"created_at": at, "updated_at": at, "processed_at": at}
    return payloads.order(number, lines, total_price=amount, **{**times, **more})


def even_out(engine: Engine, shop_id: int) -> None:
    """What the queued job does."""
    while True:
        with shop_transaction(engine, shop_id) as conn:
            due = jobs.claim(conn, shop_id, "limits", 10, datetime.now(UTC) + timedelta(hours=1))
            shop = shops.get(conn, shop_id)
            judge_again(conn, shop, uneven(conn, shop, [int(job.subject) for job in due]), NOW)
            jobs.done(conn, shop_id, due)
        if not due:
            return


def sums(engine: Engine, shop_id: int) -> dict[str, int]:
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql("SELECT subject, sum(points) FROM entries GROUP BY subject")
        return {row[0]: int(row[1]) for row in rows if row[1]}


@pytest.mark.parametrize("arrival", list(itertools.permutations(range(3))))
def test_whichever_order_arrives_first_the_earlier_ones_earn(
    engine: Engine, shop_id: int, arrival: tuple[int, ...]
) -> None:
    told = [order(number, 8 + number) for number in (1, 2, 3)]
    settle(engine, shop_id, *(("orders/paid", told[number]) for number in arrival))
    even_out(engine, shop_id)
    assert sums(engine, shop_id) == {"order:1": 60, "order:2": 40}
    settle(engine, shop_id, *(("orders/paid", told[number]) for number in arrival))
    even_out(engine, shop_id)
    assert sums(engine, shop_id) == {"order:1": 60, "order:2": 40}


def test_what_an_earlier_order_gives_back_a_later_one_earns(engine: Engine, shop_id: int) -> None:
    first = order(1, 9)
    settle(engine, shop_id, ("orders/paid", first), ("orders/paid", order(2, 10)), ("orders/paid", order(3, 26 - 3)))
    even_out(engine, shop_id)
    assert sums(engine, shop_id) == {"order:1": 60, "order:2": 40}
    later = "2026-11-21T09:00:00+08:00"
    settle(engine, shop_id, ("orders/cancelled", first | {"cancelled_at": later, "updated_at": later}))
    even_out(engine, shop_id)
    assert sums(engine, shop_id) == {"order:2": 60, "order:3": 40}
    with shop_transaction(engine, shop_id) as conn:
        reasons = conn.exec_driver_sql("SELECT explanation FROM order_views WHERE order_id = 3").scalar_one()
    assert reasons[-1] == ["limited_points_day", {"limit": 100, "points": 40, "before": 60}]


def test_a_refund_of_a_limited_order_takes_only_what_the_limit_left(engine: Engine, shop_id: int) -> None:
    whole = order(1, 9, "300.00")
    later = {"updated_at": "2026-11-20T11:00:00+08:00", "financial_status": "partially_refunded"}
    half = whole | later | {"refunds": [payloads.refund(1, amount="150.00")]}
    most = whole | later | {"refunds": [payloads.refund(1, amount="240.00")]}
    settle(engine, shop_id, ("orders/paid", whole))
    assert sums(engine, shop_id) == {"order:1": 100}
    settle(engine, shop_id, ("orders/updated", half))
    assert sums(engine, shop_id) == {"order:1": 100}
    settle(engine, shop_id, ("orders/updated", most | {"updated_at": "2026-11-20T12:00:00+08:00"}))
    assert sums(engine, shop_id) == {"order:1": 60}


def test_two_who_become_one_share_one_limit(engine: Engine, shop_id: int) -> None:
    other = payloads.customer(8, email="ben@example.com")
    settle(engine, shop_id, ("orders/paid", order(1, 9)))
    settle(engine, shop_id, ("orders/paid", order(2, 10, customer=other, email="ben@example.com")))
    assert sums(engine, shop_id) == {"order:1": 60, "order:2": 60}
    with shop_transaction(engine, shop_id) as conn:
        found = members.by_customers(conn, shop_id, [7, 8])
        merge_members(conn, shops.get(conn, shop_id), kept=found[7].id, removed=found[8].id, now=NOW)
    even_out(engine, shop_id)
    assert {key: value for key, value in sums(engine, shop_id).items() if key.startswith("order")} == {
        "order:1": 60,
        "order:2": 40,
    }


def test_without_limits_nothing_is_asked_and_no_job_is_queued(engine: Engine, shop: Any) -> None:
    shop_id = start_programme(engine, shop.id, Programme())
    settle(engine, shop_id, ("orders/paid", order(1, 9)), ("orders/paid", order(2, 10)))
    with shop_transaction(engine, shop_id) as conn:
        queued = conn.exec_driver_sql("SELECT count(*) FROM jobs WHERE kind = 'limits'").scalar_one()
    assert (queued, sums(engine, shop_id)) == (0, {"order:1": 60, "order:2": 60})


def test_a_replay_in_another_order_of_arrival_comes_to_the_same(engine: Engine, shop_id: int, database: Any) -> None:
    for number in (3, 1, 2):
        body = payloads.dumps(order(number, 8 + number))
        with shop_transaction(engine, shop_id) as conn:
            deliveries.add(conn, shop_id, f"w{number}", "orders/paid", NOW + timedelta(seconds=9 - number), body)
    while process_waiting(engine, lambda: datetime.now(UTC), limit=1):
        pass
    even_out(engine, shop_id)
    assert sums(engine, shop_id) == {"order:1": 60, "order:2": 40}
    assert compare(engine, database.url) == []
    assert audit(engine) == []
