"""Points for a consent: once, for new ones, and for old ones only where the shop says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.activities import celebrate
from plugin.actions.members import customer_changes
from plugin.actions.work.work import Work
from plugin.rules.activities.activity_rules import Newsletter
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer, CustomerFacts
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFERED = NOW - timedelta(days=10)
NEWS = Newsletter(id="anews", name="Newsletter", points=25)


@pytest.fixture
def points(engine: Engine, shop: ShopRow) -> Any:
    """Tell of a consent of customer 7, and answer what it brought so far."""
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"counts_from": (NOW - timedelta(days=40)).isoformat()})
        buyer = Buyer(customer_id=7, email="ana@example.com")
        members.add(conn, shop.id, [buyer], {buyer: NOW - timedelta(days=30)})
        programmes.add(conn, shop.id, Programme(), "test", "", NOW - timedelta(days=40))
        programmes.add(conn, shop.id, Programme(activities=(NEWS,)), "test", "", OFFERED)

    def tell(consent: str = "subscribed", at: datetime = NOW, customer: int = 7) -> list[int]:
        with shop_transaction(engine, shop.id) as conn:
            customer_changes.consent_changed(conn, shops.get(conn, shop.id), customer, consent, at, NOW)
        with shop_transaction(engine, shop.id) as conn:
            return [row[0] for row in conn.exec_driver_sql("SELECT points FROM entries")]

    return tell


def fetched(engine: Engine, shop: ShopRow, before: str | None, after: str, customer: int = 7) -> list[int]:
    with shop_transaction(engine, shop.id) as conn:
        known = None if before is None else CustomerFacts(frozenset(), before, 1)
        new = CustomerFacts(frozenset(), after, 1)
        customer_changes.learned(conn, shops.get(conn, shop.id), customer, known, new, NOW)
        return [row[0] for row in conn.exec_driver_sql("SELECT points FROM entries")]


def publish(engine: Engine, shop: ShopRow, **change: object) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(activities=(NEWS.model_copy(update=change),)), "test", "",
                       NOW - timedelta(hours=1))  # fmt: skip


def test_a_consent_earns_once_however_often_it_is_told_and_taken_back(points: Any) -> None:
    assert points("pending") == []
    assert points() == [25]
    assert points("unsubscribed") == [25]
    assert points() == [25]


def test_a_consent_from_before_earns_only_where_the_shop_says_so(points: Any, engine: Engine, shop: ShopRow) -> None:
    assert points(at=OFFERED - timedelta(days=1)) == []
    publish(engine, shop, existing=True)
    assert points(at=OFFERED - timedelta(days=1)) == [25]


def test_a_paused_activity_gives_nothing(points: Any, engine: Engine, shop: ShopRow) -> None:
    publish(engine, shop, active=False)
    assert points() == []


def test_of_a_fetched_customer_only_what_must_be_new_earns(points: Any, engine: Engine, shop: ShopRow) -> None:
    assert fetched(engine, shop, None, "subscribed") == []
    assert fetched(engine, shop, "not_subscribed", "subscribed") == [25]


def test_a_member_who_joined_since_then_cannot_have_consented_before(
    points: Any, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        buyer = Buyer(customer_id=8, email="ben@example.com")
        members.add(conn, shop.id, [buyer], {buyer: OFFERED + timedelta(days=1)})
    assert fetched(engine, shop, None, "subscribed", 8) == [25]


def test_a_consent_that_comes_before_its_customer_is_not_lost(points: Any) -> None:
    assert points(customer=9) == [25]


def test_known_consents_from_before_earn_once_the_shop_says_so(points: Any, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        customer_facts.save(conn, shop.id, {7: CustomerFacts(frozenset(), "subscribed", 1)}, NOW)

    def run() -> list[int]:
        work = Work(engine, None, None, lambda: NOW)  # type: ignore[arg-type]
        with shop_transaction(engine, shop.id) as conn:
            found = shops.get(conn, shop.id)
        celebrate.carry_out(work, found, Job(1, shop.id, JobKind.CELEBRATE, "day", {}, 1, 0, NOW))
        with shop_transaction(engine, shop.id) as conn:
            return [row[0] for row in conn.exec_driver_sql("SELECT points FROM entries")]

    assert run() == []
    publish(engine, shop, existing=True)
    assert run() == [25]
    assert run() == [25]
