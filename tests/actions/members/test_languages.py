"""Mails are written in the language of the member's newest order, in whatever order the orders arrive."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from plugin.actions.members.enrol_member import enrol, refresh_member
from plugin.rules.programme import Programme
from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from tests import payloads
from tests.actions.orders.test_settle_orders import settle, start_programme

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def shop_id(engine: Engine, shop: object) -> int:
    return start_programme(engine, shop.id, Programme())  # type: ignore[attr-defined]


def placed(number: int, language: str | None) -> tuple[str, dict]:
    at = (NOW - timedelta(days=30 - number)).isoformat()
    changes = {"id": number, "name": f"#{number}", "created_at": at, "processed_at": at, "updated_at": at}
    return "orders/paid", payloads.order(**changes, customer_locale=language)


def language(engine: Engine, shop_id: int, customer: int = 7) -> str:
    with shop_transaction(engine, shop_id) as conn:
        return members.by_customers(conn, shop_id, [customer])[customer].locale


ORDERS = (placed(1, "en"), placed(2, None), placed(3, "fil-PH"))


@pytest.mark.parametrize("events", list(itertools.permutations(ORDERS)))
def test_the_newest_order_decides_whatever_arrives_first(engine: Engine, shop_id: int, events: tuple) -> None:
    settle(engine, shop_id, *events)
    assert language(engine, shop_id) == "fil-PH"


def test_a_customer_who_was_known_before_gets_the_language_of_the_first_order(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        enrol(conn, shops.get(conn, shop_id), [Buyer(customer_id=7, email="ana@example.com", verified=True)], NOW)
    assert language(engine, shop_id) == ""
    settle(engine, shop_id, placed(3, "fil"))
    assert language(engine, shop_id) == "fil"


def test_an_order_without_a_language_and_a_repeat_of_an_old_one_change_nothing(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, placed(3, "fil"), placed(4, None), placed(1, "en"))
    assert language(engine, shop_id) == "fil"


def test_what_shopify_says_of_the_customer_counts_where_it_says_a_language(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, placed(1, "en"))
    with shop_transaction(engine, shop_id) as conn:
        member = members.by_customers(conn, shop_id, [7])[7]
        for told, kept in (("fil", "fil"), ("", "fil")):
            refresh_member(conn, shops.get(conn, shop_id), member, Buyer(customer_id=7, locale=told), NOW)
            assert members.by_customers(conn, shop_id, [7])[7].locale == kept


def test_a_guest_who_gets_an_account_keeps_language_and_name(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, guest_order(1, "fil"))
    with shop_transaction(engine, shop_id) as conn:
        enrol(conn, shops.get(conn, shop_id), [Buyer(customer_id=7, email="ana@example.com", verified=True)], NOW)
    assert language(engine, shop_id) == "fil"


def test_the_orders_of_a_merged_customer_count_too(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, guest_order(1, "fil"))
    with shop_transaction(engine, shop_id) as conn:
        ours = shops.get(conn, shop_id)
        enrol(conn, ours, [Buyer(customer_id=8, email="new@example.com")], NOW)
        known = members.by_customers(conn, shop_id, [8])[8]
        refresh_member(conn, ours, known, Buyer(customer_id=8, email="ana@example.com", verified=True), NOW)
    assert language(engine, shop_id, 8) == "fil"


def guest_order(number: int, language: str) -> tuple[str, dict]:
    topic, payload = placed(number, language)
    return topic, payload | {"customer": None, "email": "ana@example.com"}
