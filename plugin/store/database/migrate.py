"""Bringing a database to the newest schema: Alembic's steps, then Procrastinate's."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from plugin.errors import Unavailable
from plugin.store.database.db import engine_at

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ADVISORY_LOCK = 7854_2026  # any number, the same in every version
WAIT_SECONDS = 60
_NO_TIMEOUTS = text("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")


def upgrade(database: Engine | str, wait_seconds: float = WAIT_SECONDS) -> None:
    """Bring the database to the newest schema; safe when several processes start at once."""
    engine = engine_at(database, "suki-migrate") if isinstance(database, str) else database
    wait_for_database(engine, wait_seconds)
    with engine.connect() as connection:
        connection.execute(_NO_TIMEOUTS)
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            _run_steps(connection)
            _run_procrastinate_steps(connection)
        finally:
            connection.invalidate()  # ends the session: with it go the lock and the timeouts of this job


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this version of Suki needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def wait_for_database(engine: Engine, wait_seconds: float = WAIT_SECONDS) -> None:
    """Return as soon as the database answers; Unavailable when it does not within the time."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            engine.connect().close()
            return
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise Unavailable(f"no database after {wait_seconds:g} s: {error.orig}") from error
        time.sleep(0.5)  # one that is just starting cannot tell us when it is ready


def _run_steps(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with connection.begin():
        command.upgrade(config, "head")


def create_tables(engine: Engine) -> None:
    """All of our tables in the schema that the engine's search_path names; for a scratch copy."""
    with engine.connect() as connection:
        _run_steps(connection)


def _run_procrastinate_steps(connection: Connection) -> None:
    """Procrastinate ships a whole schema, and steps for older ones; we keep which steps a database has."""
    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    with connection.begin():
        connection.execute(text("CREATE TABLE IF NOT EXISTS procrastinate_steps (name text PRIMARY KEY)"))
        done = set(connection.execute(text("SELECT name FROM procrastinate_steps")).scalars())
        if not done:
            _execute_script(connection, SchemaManager.get_schema())
        for step in steps:
            if step.name not in done:
                if done:
                    _execute_script(connection, step.read_text(encoding="utf-8"))
                connection.execute(text("INSERT INTO procrastinate_steps VALUES (:name)"), {"name": step.name})


def _execute_script(connection: Connection, script: str) -> None:
    connection.connection.cursor().execute(script.encode())
