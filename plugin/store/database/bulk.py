"""Set-based writes: many rows in one statement, sent as one JSON parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def update(conn: Connection, table: Table, rows: Sequence[Row], key: Sequence[str]) -> None:
    """Update each row, found by `key` (which holds the primary key), with the rest of its columns.

    A row that is not there is passed over. Not an UPDATE with a join: for a shop that the statistics do not know yet
    the planner expects one row of it, and reads all of them for each of ours. Here every row is looked up by its key,
    and the conflict with itself makes it an update; nothing is left to plan.
    """
    if not rows:
        return
    names, primary = tuple(rows[0]), tuple(column.name for column in table.primary_key)
    assert set(primary) <= set(key) <= set(names)
    columns = [column.name for column in table.columns]
    values = ", ".join(f"r.{name}" if name in names else f"kept.{name}" for name in columns)
    found = " AND ".join(f"t.{name} = r.{name}" for name in key)
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    conn.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {values}"
        f" FROM jsonb_to_recordset(%(rows)s::jsonb) AS r({_typed_columns(conn.dialect, table, names)})"
        f" CROSS JOIN LATERAL (SELECT t.* FROM {table.name} t WHERE {found} OFFSET 0) AS kept"
        f" ON CONFLICT ({', '.join(primary)}) DO UPDATE SET {sets}",
        {"rows": to_json(list(rows))},
    )


def by_keys(table: str, column: str = "id", *, lock: bool = False) -> str:
    """What follows FROM: the shop's rows whose `column`, unique in the shop, is one of %(ids)s, in their order.

    Each is looked up by its key, as in `update`: with `= ANY` a shop that the statistics do not know yet would be
    read as a whole.
    """
    return (
        "(SELECT %(shop)s::bigint AS shop, unnest(%(ids)s::bigint[]) AS key) AS wanted CROSS JOIN LATERAL (SELECT *"
        f" FROM {table} WHERE shop_id = wanted.shop AND {column} = wanted.key OFFSET 0{' FOR UPDATE' if lock else ''})"
        f" AS {table}"
    )


def next_ids(conn: Connection, table: Table, count: int) -> list[int]:
    """Fresh ids of the table's sequence, to number rows before they are inserted."""
    if not count:
        return []
    sql = f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, %(count)s)"
    return list(conn.exec_driver_sql(sql, {"count": count}).scalars().all())
