"""The seventeen orders of docs/decisions/0034, with every figure worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from tests import payloads
from tests.actions.reports.town import Town
from tests.actions.test_audit_and_replay import merge

A, B, C, D, E, F, G, H, I = range(1, 10)  # noqa: E741
MARCH_BY_BITS = (
    "SELECT count(*) FILTER (WHERE months & 2 > 0), count(*) FILTER (WHERE months & 4 > 0),"
    " count(*) FILTER (WHERE months & 2 > 0 AND months & 4 > 0),"
    " count(*) FILTER (WHERE first_day BETWEEN '2026-03-01' AND '2026-03-31') FROM member_stats"
)


def order(number: int, customer: int | None, at: str, amount: int, **more: Any) -> dict[str, Any]:
    """Pesos."""
    at = f"2026-{at}:00Z"
    return payloads.order(
        number, [payloads.line(number, f"{amount}.00")], created_at=at, processed_at=at, updated_at=at, currency="PHP",
        customer=payloads.customer(customer, email=f"{customer}@example.com") if customer else None,
        email=f"{customer}@example.com" if customer else None, total_price=f"{amount}.00", **more,
    )  # fmt: skip


def refunded(told: dict[str, Any], amount: int) -> dict[str, Any]:
    """Some of it, or all, went back."""
    whole = told["total_price"] == f"{amount}.00"
    return told | {
        "refunds": [payloads.refund(told["id"] * 100, amount=f"{amount}.00")],
        "financial_status": "refunded" if whole else "partially_refunded",
        "updated_at": "2026-04-01T00:00:00Z",
    }


ORDERS = [
    order(1, A, "01-10T09:00", 1000), order(2, A, "02-20T09:00", 800), order(3, A, "02-20T15:00", 300),
    refunded(order(4, B, "01-15T09:00", 500), 500), order(5, B, "02-03T09:00", 700),
    order(6, C, "01-31T17:30", 400), refunded(order(7, C, "03-05T09:00", 600), 200),
    order(8, D, "01-20T09:00", 900, test=True), order(9, D, "02-11T09:00", 0), order(10, D, "03-02T09:00", 250),
    order(11, E, "01-05T09:00", 650), order(12, F, "03-20T09:00", 350),
    order(13, G, "02-25T09:00", 500, cancelled_at="2026-02-26T09:00:00Z"),
    order(14, H, "03-31T15:59", 450), order(15, I, "03-31T16:00", 999),
    order(16, None, "03-10T09:00", 120), order(17, B, "03-10T09:00", 1150),
]  # fmt: skip


@pytest.fixture
def town(engine: Engine) -> Town:
    made = Town.new(engine, "Asia/Manila", "PHP")
    made.tell("orders/updated", *ORDERS)
    made.tell("customers/merge", merge(kept=F, removed=E))
    made.refresh()
    return made


def test_thirteen_orders_count_until_the_end_of_march(town: Town) -> None:
    until = "FROM order_facts WHERE counts AND day <= '2026-03-31'"
    assert town.rows(f"SELECT count(*), sum(net_minor) {until}") == [(13, 657_000)]
    known = f"{until} AND member_id IS NOT NULL"
    assert town.rows(f"SELECT count(*), sum(net_minor), count(DISTINCT member_id) {known}") == [(12, 645_000, 6)]
    assert town.rows(f"SELECT count(DISTINCT (member_id, day)) {known}") == [(11,)]
    assert town.rows(f"SELECT order_id {until} AND net_minor = 0") == [(9,)]
    refused = {key: row[2] for key, row in town.facts().items() if row[2]}
    assert refused == {4: "refunded", 8: "test", 13: "cancelled"}


def test_days_are_the_shops(town: Town) -> None:
    days = {key: row[1] for key, row in town.facts().items()}
    assert [days[key] for key in (6, 14, 15)] == [date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert days[2] == days[3]


def test_the_same_people_are_three_of_four_and_one_came_back(town: Town) -> None:
    """February's are A, B, C and D, March's B, C, D, F and H; new is H, and F was away for longer than a month."""
    assert town.rows(MARCH_BY_BITS) == [(4, 5, 3, 1)]


def test_gaps_and_second_purchases(town: Town) -> None:
    gaps = town.rows("SELECT gap_days FROM member_stats WHERE gap_days IS NOT NULL ORDER BY first_day, member_id")
    assert sorted(gap for (gap,) in gaps) == [19, 32, 35, 41, 74]
    within = "SELECT count(*) FILTER (WHERE second_day - first_day <= {0}), count(*) FROM member_stats"
    whole = " WHERE first_day <= date '2026-03-31' - {0}"
    assert [town.rows((within + whole).format(days)) for days in (30, 60, 90)] == [[(1, 5)], [(1, 2)], [(0, 0)]]


def test_four_of_five_orders_of_march_were_repeat_orders(town: Town) -> None:
    repeat = (
        "SELECT count(*) FILTER (WHERE f.day > s.first_day), count(*) FROM order_facts f JOIN member_stats s"
        " USING (member_id) WHERE f.counts AND f.day BETWEEN '2026-03-01' AND '2026-03-31'"
    )
    assert town.rows(repeat) == [(4, 5)]


def test_a_merged_person_is_one(town: Town) -> None:
    assert town.stats()[town.member(F)] == (
        date(2026, 1, 5), date(2026, 3, 20), date(2026, 3, 20), 2, 2, 100_000, 0b101, 0, 74.0,
    )  # fmt: skip
    assert town.member(E) not in town.stats()
    assert {key[0] for key in town.months()} == {town.member(key) for key in (A, B, C, D, F, H, I)}
    assert town.months()[town.member(A), date(2026, 2, 1)] == (2, 1, 110_000)


def test_whoever_has_no_order_that_counts_is_known_too(town: Town) -> None:
    assert town.stats()[town.member(G)] == (None, None, None, 0, 0, 0, 0, 0, None)
    town.tell("customers/create", payloads.customer(77, email="77@example.com"))
    town.refresh()
    assert town.stats()[town.member(77)] == (None, None, None, 0, 0, 0, 0, 0, None)


def test_a_rebuild_finds_the_same(town: Town) -> None:
    before = town.everything()
    assert town.rebuild(most=3) == 0
    assert town.everything() == before
