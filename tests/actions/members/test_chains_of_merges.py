"""However several accounts become one, in a row, towards one or crosswise: one person has the same in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.activities import celebrate, record_activity
from plugin.actions.gifts import automatic
from plugin.actions.members import keep_profile
from plugin.actions.members.merge_members import merge_customers
from plugin.actions.points.audit import audit
from plugin.actions.work.work import Work
from plugin.rules import subjects
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.work import deliveries
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow
from webhooks.inbox import process_waiting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = (6, 7, 8)
LAST_YEAR = "2025-11-20T04:00:00Z"
GOLD = {"levels": [{"key": "gold", "name": "Gold", "enter": "1"}]}
PROGRAMME = Programme.model_validate(
    {
        "welcome_points": 50,
        "tiers": GOLD,
        "activities": [
            {"kind": "profile", "id": "aprofile", "name": "Profile", "points": 7},
            {"kind": "survey", "id": "aask", "name": "Our question", "points": 20, "word": "question"},
            {"kind": "birthday", "id": "abirth", "name": "Birthday", "points": 100},
            {"kind": "anniversary", "id": "aann", "name": "Anniversary", "points": 5},
        ],
        "milestones": [
            {"id": "mfirst", "name": "First", "points": 30, "at": "1"},
            {"id": "mthird", "name": "Third", "points": 1000, "at": "3"},
        ],
        "automatic": [
            {"trigger": "birthday", "id": "aday", "name": "Birthday", "points": 11},
            {"trigger": "tier", "id": "agold", "name": "Gold", "points": 13, "tier": "gold"},
        ],
    }
)
ONCE = {
    "welcome": 50,
    "activity": 7 + 20 + 100 + 5,
    "milestone": 30 + 1000,
    "automatic": 11 + 13,
    "earned": 3 * 49,
}
"""What one person has who did all that: each thing once, and every order."""
WAYS = [
    *([(first, second), third] for first, second in permutations(PEOPLE, 2)
      for third in [(first, *set(PEOPLE) - {first, second})]),
    *([(first, second), third] for first, second in permutations(PEOPLE, 2)
      for third in [(*set(PEOPLE) - {first, second}, first)]),
    *([(first, second), third] for first, second in permutations(PEOPLE, 2)
      for third in [(second, *set(PEOPLE) - {first, second})]),
]  # fmt: skip
"""Each (kept, removed), in a row: the third into both, both into the third, and the third into who is gone already."""


def heard(engine: Engine, shop_id: int, events: list[tuple[str, dict[str, Any]]]) -> None:
    for number, (topic, payload) in enumerate(events):
        with shop_transaction(engine, shop_id) as conn:
            at = NOW + timedelta(seconds=number)
            deliveries.add(conn, shop_id, f"w{number}", topic, at, payloads.dumps(payload))
    while process_waiting(engine, lambda: datetime.now(UTC), limit=1):
        pass


def by_itself(engine: Engine, shop_id: int) -> None:
    """What comes with a day, and what rules give."""
    work = Work(engine, None, None, lambda: NOW + timedelta(hours=1))  # type: ignore[arg-type]
    with shop_transaction(engine, shop_id) as conn:
        shop = shops.get(conn, shop_id)
    for kind, carry_out in ((JobKind.CELEBRATE, celebrate.carry_out), (JobKind.AUTOMATIC, automatic.carry_out)):
        carry_out(work, shop, Job(1, shop_id, kind, "day", {}, 1, 0, NOW))


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    """Three accounts, and everything that each has earned."""
    made = start_programme(engine, shop.id, PROGRAMME)
    events: list[tuple[str, dict[str, Any]]] = []
    for each in PEOPLE:
        customer = payloads.customer(each, email=f"p{each}@example.com")
        events.append(("customers/create", customer))
        events.append(("orders/paid", payloads.order(each, customer=customer, email=f"p{each}@example.com")))
    heard(engine, made, events)
    with shop_transaction(engine, made) as conn:
        conn.exec_driver_sql(f"UPDATE members SET joined_at = '{LAST_YEAR}'")
        own = shops.get(conn, made)
        for each in members.by_customers(conn, made, PEOPLE).values():
            keep_profile.set_birthday(conn, own, each.id, (11, 20), "staff:1", NOW)
            answered = str(subjects.SurveyPoints("2026-Q4", each.id))
            for activity, kind, key in (("aprofile", "profile", f"k{each.id}"), ("aask", "survey", answered)):
                record_activity.record(conn, own, each.id, activity, key, NOW, "api:1", NOW, kinds=(kind,))
    by_itself(engine, made)
    return made


@contextmanager
def trying(engine: Engine, shop_id: int) -> Iterator[Connection]:
    """What is done here is undone afterwards."""

    class Undone(Exception):
        pass

    try:
        with shop_transaction(engine, shop_id) as conn:
            yield conn
            raise Undone
    except Undone:
        pass


def become_one(conn: Connection, shop_id: int, way: list[tuple[int, ...]]) -> None:
    shop = shops.get(conn, shop_id)
    for kept, removed in way:
        merge_customers(conn, shop, kept=kept, removed=removed, now=NOW + timedelta(hours=2))


def had(conn: Connection) -> dict[str, int]:
    """What everybody has together, by what brought it and less what took it back, as their reason says."""
    kinds = (
        "CASE WHEN kind LIKE 'milestone%%' THEN 'milestone' WHEN kind LIKE 'automatic%%' THEN 'automatic'"
        " WHEN kind IN ('welcome', 'taken_back') THEN 'welcome' WHEN kind IN ('activity', 'undone') THEN 'activity'"
        " ELSE kind END"
    )
    rows = conn.exec_driver_sql(f"SELECT {kinds}, sum(points)::int FROM entries GROUP BY 1")
    return {kind: points for kind, points in rows if points}


def test_one_person_earns_once_with_what_counts_once(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        assert had(conn) == {kind: 3 * points for kind, points in (ONCE | {"milestone": 30, "earned": 49}).items()}
    for way in WAYS:
        with trying(engine, shop_id) as conn:
            become_one(conn, shop_id, way)
            assert had(conn) == ONCE, way
            rows = conn.exec_driver_sql("SELECT balance FROM members WHERE merged_into IS NULL").fetchall()
            assert [row[0] for row in rows] == [sum(ONCE.values())], way
            gifts = conn.exec_driver_sql(
                "SELECT DISTINCT g.rule, m.merged_into FROM gifts g JOIN members m ON m.id = g.member_id"
                " WHERE g.state = 'given' ORDER BY g.rule"
            )
            assert [tuple(row) for row in gifts] == [(rule, None) for rule in ("aday", "agold", "mfirst", "mthird")], (
                way
            )


@pytest.mark.parametrize("way", [WAYS[0], WAYS[7], WAYS[14]])
def test_nothing_is_given_again_when_rules_are_looked_at_afterwards(
    engine: Engine, shop_id: int, way: list[tuple[int, ...]]
) -> None:
    with shop_transaction(engine, shop_id) as conn:
        become_one(conn, shop_id, way)
    for _ in range(2):
        by_itself(engine, shop_id)
    with shop_transaction(engine, shop_id) as conn:
        assert had(conn) == ONCE
        said = conn.exec_driver_sql(
            "SELECT reason->'reasons'->0->>0, count(*)::int FROM entries WHERE kind IN ('milestone_back',"
            " 'automatic_back') GROUP BY 1 ORDER BY 1"
        )
        assert [tuple(row) for row in said] == [("automatic_twice", 4), ("milestone_twice", 2)]
    assert audit(engine) == []
