"""Transactions lock orders before members, and members before what is theirs: the order that docs/extending gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from plugin.store.database.db import shop_transaction
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.stage import Stage

ORDER = ("order_views", "members", "lots", "redemptions", "jobs")
"""Of the kinds that meet in one transaction."""
LOCKS = (
    r"SELECT .*? FROM ({0})\b.* FOR UPDATE",
    r"UPDATE ({0})\b",
    r"DELETE FROM ({0})\b",
    r"INSERT INTO ({0})\b.* ON CONFLICT \(.* DO UPDATE",
)
KINDS = "|".join(ORDER)
PATTERNS = [re.compile(each.format(KINDS), re.DOTALL) for each in LOCKS]
LOOKED_UP = re.compile(rf"FROM ({KINDS}) WHERE shop_id = wanted\.shop .* FOR UPDATE", re.DOTALL)


def locked(statement: str) -> str | None:
    """The kind of row that a statement locks first, if it locks any of these."""
    found = LOOKED_UP.search(statement)
    if found is None and not statement.lstrip().startswith("WITH"):
        found = next((match for each in PATTERNS if (match := each.match(statement.lstrip()))), None)
    return found[1] if found else None


@contextmanager
def watched(engine: Engine) -> Iterator[list[list[str]]]:
    """The kinds that each transaction locked for the first time, in their order."""
    transactions: list[list[str]] = []
    open_now: dict[int, list[str]] = {}

    def began(conn: Connection) -> None:
        open_now[id(conn.connection.dbapi_connection)] = []
        transactions.append(open_now[id(conn.connection.dbapi_connection)])

    def sent(conn: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        kinds = open_now.setdefault(id(conn.connection.dbapi_connection), [])
        kind = locked(statement)
        if kind and kind not in kinds:
            kinds.append(kind)

    event.listen(engine, "begin", began)
    event.listen(engine, "before_cursor_execute", sent)
    try:
        yield transactions
    finally:
        event.remove(engine, "begin", began)
        event.remove(engine, "before_cursor_execute", sent)


def out_of_order(transactions: list[list[str]]) -> list[list[str]]:
    return [kinds for kinds in transactions if [ORDER.index(kind) for kind in kinds] != sorted(map(ORDER.index, kinds))]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT id FROM members WHERE shop_id = 1 ORDER BY id FOR UPDATE", "members"),
        ("SELECT id FROM members WHERE shop_id = 1", None),
        ("SELECT x FROM (SELECT 1) AS wanted CROSS JOIN LATERAL (SELECT * FROM members WHERE shop_id = wanted.shop"
         " AND id = wanted.key OFFSET 0 FOR UPDATE) AS members", "members"),
        ("INSERT INTO lots (a) SELECT 1 ON CONFLICT (id) DO UPDATE SET a = 1", "lots"),
        ("INSERT INTO lots (a) VALUES (1)", None),
        ("UPDATE redemptions SET a = 1", "redemptions"),
    ],
)  # fmt: skip
def test_what_a_statement_locks_is_read_off_it(statement: str, kind: str | None) -> None:
    assert locked(statement) == kind


def test_orders_payments_refunds_and_their_effects_lock_in_the_one_order(stage: Stage) -> None:
    stage.programme(next_order_code={"enabled": True})
    with watched(stage.engine) as transactions:
        first = stage.buy()
        stage.settle()
        code = stage.code(first)
        stage.buy("ana@example.com", codes=[code])
        stage.buy("bea@example.com", as_customer=False)
        stage.settle(minutes=5)
        stage.town.box.refund_all(stage.shop, first)
        stage.settle(days=40)
    assert sum(len(kinds) > 1 for kinds in transactions) > 2
    assert out_of_order(transactions) == []


def test_a_batch_of_customers_and_orders_locks_in_the_one_order(stage: Stage) -> None:
    """Shopify sends both at once: the orders that are there are held before their customers are changed."""
    first = stage.buy()
    stage.settle()
    customer = next(iter(stage.shop.customer.values()))
    for number, (topic, body) in enumerate(
        [("customers/update", {"id": customer["id"], "email": "ana@example.com", "first_name": "Anna"}),
         ("orders/updated", payloads.order(int(first["id"]), updated_at="2030-01-01T00:00:00Z"))]
    ):  # fmt: skip
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            deliveries.add(conn, stage.shop_id, f"both-{number}", topic, stage.clock(), payloads.dumps(body))
    with watched(stage.engine) as transactions:
        stage.hear()
    assert ["order_views", "members"] in [kinds[:2] for kinds in transactions]
    assert out_of_order(transactions) == []
