"""Changes to tables that may hold millions of rows, without anybody waiting for them.

Each of these commits what its revision has done so far and may be repeated after a failure: give it a revision of
its own, so that nothing else is left half done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from sqlalchemy import Connection, text

_INVALID = text("SELECT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass(:name) AND NOT i.indisvalid)")
_KNOWN = text("SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass(:table) AND conname = :name)")


@contextmanager
def _unhurried() -> Iterator[Connection]:
    """Outside of transactions, and with all the time it takes: nobody waits for what is done here."""
    with op.get_context().autocommit_block():
        conn = op.get_bind()
        usual = conn.exec_driver_sql("SHOW lock_timeout").scalar_one()
        conn.exec_driver_sql("SET lock_timeout = 0")
        yield conn
        conn.exec_driver_sql(f"SET lock_timeout = '{usual}'")


def add_index(name: str, on: str, *, unique: bool = False) -> None:
    """`CREATE INDEX CONCURRENTLY name ON on`; what a broken attempt left behind is made anew."""
    with _unhurried() as conn:
        if conn.execute(_INVALID, {"name": name}).scalar_one():
            conn.exec_driver_sql(f"DROP INDEX CONCURRENTLY {name}")
        kind = "UNIQUE INDEX" if unique else "INDEX"
        conn.exec_driver_sql(f"CREATE {kind} CONCURRENTLY IF NOT EXISTS {name} ON {on}")


def drop_index(name: str) -> None:
    """`DROP INDEX CONCURRENTLY`, if it is still there."""
    with _unhurried() as conn:
        conn.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def add_constraint(table: str, name: str, rule: str) -> None:
    """A CHECK or a foreign key: at once for new rows, then the old ones are read while everybody works on."""
    if not op.get_bind().execute(_KNOWN, {"table": table, "name": name}).scalar_one():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID")
    with _unhurried() as conn:
        conn.exec_driver_sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
