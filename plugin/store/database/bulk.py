"""Set-based writes: many rows in one statement, sent as one JSON parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection, Dialect, Table

Row = Mapping[str, Any]


def to_json(value: object) -> str:
    """JSON text for a jsonb parameter; keys may be integers, sets become lists."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: object) -> object:
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


@cache
def _typed_columns(dialect: Dialect, table: Table, names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {table.c[name].type.compile(dialect=dialect)}" for name in names)


def insert(
    conn: Connection, table: Table, rows: Sequence[Row], *, conflict: str = "", returning: str = ""
) -> list[Any]:
    """Insert all rows (they share the keys of the first); `conflict` follows ON CONFLICT."""
    if not rows:
        return []
    names = tuple(rows[0])
    columns = ", ".join(names)
    statement = (
        f"INSERT INTO {table.name} ({columns}) SELECT {columns}"
        f" FROM jsonb_to_recordset(%(rows)s::jsonb) AS r({_typed_columns(conn.dialect, table, names)})"
        f"{' ON CONFLICT ' + conflict if conflict else ''}{' RETURNING ' + returning if returning else ''}"
    )
    result = conn.exec_driver_sql(statement, {"rows": to_json(list(rows))})
    return list(result) if returning else []


def update(conn: Connection, table: Table, rows: Sequence[Row], key: Iterable[str]) -> None:
    """Update each row, found by `key`, with the rest of its columns."""
    if not rows:
        return
    names = tuple(rows[0])
    keys = tuple(key)
    sets = ", ".join(f"{name} = r.{name}" for name in names if name not in keys)
    where = " AND ".join(f"t.{name} = r.{name}" for name in keys)
    conn.exec_driver_sql(
        f"UPDATE {table.name} AS t SET {sets}"
        f" FROM jsonb_to_recordset(%(rows)s::jsonb) AS r({_typed_columns(conn.dialect, table, names)}) WHERE {where}",
        {"rows": to_json(list(rows))},
    )


def next_ids(conn: Connection, table: Table, count: int) -> list[int]:
    """Fresh ids of the table's sequence, to number rows before they are inserted."""
    if not count:
        return []
    sql = f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, %(count)s)"
    return list(conn.exec_driver_sql(sql, {"count": count}).scalars().all())
