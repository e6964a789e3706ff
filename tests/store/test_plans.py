"""How PostgreSQL finds the rows of a shop that its statistics do not know, in tables full of other shops' rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, event

from plugin.store.database import bulk
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.tables import metadata
from plugin.store.work import deliveries
from tests.conftest import ShopRow, TestDatabase

STORE = Path(bulk.__file__).parents[1]
UPDATED = sorted(
    {name for path in STORE.rglob("*.py") for name in re.findall(r"bulk\.update\(\S+ (\w+),", path.read_text())}
)
LOOKED_UP = ("members", "order_views", "inbox", "deliveries")
OTHERS = 4000
VALUES = {"number": "n::int", "wanted": "1", "last": "n::int", "first": "n::int", "purpose": "'campaign'"}
"""What the columns without a default hold, where the type alone does not say it."""
NEW: Mapping[type, object] = {sa.Text: "x", sa.BigInteger: 1}
BY_TYPE = {"TEXT": "'x' || n", "DATETIME": "now()", "BLOB": "'x'", "DATE": "current_date", "JSONB": "'{}'"}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Plan = Mapping[str, Any]


def filler(table: Table) -> str:
    """Rows of three other shops."""
    columns = {}
    for column in table.columns:
        if column.name == "shop_id":
            columns[column.name] = "1000 + n % 3"
        elif column.name in VALUES:
            columns[column.name] = VALUES[column.name]
        elif (column.name == "id" and column.primary_key) or (not column.nullable and column.server_default is None):
            columns[column.name] = BY_TYPE.get(str(column.type), "1000000 + n")
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {', '.join(columns.values())} FROM generate_series(1, {OTHERS}) n"
    )


@pytest.fixture
def crowded(engine: Engine, database: TestDatabase) -> Engine:
    """Tables that others have filled, and statistics that know of them alone."""
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        keeper.execute("SET session_replication_role = replica")
        for name in {*UPDATED, *LOOKED_UP}:
            keeper.execute(filler(metadata.tables[name]))
            keeper.execute(f"ANALYZE {name}")
    return engine


@contextmanager
def explained(engine: Engine) -> Iterator[list[tuple[str, Plan]]]:
    """The plan of every statement that is sent meanwhile."""
    plans: list[tuple[str, Plan]] = []

    def explain(conn: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "set_config" not in statement:
            raw: Any = conn.connection.dbapi_connection
            found = raw.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters).fetchone()
            plans.append((statement, found[0][0]["Plan"]))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def scans(plan: Plan) -> Iterator[Plan]:
    if plan["Node Type"].endswith("Scan") and "Relation Name" in plan:
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans(part)


def reads_the_whole_shop(scan: Plan) -> bool:
    """Whether it goes through all rows of the shop, or of all shops, to find a few."""
    known = re.findall(r"(\w+) = ", scan.get("Index Cond", ""))
    return known in ([], ["shop_id"])


def wrong(plans: Sequence[tuple[str, Plan]], table: str) -> list[tuple[str, object]]:
    return [
        (scan["Node Type"], scan.get("Index Name"), scan.get("Index Cond"))
        for _, plan in plans
        for scan in scans(plan)
        if str(scan.get("Relation Name", "")).startswith(table) and reads_the_whole_shop(scan)
    ]


def test_the_tables_that_are_updated_in_bulk_are_known_here() -> None:
    assert {"members", "order_views", "lots", "redemptions"} <= set(UPDATED)


@pytest.mark.parametrize("name", UPDATED)
def test_an_update_in_bulk_looks_each_row_up_by_its_key(crowded: Engine, shop: ShopRow, name: str) -> None:
    table = metadata.tables[name]
    key = tuple(dict.fromkeys(("shop_id", *(column.name for column in table.primary_key))))
    changed = next(column for column in table.columns if column.name not in key and type(column.type) in NEW)
    row = {each: shop.id if each == "shop_id" else 1 for each in key} | {changed.name: NEW[type(changed.type)]}
    with explained(crowded) as plans, shop_transaction(crowded, shop.id) as conn:
        bulk.update(conn, table, [row | {key[-1]: number} for number in range(1, 500)], key)
    assert len(plans) == 1
    assert wrong(plans, name) == []


def test_orders_members_and_deliveries_are_looked_up_by_their_keys(crowded: Engine, shop: ShopRow) -> None:
    with shop_transaction(crowded, shop.id) as conn:
        deliveries.add(conn, shop.id, "w1", "orders/updated", NOW, b"{}")
    with explained(crowded) as plans, shop_transaction(crowded, shop.id) as conn:
        orders.lock(conn, shop.id, range(1, 500))
        members.by_ids(conn, shop.id, range(1, 500), lock=True)
        members.by_ids(conn, shop.id, range(1, 500))
        deliveries.claim(conn, shop.id, 500, datetime.now(UTC))
    assert [wrong(plans, name) for name in ("order_views", "members")] == [[], []]
    parts = [found for found in wrong(plans, "deliveries") if found[0] != "Seq Scan"]
    assert parts == []
    assert any(plan["Node Type"] for _, plan in plans)


def test_an_update_in_bulk_changes_what_is_there_and_adds_nothing(
    engine: Engine, shop: ShopRow, other_shop: ShopRow
) -> None:
    table = metadata.tables["order_views"]
    for at in (shop, other_shop):
        with shop_transaction(engine, at.id) as conn:
            conn.exec_driver_sql(
                "INSERT INTO order_views (shop_id, order_id, name) VALUES (%(s)s, 1, 'a')", {"s": at.id}
            )
    rows = [{"shop_id": at.id, "order_id": number, "name": "b"} for at in (shop, other_shop) for number in (1, 2)]
    with shop_transaction(engine, shop.id) as conn:
        bulk.update(conn, table, rows, ("shop_id", "order_id"))
        assert [tuple(row) for row in conn.exec_driver_sql("SELECT order_id, name FROM order_views")] == [(1, "b")]
    with shop_transaction(engine, other_shop.id) as conn:
        assert [tuple(row) for row in conn.exec_driver_sql("SELECT order_id, name FROM order_views")] == [(1, "a")]
