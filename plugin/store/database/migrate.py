"""Bringing a database to the newest schema: Alembic's steps, then Procrastinate's.

Each step is a transaction of its own and waits shortly for its locks: a step that waits for a table makes everybody
wait who comes after it. Where it does not get one it is undone and tried again a little later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from plugin.errors import SettingsError, Unavailable
from plugin.observe import get_logger
from plugin.store.database import own_cluster, roles
from plugin.store.database.db import engine_at
from plugin.store.database.sessions import refuse_shared
from plugin.store.database.waits import is_wait

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ADVISORY_LOCK = 7854_2026  # any number, the same in every version
WAIT_SECONDS = 60
LOCK_TIMEOUT_MS = 1_000
LOCK_ATTEMPTS = 100
LOCK_PAUSE_SECONDS = 2.0
_NO_TIMEOUTS = text("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
_MAY_MAKE_TABLES = text("SELECT current_user, has_schema_privilege(current_schema(), 'CREATE')")
log = get_logger()


def upgrade(database: Engine | str, wait_seconds: float = WAIT_SECONDS) -> None:
    """Bring the database to the newest schema; safe when several processes start at once."""
    if isinstance(database, Engine):
        _upgrade(database, wait_seconds)
        return
    engine = engine_at(database, "suki-migrate")
    try:
        wait_for_database(engine, wait_seconds)
        refuse_shared(database)
        _upgrade(engine, wait_seconds)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, wait_seconds: float) -> None:
    wait_for_database(engine, wait_seconds)
    with engine.connect() as connection:
        try:
            _refuse_wrong_role(connection)
            connection.execute(_NO_TIMEOUTS)
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()
            refuse_newer(connection)
            patiently(run_steps, connection)
            patiently(_run_procrastinate_steps, connection)
            patiently(_note_cluster, connection)
        finally:
            connection.invalidate()  # ends the session: with it go the lock and the timeouts of this job


def _refuse_wrong_role(connection: Connection) -> None:
    found = roles.too_powerful(connection.connection.driver_connection)  # type: ignore[arg-type]
    if found:
        raise SettingsError(f"Nothing was migrated: {found}.")
    role, may = connection.execute(_MAY_MAKE_TABLES).one()
    if not may:
        raise SettingsError(
            f"Nothing was migrated: the role {role} may not make tables in this database. Set DATABASE_OWNER_URL to "
            "its address as the role that owns it (docs/operating/deploying.md, Two roles)."
        )


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    """The revision that this version of Suki needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


@cache
def _known() -> frozenset[str]:
    return frozenset(step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def problem(connection: Connection) -> str:
    """Why this version cannot work with the schema; empty when it can. A newer one it can: steps only add what the
    version before does not miss, so that old processes go on while new ones start."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return "the database has no tables yet: run `suki migrate`"
    if found == newest() or found not in _known():
        return ""
    return f"the database is at schema {found}, this version needs {newest()}: run `suki migrate`"


def refuse_newer(connection: Connection) -> None:
    """SettingsError when a newer version of Suki has migrated the database: there is no way back by steps."""
    found = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    if found is not None and found not in _known():
        raise SettingsError(
            f"The database is at schema {found}, which is newer than this version of Suki ({newest()}). Nothing was "
            "changed. Install the newer version again, or restore a backup from before it."
        )


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


def patiently(steps: Callable[[Connection], None], connection: Connection) -> None:
    """Run the steps that are left; one that did not get a lock is tried again while others work."""
    connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
    connection.commit()
    for attempt in range(LOCK_ATTEMPTS):
        try:
            return steps(connection)
        except Exception as error:
            if not is_wait(error):
                raise
            connection.rollback()
            log.warning("migration_waits_for_a_lock", attempt=attempt + 1)
            time.sleep(LOCK_PAUSE_SECONDS)  # those who queued behind this step get their turn
    raise Unavailable(f"a table was held by others {LOCK_ATTEMPTS} times: run `suki migrate` again")


def run_steps(connection: Connection) -> None:
    """Alembic's steps, each in a transaction of its own."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
    connection.commit()  # what Alembic read last; each step has committed already


def create_tables(engine: Engine) -> None:
    """All of our tables in the schema that the engine's search_path names; for a scratch copy."""
    with engine.connect() as connection:
        run_steps(connection)


def _note_cluster(connection: Connection) -> None:
    with connection.begin():
        if own_cluster.note(connection):
            log.warning("another_cluster", events="what was not followed yet is read by number")


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
