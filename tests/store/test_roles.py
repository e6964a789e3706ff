"""Two roles: one that is too powerful is refused at every door, and the runtime role has rows and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from plugin.actions.points.audit import audit
from plugin.errors import SettingsError
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database import db, migrate, roles
from plugin.store.reports import health
from plugin.store.tables import metadata
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import RUNTIME_ROLE, ShopRow, TestDatabase
from webhooks.inbox import process_waiting

FROZEN = ("entries", "lot_draws", "programme_withdrawals")
NEEDED = {"entries": {"reason"}, "programme_versions": {"note"}, "tier_changes": {"reasons"}}


@pytest.fixture
def runtime(engine: Engine, database: TestDatabase) -> Iterator[Engine]:
    """An engine as the role that owns nothing."""
    roles.grant(database.owner_url, RUNTIME_ROLE)
    made = db.engine_at(database.owner_url.replace("//suki@", f"//{RUNTIME_ROLE}@"), "suki-tests-runtime")
    yield made
    made.dispose()


@pytest.fixture
def powerful(database: TestDatabase) -> Iterator[str]:
    """The address of a role that is no superuser and yet not bound by row-level security."""
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        if not keeper.execute("SELECT FROM pg_roles WHERE rolname = 'suki_bypass'").fetchone():
            keeper.execute("CREATE ROLE suki_bypass LOGIN BYPASSRLS")
    yield database.owner_url.replace("//suki@", "//suki_bypass@")


def test_a_superuser_and_a_role_that_bypasses_the_fences_are_refused_everywhere(
    live_settings: Settings, database: TestDatabase, powerful: str
) -> None:
    for address, why in ((database.superuser_url, "is a superuser"), (powerful, "has BYPASSRLS")):
        with pytest.raises(SettingsError, match=f"Suki does not start: .* {why}"):
            roles.refuse(address)
        with pytest.raises(SettingsError, match=why):
            migrate.upgrade(address, 5)
        engine = db.create_engine(live_settings.model_copy(update={"database_url": address}))
        with pytest.raises(SettingsError, match=why), db.system_transaction(engine):
            pytest.fail("was let in")
        found = health.readiness(engine)
        assert not found.ready
        assert why in found.problems[0]
        engine.dispose()
        with psycopg.connect(address) as plain:  # by a connection that does not ask
            assert why in roles.too_powerful(plain)


def test_a_plain_role_is_let_in_and_nobody_at_home_is_not_a_refusal(database: TestDatabase, tmp_path: object) -> None:
    roles.refuse(database.owner_url)
    roles.refuse(None)
    roles.refuse(f"postgresql://suki@/suki?host={tmp_path}")
    assert roles.tried(database.owner_url) == "answers as suki, PostgreSQL 18"
    assert roles.tried(f"postgresql://suki:pass-word@/suki?host={tmp_path}").startswith("does not answer: ")
    assert "pass-word" not in roles.tried(f"postgresql://suki:pass-word@/suki?host={tmp_path}")


def test_the_runtime_role_does_the_apps_work(runtime: Engine, shop: ShopRow) -> None:
    start_programme(runtime, shop.id, Programme(welcome_points=25))
    bodies = [("orders/paid", payloads.order(1)), ("orders/paid", payloads.order(2, customer=payloads.customer(9)))]
    for number, (topic, payload) in enumerate(bodies):
        with db.shop_transaction(runtime, shop.id) as conn:
            body = payloads.dumps(payload)
            deliveries.add(conn, shop.id, f"w{number}", topic, datetime.now(UTC), body)
    while process_waiting(runtime, lambda: datetime.now(UTC)):
        pass
    assert audit(runtime) == []
    assert health.readiness(runtime).ready
    with db.shop_transaction(runtime, shop.id) as conn:
        assert conn.execute(text("SELECT count(*) FROM entries WHERE kind = 'earned'")).scalar_one() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id int)", "CREATE SCHEMA more", "ALTER TABLE members ADD COLUMN more int",
        "ALTER TABLE members NO FORCE ROW LEVEL SECURITY", "ALTER TABLE members DISABLE ROW LEVEL SECURITY",
        "DROP TABLE members", "DROP POLICY of_shop ON members", "DROP TRIGGER never_changed ON entries",
        "ALTER TABLE entries DISABLE TRIGGER ALL", "CREATE OR REPLACE FUNCTION suki_shop() RETURNS bigint LANGUAGE sql"
        " AS 'SELECT 1::bigint'", "CREATE POLICY mine ON members USING (true)", "TRUNCATE inbox",
        "TRUNCATE members CASCADE",
        *(f"UPDATE {name} SET shop_id = shop_id" for name in FROZEN), *(f"DELETE FROM {name}" for name in FROZEN),
        "DELETE FROM credits", "UPDATE access_log SET actor = 'nobody'", "UPDATE programme_versions SET author = ''",
        "DELETE FROM programme_versions", "UPDATE tier_changes SET to_tier = ''", "DELETE FROM tier_changes",
        "UPDATE alembic_version SET version_num = '0001'", "DELETE FROM procrastinate_steps", "SET ROLE suki",
        "SET session_replication_role = replica", "SELECT setval('entries_id_seq', 1)",
    ],
)  # fmt: skip
def test_the_runtime_role_changes_no_table_and_no_past(runtime: Engine, shop: ShopRow, statement: str) -> None:
    with (
        pytest.raises(DBAPIError, match="permission denied|must be owner"),
        db.shop_transaction(runtime, shop.id) as conn,
    ):
        conn.execute(text(statement))


def test_the_runtime_role_may_what_each_table_needs_and_no_more(runtime: Engine, database: TestDatabase) -> None:
    with psycopg.connect(database.superuser_url) as keeper:
        rows = keeper.execute(
            "SELECT table_name, array_agg(privilege_type::text ORDER BY 1) FROM information_schema.role_table_grants"
            " WHERE grantee = %s GROUP BY 1", (RUNTIME_ROLE,)).fetchall()  # fmt: skip
        columns = keeper.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.column_privileges"
            " WHERE grantee = %s AND privilege_type = 'UPDATE' AND table_name = ANY(%s) GROUP BY 1",
            (RUNTIME_ROLE, list(NEEDED))).fetchall()  # fmt: skip
    may = {name: set(rights) for name, rights in rows}
    rest = {
        **dict.fromkeys((*FROZEN, *NEEDED), {"SELECT", "INSERT"}), "credits": {"SELECT", "INSERT", "UPDATE"},
        **dict.fromkeys(("access_log", "email_versions"), {"SELECT", "INSERT", "DELETE"}),
        "alembic_version": {"SELECT"}, "procrastinate_steps": {"SELECT"},
    }  # fmt: skip
    assert {name: rights for name, rights in may.items() if name in rest} == rest
    assert {name for name, rights in may.items() if rights != {"SELECT", "INSERT", "UPDATE", "DELETE"}} == set(rest)
    assert set(metadata.tables) <= set(may)
    assert {name: set(each) for name, each in columns} == NEEDED


def test_every_table_whose_past_is_kept_is_known_to_the_rights(database: TestDatabase) -> None:
    """A guard that nobody listed gives no right to change: whoever adds one decides, and says it there."""
    with psycopg.connect(database.superuser_url) as keeper:
        guards = {row[1] for row in keeper.execute(roles._TABLES).fetchall() if row[1]}
    assert guards == {"suki_refuse_change", roles._WORDS, *roles._GUARDED, *roles._COLUMNS}


def test_rights_are_given_again_as_often_as_one_likes_and_to_nobody_else(database: TestDatabase) -> None:
    roles.grant(database.owner_url, RUNTIME_ROLE)
    roles.grant(database.owner_url, RUNTIME_ROLE)
    with pytest.raises(SettingsError, match="There is no database role nobody"):
        roles.grant(database.owner_url, "nobody")
    with pytest.raises(SettingsError, match="name the same role"):
        roles.grant(database.owner_url, "suki")
    with pytest.raises(SettingsError, match="DATABASE_URL must name the role"):
        roles.role_of("postgresql:///suki")
    assert roles.role_of("postgresql://a%40b:x@db/suki") == "a@b"
    odd = 'x" FROM PUBLIC; DROP TABLE members; --'
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        keeper.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(odd)))
        try:
            roles.grant(database.owner_url, odd)
            assert keeper.execute("SELECT count(*) FROM members").fetchone() is not None
        finally:
            keeper.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(odd)))
            keeper.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(odd)))
