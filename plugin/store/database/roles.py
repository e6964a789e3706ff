"""The database's two roles: the owner, who makes tables, and the runtime role, which the processes work as.

Row-level security keeps the shops apart, and binds neither superusers nor roles with BYPASSRLS: whoever starts
as one is refused. The runtime role needs no more than rows: it makes and empties no table, and of the tables that are
only added to it changes nothing but what their own triggers allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, event

from plugin.errors import SettingsError
from plugin.observe import masked

_TOO_MUCH = """
SELECT rolname, rolsuper FROM pg_roles WHERE rolname IN (current_user, session_user) AND (rolsuper OR rolbypassrls)
"""
_TABLES = """
SELECT c.relname, p.proname, t.tgargs
FROM pg_class AS c
LEFT JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgname = 'never_changed'
LEFT JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
_READ_ONLY: Final = ("alembic_version", "procrastinate_steps")
_GUARDED: Final[dict[str, str]] = {
    "suki_keep_credits": ", UPDATE",
    "suki_keep_access_log": ", DELETE",
    "suki_keep_emails": ", DELETE",
}
"""What a trigger lets through of changes to what was written; of others nothing."""
_WORDS: Final = "suki_keep_all_but_words"
"""Names the one column that may be emptied as its argument."""
_COLUMNS: Final = {"suki_keep_all_but_explanations": "reason"}
_ADVISORY_LOCK: Final = 7854_2027


def too_powerful(connection: psycopg.Connection[Any]) -> str:
    """Why this connection's role must not be worked with, in words; empty when it may."""
    with connection.cursor() as cursor:
        found = cursor.execute(_TOO_MUCH).fetchone()
    if found is None:
        return ""
    why = "is a superuser" if found[1] else "has BYPASSRLS"
    return (
        f"the database role {found[0]} {why}: row-level security, which keeps the shops apart, does not bind it. "
        "Connect as a plain role (docs/operating/deploying.md, Database)"
    )


def refuse(address: str | None, timeout_seconds: int = 3) -> None:
    """SettingsError when the address connects as a role that is too powerful; nothing when nobody answers, and for
    the private server (no address), whose role is plain."""
    if not address:
        return
    try:
        with psycopg.connect(address, connect_timeout=timeout_seconds) as connection:
            problem = too_powerful(connection)
    except psycopg.OperationalError:
        return  # each process waits for its database by itself, and its engine asks again
    if problem:
        raise SettingsError(f"Suki does not start: {problem}.")


def tried(address: str, timeout_seconds: int = 5) -> str:
    """What a connection to the address shows: its role and server, or what is wrong, without a password."""
    try:
        with psycopg.connect(address, connect_timeout=timeout_seconds) as connection:
            role = connection.info.user
            return (
                too_powerful(connection) or f"answers as {role}, PostgreSQL {connection.info.server_version // 10000}"
            )
    except psycopg.OperationalError as error:
        return f"does not answer: {masked(str(error)).strip().splitlines()[0]}"


def watch(engine: Engine) -> None:
    """Ask on each new connection of the engine; SettingsError, whatever wanted to use it."""

    def ask(connection: Any, _record: object) -> None:
        problem = too_powerful(connection)
        connection.rollback()
        if problem:
            connection.close()
            raise SettingsError(f"Suki does not work with this database: {problem}.")

    event.listen(engine, "connect", ask)


def role_of(address: str) -> str:
    """The role that an address connects as; SettingsError when it does not say."""
    role = conninfo_to_dict(address).get("user")
    if not role:
        raise SettingsError("DATABASE_URL must name the role that the processes work as: postgresql://role:…@host/…")
    return str(role)


def grant(owner_address: str, role: str) -> None:
    """Give the runtime role what it needs, and take what it does not; all at once, and safe to repeat."""
    with psycopg.connect(owner_address) as connection:
        connection.execute("SET lock_timeout = 5000")  # a pooler takes no startup options
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
        if connection.execute("SELECT current_user = %s", (role,)).fetchone() == (True,):
            raise SettingsError("DATABASE_OWNER_URL and DATABASE_URL name the same role: the owner must be another one")
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            raise SettingsError(f"There is no database role {role}: make it first (docs/operating/deploying.md)")
        for statement in statements(connection, role):
            connection.execute(statement)


def statements(connection: psycopg.Connection[Any], role: str) -> Iterator[sql.Composed]:
    """What `grant` says, for this schema as it is now."""
    schema = connection.execute("SELECT current_schema()").fetchone()
    names = {"role": sql.Identifier(role), "schema": sql.Identifier(schema[0] if schema else "public")}

    def say(text: str, **more: sql.Composable) -> sql.Composed:
        return sql.SQL(text).format(**names, **more)

    yield say("GRANT USAGE ON SCHEMA {schema} TO {role}")
    yield say("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}")
    yield say("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}")
    yield say("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}")
    yield say("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
    for table, guard, words in connection.execute(_TABLES).fetchall():
        yield from _of_table(say, table, guard, words)


def _of_table(
    say: Callable[..., sql.Composed], table: str, guard: str | None, words: bytes | None
) -> Iterator[sql.Composed]:
    name = sql.Identifier(table)
    if table in _READ_ONLY:
        yield say("GRANT SELECT ON {schema}.{table} TO {role}", table=name)
    elif guard is None:
        yield say("GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.{table} TO {role}", table=name)
    else:
        yield say(f"GRANT SELECT, INSERT{_GUARDED.get(guard, '')} ON {{schema}}.{{table}} TO {{role}}", table=name)
        column = words.rstrip(b"\0").decode() if guard == _WORDS and words else _COLUMNS.get(guard)
        if column:
            more = {"table": name, "column": sql.Identifier(column)}
            yield say("GRANT UPDATE ({column}) ON {schema}.{table} TO {role}", **more)
