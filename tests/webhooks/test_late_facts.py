"""What Shopify tells of a person or a shop changes nothing when it is older than what we hold."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops import shops
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow
from webhooks.inbox import process_waiting

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLIER, LATER = "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"
OLD = {"email": "old@example.com", "first_name": "Old", "last_name": "Name", "locale": "en"}
NEW = {"email": "new@example.com", "first_name": "New", "last_name": "Reyes", "locale": "fil"}


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    return start_programme(engine, shop.id, Programme())


def said(topic: str, at: str | None, **what: Any) -> tuple[str, dict[str, Any]]:
    return topic, payloads.customer(7, **what, **({"updated_at": at} if at else {}))


def arrive(engine: Engine, shop_id: int, *events: tuple[str, dict[str, Any]], triggered: datetime = NOW) -> None:
    """Each by itself, in this order, all said to be from the same moment."""
    for topic, payload in events:
        with shop_transaction(engine, shop_id) as conn:
            count = conn.exec_driver_sql("SELECT count(*) FROM deliveries").scalar_one()
            deliveries.add(conn, shop_id, f"w{count}", topic, triggered, payloads.dumps(payload))
        while process_waiting(engine, lambda: datetime.now(UTC), limit=1):
            pass


def everyone(engine: Engine, shop_id: int) -> dict[int, Member]:
    with shop_transaction(engine, shop_id) as conn:
        ids = [row[0] for row in conn.exec_driver_sql("SELECT id FROM members WHERE shop_id = %s", (shop_id,))]
        return members.by_ids(conn, shop_id, ids)


def facts(engine: Engine, shop_id: int) -> tuple[str, ...]:
    (one,) = (member for member in everyone(engine, shop_id).values() if member.customer_id == 7)
    return one.email, one.first_name, one.last_name, one.locale


@pytest.mark.parametrize("topics", list(itertools.product(("customers/create", "customers/update"), repeat=2)))
@pytest.mark.parametrize("order", [1, -1])
def test_the_newer_of_two_wins_whichever_comes_first(
    engine: Engine, shop_id: int, topics: tuple[str, str], order: int
) -> None:
    arrive(engine, shop_id, *[said(topics[0], EARLIER, **OLD), said(topics[1], LATER, **NEW)][::order])
    assert facts(engine, shop_id) == tuple(NEW.values())


def test_of_the_same_moment_the_one_that_comes_last_counts_and_twice_is_once(engine: Engine, shop_id: int) -> None:
    arrive(engine, shop_id, *[said("customers/update", LATER, **what) for what in (OLD, NEW, NEW)])
    assert facts(engine, shop_id) == tuple(NEW.values())


@pytest.mark.parametrize("unread", [None, "", "soon", 7, "0001-01-01T00:00:00Z", ["x"]])
def test_without_a_moment_of_its_own_it_is_as_old_as_its_webhook(engine: Engine, shop_id: int, unread: Any) -> None:
    without = ("customers/update", payloads.customer(7, **OLD, updated_at=unread))
    arrive(engine, shop_id, said("customers/update", LATER, **NEW))
    arrive(engine, shop_id, without, triggered=datetime(2026, 11, 20, 10, 59, tzinfo=UTC))
    assert facts(engine, shop_id) == tuple(NEW.values())
    arrive(engine, shop_id, without, triggered=NOW)
    assert facts(engine, shop_id) == tuple(OLD.values())


def test_what_an_order_said_of_its_customer_is_not_undone_by_an_older_update(engine: Engine, shop_id: int) -> None:
    customer = payloads.customer(7, **NEW, updated_at=LATER)
    arrive(engine, shop_id, ("orders/paid", payloads.order(1, email=NEW["email"], customer=customer)))
    arrive(engine, shop_id, said("customers/create", EARLIER, **OLD))
    assert facts(engine, shop_id) == tuple(NEW.values())


def test_an_address_for_one_order_only_gives_way_to_that_of_the_account(engine: Engine, shop_id: int) -> None:
    customer = payloads.customer(7, **NEW, updated_at=LATER)
    arrive(engine, shop_id, ("orders/paid", payloads.order(1, email="office@example.com", customer=customer)))
    arrive(engine, shop_id, said("customers/create", EARLIER, **NEW))
    assert facts(engine, shop_id) == tuple(NEW.values())


def test_an_older_order_does_not_bring_an_old_address_back(engine: Engine, shop_id: int) -> None:
    arrive(engine, shop_id, said("customers/update", LATER, **NEW))
    customer = payloads.customer(7, **OLD, updated_at=EARLIER)
    arrive(engine, shop_id, ("orders/paid", payloads.order(1, email=OLD["email"], customer=customer)))
    assert facts(engine, shop_id)[:3] == tuple(NEW.values())[:3]


def test_a_late_update_takes_no_guest_over_by_an_address_that_is_old(engine: Engine, shop_id: int) -> None:
    guest = ("orders/paid", payloads.order(2, customer=None, email=OLD["email"]))
    arrive(engine, shop_id, said("customers/update", LATER, **NEW), guest)
    arrive(engine, shop_id, said("customers/update", EARLIER, **OLD))
    assert sorted((one.state, one.email, one.merged_into) for one in everyone(engine, shop_id).values()) == [
        ("guest", OLD["email"], None),
        ("member", NEW["email"], None),
    ]
    arrive(engine, shop_id, said("customers/update", "2026-11-20T11:30:00Z", **OLD))
    assert sorted(one.state for one in everyone(engine, shop_id).values()) == ["member", "merged"]


def test_a_guest_who_became_a_customer_is_as_new_as_what_made_them_one(engine: Engine, shop_id: int) -> None:
    arrive(engine, shop_id, ("orders/paid", payloads.order(2, customer=None, email=NEW["email"])))
    arrive(engine, shop_id, said("customers/update", LATER, **NEW), said("customers/update", EARLIER, **OLD))
    assert facts(engine, shop_id) == tuple(NEW.values())


WAS = {"name": "Tsaa", "email": "tea@example.com", "currency": "USD", "iana_timezone": "America/New_York"}
IS = {"name": "Kape", "email": "coffee@example.com", "currency": "PHP", "iana_timezone": "Asia/Manila"}


def shop_now(engine: Engine, shop_id: int) -> tuple[str, ...]:
    with shop_transaction(engine, shop_id) as conn:
        found = shops.get(conn, shop_id)
    return found.name, found.email, found.currency, found.timezone


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_changes_of_a_shop_the_newer_wins(engine: Engine, shop_id: int, order: int) -> None:
    both = [("shop/update", WAS | {"updated_at": EARLIER}), ("shop/update", IS | {"updated_at": LATER})]
    arrive(engine, shop_id, *both[::order])
    assert shop_now(engine, shop_id) == tuple(IS.values())


def test_a_late_change_of_a_shop_does_not_name_a_time_zone_either(engine: Engine, shop_id: int) -> None:
    arrive(engine, shop_id, ("shop/update", IS | {"updated_at": LATER}))
    arrive(engine, shop_id, ("shop/update", WAS | {"updated_at": EARLIER, "iana_timezone": "Mars/Phobos"}))
    with shop_transaction(engine, shop_id) as conn:
        assert shops.get(conn, shop_id).unknown_zone == ""
    assert shop_now(engine, shop_id) == tuple(IS.values())


def test_a_change_of_a_shop_without_a_moment_is_as_old_as_its_webhook(engine: Engine, shop_id: int) -> None:
    arrive(engine, shop_id, ("shop/update", IS | {"updated_at": LATER}))
    arrive(engine, shop_id, ("shop/update", WAS), triggered=NOW - timedelta(hours=2))
    assert shop_now(engine, shop_id) == tuple(IS.values())
    arrive(engine, shop_id, ("shop/update", WAS), triggered=NOW)
    assert shop_now(engine, shop_id) == tuple(WAS.values())


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_changes_of_what_is_granted_the_newer_wins(engine: Engine, shop_id: int, order: int) -> None:
    both = [("app/scopes_update", {"current": ["read_orders"], "updated_at": EARLIER})]
    both.append(("app/scopes_update", {"current": ["read_orders", "write_discounts"], "updated_at": LATER}))
    arrive(engine, shop_id, *both[::order])
    with shop_transaction(engine, shop_id) as conn:
        assert list(shops.get(conn, shop_id).scopes) == ["read_orders", "write_discounts"]
