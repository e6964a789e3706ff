"""Whom a text finds: parts of names and addresses, orders, codes of any kind; and nobody of another shop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine

from plugin.rules.types import Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import member_search, members
from plugin.store.rewards import redemptions
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = (
    Buyer(41, "mina.garcia298@example.com", "Mina Rosa", "Garcia-Lopez"),
    Buyer(42, "bea_reyes@shop.example", "Bea", "O'Neill"),
    Buyer(43, "straße@example.org", "Ñusta", "Quispe"),
)


def fill(conn: Connection, shop_id: int) -> None:
    """Three people with orders, codes and a referral link."""
    members.add(conn, shop_id, PEOPLE, dict.fromkeys(PEOPLE, NOW))
    number = {key: one.id for key, one in members.by_customers(conn, shop_id, [41, 42, 43]).items()}
    code = {"shop_id": shop_id, "points": 0, "terms": {"kind": "percent", "value": "10", "currency": "USD"}}
    redemptions.reserve(
        conn,
        [
            {
                **code,
                "member_id": number[41],
                "reward": "next_order_code",
                "subject": "order:1",
                "code": "SUKI-TDNQY-S38HT",
            },
            {**code, "member_id": number[42], "reward": "rten", "subject": "x:2", "code": "XMAS-JNN27-QPS7W"},
        ],
    )
    run = conn.exec_driver_sql
    run("INSERT INTO referral_links (shop_id, member_id, word) VALUES (%s, %s, 'nusta-w4k7')", (shop_id, number[43]))
    for order, (name, whose) in enumerate({"#1002": 41, "1003": 42, "#EN-77-A": 43}.items()):
        run("INSERT INTO order_views (shop_id, order_id, member_id, name) VALUES (%s, %s, %s, %s)",
            (shop_id, order + 1, number[whose], name))  # fmt: skip


def found(conn: Connection, shop_id: int, text: str) -> set[int | None]:
    return {one.customer_id for one in member_search.search(conn, shop_id, text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("garcia", {41}), ("Lopez", {41}), ("rosa garcia", {41}), ("298", {41}), ("garcia298@", {41}),
        ("arcia2", {41}), ("@shop.example", {42}), ("reyes@", {42}), ("neill", {42}), ("o'neill", {42}),
        ("ÑUSTA", {43}), ("ust", {43}), ("strasse", {43}), ("STRASSE@EXAMPLE", {43}), ("42", {42}),
        ("e%", set()), ("_", set()),
        ("1002", {41}), ("#1002", {41}), ("# 1002", {41}), ("#1003", {42}), ("en-77-a", {43}),
        ("100", set()), ("#", set()),
        ("SUKI-TDNQY-S38HT", {41}), ("suki tdnqy s38ht", {41}), ("tdnqys38ht", {41}), ("S38H", {41}), ("tdnq", {41}),
        ("QPS7W", {42}), ("jnn27-qps", {42}), ("w4k7", {43}), ("nusta-w4", {43}), ("nn27", set()),
        ("", set()), ("\\", set()),
    ],
)  # fmt: skip
def test_a_text_finds_whom_it_may_mean(engine: Engine, shop: ShopRow, text: str, expected: set[int]) -> None:
    with shop_transaction(engine, shop.id) as conn:
        fill(conn, shop.id)
        assert found(conn, shop.id, text) == expected


def test_nothing_of_another_shop_is_found(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    with shop_transaction(engine, other_shop.id) as conn:
        fill(conn, other_shop.id)
    with shop_transaction(engine, shop.id) as conn:
        for text in ("garcia", "arcia2", "1002", "TDNQY", "w4k7", "41"):
            assert found(conn, shop.id, text) == set()


def test_a_changed_name_is_found_as_it_is_now_and_a_merged_members_codes_lead_to_whom_is_kept(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        fill(conn, shop.id)
        known = {key: one.id for key, one in members.by_customers(conn, shop.id, [41, 42]).items()}
        members.refresh(conn, shop.id, known[41], Buyer(41, "mina@new.example", "Mina", "Santos", told_at=NOW))
        assert (found(conn, shop.id, "garcia"), found(conn, shop.id, "santos")) == (set(), {41})
        redemptions.move(conn, shop.id, known[41], known[42])
        members.mark_merged(conn, shop.id, known[41], known[42])
        assert found(conn, shop.id, "tdnqy") == {42}
