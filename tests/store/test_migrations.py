"""Migrations beside working processes: one step after the other, nobody waits long, a broken one is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from structlog.testing import capture_logs

from plugin.errors import Unavailable
from plugin.store.database import migrate
from plugin.store.database.db import engine_at
from tests.conftest import TestDatabase

STEP = '''"""A step of this test."""
from alembic import op
from plugin.store.migrations import big_tables
revision, down_revision, branch_labels, depends_on = "{name}", {before!r}, None, None
def upgrade():
    {body}
'''
SCHEMA = "steps_of_a_test"


@pytest.fixture
def steps(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for a test's own steps, and a schema of its own with a table of a hundred rows."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text((migrate.MIGRATIONS / "env.py").read_text())
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_MS", 20)
    monkeypatch.setattr(migrate, "LOCK_PAUSE_SECONDS", 0)
    with engine.begin() as conn:
        conn.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        conn.execute(text(f"CREATE TABLE {SCHEMA}.many AS SELECT n FROM generate_series(1, 100) n"))
    yield tmp_path / "versions"
    with engine.begin() as conn:
        conn.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def step(folder: Path, name: str, before: str | None, body: str) -> None:
    (folder / f"{name}.py").write_text(STEP.format(name=name, before=before, body=body))


def run(database: TestDatabase) -> None:
    """As `suki migrate`, without Procrastinate's part: the schema has none of its tables."""
    with in_schema(database) as conn:
        migrate.patiently(migrate.run_steps, conn)


@contextmanager
def in_schema(database: TestDatabase) -> Iterator[Connection]:
    own = engine_at(database.url, search_path=SCHEMA)
    try:
        with own.connect() as conn:
            yield conn
    finally:
        own.dispose()


def names(engine: Engine, sql: str) -> list[str]:
    with engine.connect() as conn:
        return list(conn.execute(text(sql)).scalars())


def revision(engine: Engine) -> list[str]:
    return names(engine, f"SELECT version_num FROM {SCHEMA}.alembic_version")


def test_a_step_that_fails_leaves_the_steps_before_it_done(engine: Engine, database: TestDatabase, steps: Path) -> None:
    step(steps, "a1", None, 'op.execute("ALTER TABLE many ADD COLUMN a integer")')
    step(steps, "a2", "a1", 'op.execute("ALTER TABLE many ADD COLUMN b integer"); op.execute("SELECT 1 / 0")')
    with pytest.raises(Exception, match="division by zero"):
        run(database)
    assert revision(engine) == ["a1"]
    columns = f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{SCHEMA}'"
    assert sorted(names(engine, f"{columns} AND table_name = 'many'")) == ["a", "n"]


def test_a_table_that_somebody_holds_is_asked_for_again_until_it_is_free(
    engine: Engine, database: TestDatabase, steps: Path
) -> None:
    step(steps, "a1", None, 'op.execute("ALTER TABLE many ADD COLUMN a integer")')
    with psycopg.connect(database.url) as holder, capture_logs() as logs:
        holder.execute(f"LOCK TABLE {SCHEMA}.many IN ACCESS SHARE MODE")
        waited: list[int] = []

        def attempt(conn: Connection) -> None:
            waited.append(1)
            if len(waited) == 3:
                holder.rollback()
            migrate.run_steps(conn)

        with in_schema(database) as conn:
            migrate.patiently(attempt, conn)
    assert revision(engine) == ["a1"]
    assert [line["attempt"] for line in logs if line["event"] == "migration_waits_for_a_lock"] == [1, 2]


def test_a_table_that_never_gets_free_is_said_so(
    database: TestDatabase, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_MS", 20)
    monkeypatch.setattr(migrate, "LOCK_ATTEMPTS", 2)
    step(steps, "a1", None, 'op.execute("ALTER TABLE many ADD COLUMN a integer")')
    with psycopg.connect(database.url) as holder:
        holder.execute(f"LOCK TABLE {SCHEMA}.many IN ACCESS SHARE MODE")
        with pytest.raises(Unavailable, match="held by others 2 times"):
            run(database)


def test_an_index_of_a_big_table_is_made_beside_writers_and_a_broken_one_is_made_anew(
    engine: Engine, database: TestDatabase, steps: Path
) -> None:
    step(steps, "a1", None, 'big_tables.add_index("many_once", "many (n)", unique=True)')
    with engine.begin() as conn:
        conn.execute(text(f"INSERT INTO {SCHEMA}.many VALUES (1)"))
    with pytest.raises(Exception, match="could not create unique index"):
        run(database)
    valid = f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{SCHEMA}.many_once')"
    assert names(engine, valid) == [False]
    with engine.begin() as conn:
        conn.execute(text(f"DELETE FROM {SCHEMA}.many WHERE n = 1"))
    run(database)
    assert names(engine, valid) == [True] and revision(engine) == ["a1"]
    run(database)
    assert names(engine, valid) == [True]


def test_a_rule_for_a_big_table_holds_for_old_rows_too_and_may_be_repeated(
    engine: Engine, database: TestDatabase, steps: Path
) -> None:
    step(steps, "a1", None, 'big_tables.add_constraint("many", "positive", "CHECK (n > 1)")')
    with pytest.raises(Exception, match="violated by some row"):
        run(database)
    state = f"SELECT convalidated FROM pg_constraint WHERE conrelid = '{SCHEMA}.many'::regclass"
    assert names(engine, state) == [False]
    with engine.begin() as conn:
        conn.execute(text(f"DELETE FROM {SCHEMA}.many WHERE n = 1"))
    run(database)
    assert names(engine, state) == [True] and revision(engine) == ["a1"]


BIG = ("deliveries", "order_views", "entries", "lots", "lot_draws", "members", "messages", "jobs")
FIRST_CAREFUL = "0019"


def test_the_steps_of_this_version_make_nobody_wait_for_a_big_table() -> None:
    """What is made in the same step is empty; everything else may have millions of rows."""
    found = []
    for path in sorted((Path(migrate.__file__).parents[1] / "migrations/versions").glob("*.py")):
        source = " ".join(path.read_text().replace('"', " ").split())
        new = set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", source))
        indexed = re.findall(r"CREATE (?:UNIQUE )?INDEX \w+ ON (?:ONLY )?(\w+)", source)
        checked = re.findall(r"ALTER TABLE (\w+) ADD (?:CONSTRAINT|CHECK|FOREIGN|UNIQUE)(?![^;]*NOT VALID)", source)
        if path.name >= FIRST_CAREFUL:
            found += [(path.name, table) for table in {*indexed, *checked} & set(BIG) - new]
    assert found == [], "use plugin.store.migrations.big_tables in a step of its own"
