"""What a guest left goes to a customer only when the address is proved to be theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.imports import whom
from plugin.rules.imports.lines import Row
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from webhooks.inbox import process_waiting

NOW = datetime.now(UTC) + timedelta(days=1)
"""Later than what PostgreSQL writes down as now."""
ADDRESS = "ana@example.com"


class Shop:
    """A shop that hears webhooks."""

    def __init__(self, engine: Engine, shop_id: int) -> None:
        self.engine, self.shop_id, self.sent, self.at = engine, shop_id, 0, NOW
        start_programme(engine, shop_id, Programme())

    def hear(self, topic: str, body: dict[str, Any]) -> None:
        self.sent += 1
        self.at += timedelta(minutes=1)
        moved = {"updated_at": self.at.isoformat()} | body
        with shop_transaction(self.engine, self.shop_id) as conn:
            deliveries.add(conn, self.shop_id, f"w{self.sent}", topic, self.at, payloads.dumps(moved))
        while process_waiting(self.engine, lambda: self.at):
            pass

    def guest_order(self, number: int) -> None:
        self.hear("orders/paid", payloads.order(number, customer=None, email=ADDRESS))

    def customer(self, topic: str = "customers/create", number: int = 7, **said: Any) -> None:
        self.hear(topic, payloads.customer(number, **{"email": ADDRESS, **said}))

    def order(self, number: int, customer: int = 7, **more: Any) -> None:
        who = payloads.customer(customer, verified_email=False, email=ADDRESS)
        self.hear("orders/updated", payloads.order(number, customer=who, **{"email": ADDRESS, **more}))

    def people(self) -> list[tuple[Any, ...]]:
        """(customer, state, balance, verified) of everybody."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            rows = conn.exec_driver_sql("SELECT customer_id, state, balance, verified FROM members ORDER BY id")
            return [tuple(row) for row in rows]


@pytest.fixture
def town(engine: Engine, shop: Any) -> Shop:
    return Shop(engine, shop.id)


def test_a_verified_address_takes_what_the_guest_left(town: Shop) -> None:
    town.guest_order(1)
    ((_, state, points, _),) = town.people()
    assert (state, points > 0) == ("guest", True)
    town.customer(verified_email=True)
    assert town.people() == [(7, "member", points, True)]


@pytest.mark.parametrize("said", [{"verified_email": said} for said in (False, None, "true", 1)])
def test_somebody_who_only_registered_gets_nothing_and_a_later_proof_joins_the_two(
    town: Shop, said: dict[str, Any]
) -> None:
    town.guest_order(1)
    points = town.people()[0][2]
    town.customer(**said)
    assert town.people() == [(None, "guest", points, False), (7, "member", 0, False)]
    town.guest_order(2)  # nor what comes later
    assert town.people()[1] == (7, "member", 0, False)
    town.customer("customers/update", verified_email=True)
    assert [one for one in town.people() if one[1] != "merged"] == [(7, "member", 2 * points, True)]
    town.guest_order(3)
    assert [one for one in town.people() if one[1] != "merged"] == [(7, "member", 3 * points, True)]


def test_of_two_who_claim_an_address_the_one_who_proves_it_gets_it(town: Shop) -> None:
    town.guest_order(1)
    points = town.people()[0][2]
    town.customer(number=8, verified_email=False)
    town.customer(number=7, verified_email=True)
    assert sorted(town.people(), key=str) == sorted([(7, "member", points, True), (8, "member", 0, False)], key=str)
    town.customer("customers/update", number=8, verified_email=False)
    assert (8, "member", 0, False) in town.people()


def test_a_paid_order_under_the_address_proves_it(town: Shop) -> None:
    town.guest_order(1)
    points = town.people()[0][2]
    town.order(2, financial_status="pending")
    assert town.people()[0] == (None, "guest", points, False)
    town.order(2, financial_status="paid")
    town.customer("customers/update", verified_email=False)
    (kept,) = [one for one in town.people() if one[1] != "merged"]
    assert kept == (7, "member", 2 * points, True)


@pytest.mark.parametrize(
    "order",
    [
        {"financial_status": "pending"},
        {"financial_status": "paid", "test": True},
        {"financial_status": "paid", "cancelled_at": "2026-11-20T00:00:00Z"},
        {"financial_status": "voided"},
        {"financial_status": "paid", "email": "other@example.com"},
    ],
    ids=str,
)
def test_no_other_order_proves_it(town: Shop, order: dict[str, Any]) -> None:
    town.guest_order(1)
    guest = town.people()[0]
    town.order(2, **order)
    town.customer("customers/update", verified_email=False)
    assert town.people()[0] == guest


def test_what_is_said_of_the_accounts_address_says_nothing_of_the_orders(town: Shop) -> None:
    """The order names the guest's address; the account's own, which is verified, is another."""
    town.guest_order(1)
    guest = town.people()[0]
    who = payloads.customer(7, verified_email=True, email="mallory@example.org")
    town.hear("orders/updated", payloads.order(2, customer=who, email=ADDRESS, financial_status="pending"))
    assert town.people()[0] == guest


def test_another_address_has_to_be_proved_anew(town: Shop) -> None:
    town.customer(verified_email=True, email="mallory@example.org")
    town.guest_order(1)
    guest = town.people()[1]
    town.customer("customers/update", verified_email=False, email=ADDRESS)
    town.guest_order(2)
    assert town.people()[0] == (7, "member", 0, False)
    assert town.people()[1] == (None, "guest", 2 * guest[2], False)


def test_imported_points_wait_with_a_guest_for_the_proof(town: Shop) -> None:
    town.customer(verified_email=False)
    with shop_transaction(town.engine, town.shop_id) as conn:
        found = members.by_email(conn, town.shop_id, [ADDRESS])
        assert not members.by_proved_email(conn, town.shop_id, found)
        people = whom.members_of(conn, town.shop_id, [Row(2, ADDRESS, None, 50)])
    assert people == {}
