"""Breaking in: with every table, from another shop, from no shop, and from each scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from plugin.store.database.db import (
    dispatch_transaction,
    engine_at,
    shop_transaction,
    system_transaction,
)
from plugin.store.tables import SHOP_TABLES, deliveries, delivery_ids, entries, inbox, jobs, members, shop_tokens
from tests.conftest import ShopRow, TestDatabase

AT = datetime(2026, 11, 20, tzinfo=UTC)
EACH = pytest.mark.parametrize("table", SHOP_TABLES, ids=lambda table: table.name)
FROZEN = (
    "entries",
    "lot_draws",
    "programme_versions",
    "programme_withdrawals",
    "tier_changes",
    "credits",
    "access_log",
    "email_versions",
)


INTAKE = (deliveries, delivery_ids, inbox)
CHECKED: dict[str, dict[str, object]] = {
    "tier_changes": {"from_tier": "", "to_tier": "Gold", "because": "order"},
    "imports": {"state": "checked"},
    "code_sets": {"purpose": "campaign"},
    "referrals": {"state": "claimed"},
    "access_log": {"kind": "read"},
    "staff": {"role": "viewer"},
    "pauses": {"what": "earning"},
}
"""Values that a table's checks ask for."""


def row(table: Table, shop_id: int) -> dict[str, Any]:
    """One row of any table, with a value wherever the database has no default."""
    needed = [c for c in table.columns if not c.nullable and c.server_default is None and c.name != "id"]
    return {c.name: _value(c) for c in needed} | {"shop_id": shop_id} | CHECKED.get(table.name, {})


def _value(column: Column[Any]) -> object:
    if isinstance(column.type, BigInteger | Integer | SmallInteger):
        return 1
    if isinstance(column.type, DateTime):
        return AT
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Date):
        return AT.date()
    if isinstance(column.type, LargeBinary):
        return b"x"
    return [] if isinstance(column.type, ARRAY) else "x"


def count(conn: Connection, table: Table) -> int:
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


@contextmanager
def intake_transaction(engine: Engine) -> Iterator[Connection]:
    """As the intake's own connections are: they may add deliveries of any shop."""
    with system_transaction(engine) as conn:
        conn.exec_driver_sql("SELECT set_config('suki.scope', 'intake', true)")
        yield conn


@pytest.fixture
def theirs(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> int:
    """The id of a shop with one row in every table."""
    with shop_transaction(engine, other_shop.id) as conn:
        for table in SHOP_TABLES:
            conn.execute(insert(table).values(row(table, other_shop.id)))
    return other_shop.id


@pytest.fixture
def keeper(database: TestDatabase) -> Iterator[psycopg.Connection]:
    """A superuser, whom nothing hides anything from: to see what really is there."""
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        yield connection


def test_the_app_connects_as_a_role_that_row_level_security_binds(engine: Engine) -> None:
    with system_transaction(engine) as conn:
        asked = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert conn.execute(asked).scalar_one() is False


def test_every_table_with_a_shop_is_fenced_for_its_owner_too(keeper: psycopg.Connection) -> None:
    fenced = keeper.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND relrowsecurity AND relforcerowsecurity"
    )
    with_shop = keeper.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'shop_id'"
    )
    parts = {found[0] for found in keeper.execute("SELECT relname FROM pg_class WHERE relispartition")}
    names = {found[0] for found in with_shop}
    assert {found[0] for found in fenced} == names
    assert names - parts == {table.name for table in SHOP_TABLES}


def test_a_part_of_a_table_lets_nobody_in_who_names_no_shop(keeper: psycopg.Connection) -> None:
    policies = keeper.execute(
        "SELECT c.relname, array_agg(p.polname::text) FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relispartition AND c.relkind = 'r' GROUP BY 1"
    ).fetchall()
    assert len(policies) >= 6
    assert {tuple(names) for _, names in policies} == {("of_shop",)}


@EACH
def test_without_a_shop_nothing_is_visible_and_nothing_can_be_written(
    engine: Engine, theirs: int, table: Table
) -> None:
    with system_transaction(engine) as conn:
        assert count(conn, table) == 0
        assert conn.execute(update(table).values(shop_id=theirs)).rowcount == 0
        assert conn.execute(delete(table)).rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"), system_transaction(engine) as conn:
        conn.execute(insert(table).values(row(table, theirs)))


@EACH
def test_another_shops_rows_are_not_seen_changed_or_deleted(
    engine: Engine, shop: ShopRow, theirs: int, table: Table
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        assert count(conn, table) == 0
        assert conn.execute(update(table).where(table.c.shop_id == theirs).values(shop_id=theirs)).rowcount == 0
        assert conn.execute(delete(table).where(table.c.shop_id == theirs)).rowcount == 0
    with shop_transaction(engine, theirs) as conn:
        assert count(conn, table) == 1


@EACH
def test_a_row_cannot_be_given_to_another_shop(engine: Engine, shop: ShopRow, theirs: int, table: Table) -> None:
    with pytest.raises(DBAPIError, match="row-level security"), shop_transaction(engine, shop.id) as conn:
        conn.execute(insert(table).values(row(table, theirs)))
    refusal = "never changed" if table.name in FROZEN else "row-level security"
    with pytest.raises(DBAPIError, match=refusal), shop_transaction(engine, theirs) as conn:
        conn.execute(update(table).values(shop_id=shop.id))


@EACH
def test_a_row_of_ones_own_is_seen(engine: Engine, theirs: int, table: Table) -> None:
    with shop_transaction(engine, theirs) as conn:
        assert conn.execute(select(table.c.shop_id)).scalars().all() == [theirs]


@pytest.mark.parametrize("shop_id", ["", "0", "-1", "9999999999"])
def test_a_shop_id_of_nobody_sees_nothing(engine: Engine, theirs: int, shop_id: str) -> None:
    with shop_transaction(engine, shop_id) as conn:
        assert [count(conn, table) for table in SHOP_TABLES] == [0] * len(SHOP_TABLES)


@pytest.mark.parametrize("shop_id", ["1 OR true", "1,2", "*"])
def test_a_shop_id_that_is_no_number_is_an_error_and_not_a_way_in(engine: Engine, theirs: int, shop_id: str) -> None:
    with pytest.raises(DBAPIError), shop_transaction(engine, shop_id) as conn:
        count(conn, members)


def test_the_shop_does_not_leak_into_the_next_transaction_of_the_same_connection(
    database: TestDatabase, theirs: int
) -> None:
    single = engine_at(database.url, pool_size=1, max_overflow=0)
    which = text("SELECT pg_backend_pid()")
    with shop_transaction(single, theirs) as conn:
        assert count(conn, members) == 1
        first = conn.execute(which).scalar_one()
    with intake_transaction(single) as conn:
        assert count(conn, deliveries) == 1
    with pytest.raises(RuntimeError), shop_transaction(single, theirs):
        raise RuntimeError("rolled back")
    with system_transaction(single) as conn:
        assert conn.execute(which).scalar_one() == first
        assert [count(conn, table) for table in SHOP_TABLES] == [0] * len(SHOP_TABLES)
    single.dispose()


def test_dispatch_sees_the_inbox_and_the_jobs_of_all_shops_and_nothing_else(engine: Engine, theirs: int) -> None:
    with dispatch_transaction(engine) as conn:
        seen = {table.name for table in SHOP_TABLES if count(conn, table)}
    assert seen == {"inbox", "jobs"}


@pytest.mark.parametrize("table", [inbox, jobs, members, entries, shop_tokens], ids=lambda table: table.name)
def test_dispatch_writes_nothing(engine: Engine, theirs: int, table: Table) -> None:
    with dispatch_transaction(engine) as conn:
        assert conn.execute(update(table).values(shop_id=theirs)).rowcount == 0
        assert conn.execute(delete(table)).rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"), dispatch_transaction(engine) as conn:
        conn.execute(insert(table).values(row(table, theirs)))


def test_intake_adds_deliveries_of_any_shop(engine: Engine, shop: ShopRow) -> None:
    with intake_transaction(engine) as conn:
        conn.execute(insert(deliveries).values(row(deliveries, shop.id)))
        conn.execute(insert(inbox).values(row(inbox, shop.id)))
    with shop_transaction(engine, shop.id) as conn:
        assert (count(conn, deliveries), count(conn, inbox)) == (1, 1)


@EACH
def test_intake_changes_and_removes_nothing_and_adds_nothing_else(engine: Engine, theirs: int, table: Table) -> None:
    with intake_transaction(engine) as conn:
        assert conn.execute(update(table).values(shop_id=theirs)).rowcount == 0
        assert conn.execute(delete(table)).rowcount == 0
        assert count(conn, table) == (1 if table in INTAKE else 0)
    if table not in INTAKE:
        with pytest.raises(DBAPIError, match="row-level security"), intake_transaction(engine) as conn:
            conn.execute(insert(table).values(row(table, theirs)))


@pytest.mark.parametrize("scope", ["", "admin", "INTAKE", "dispatch,intake"])
def test_an_unknown_scope_opens_nothing(engine: Engine, theirs: int, scope: str) -> None:
    with system_transaction(engine) as conn:
        conn.execute(text("SELECT set_config('suki.scope', :scope, true)"), {"scope": scope})
        assert [count(conn, table) for table in SHOP_TABLES] == [0] * len(SHOP_TABLES)


def test_the_app_cannot_make_itself_more_than_it_is(engine: Engine) -> None:
    for way in ("SET ROLE postgres", "SET session_replication_role = replica", "ALTER ROLE suki BYPASSRLS"):
        with (
            pytest.raises(DBAPIError, match="permission denied|must be|Only roles"),
            system_transaction(engine) as conn,
        ):
            conn.execute(text(way))
