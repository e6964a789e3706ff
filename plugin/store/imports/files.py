"""Files of members: uploaded, checked, carried out, undone. Their lines are in parts, each of which is one step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from plugin.store.database.bulk import to_json

WAITING = ("uploaded", "checking", "checked")
"""States in which nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file. `choices` are what its columns mean (`rules.imports.choices`), `shown` whether members see the note,
    `tell` whether they get an email, `columns` what each column shows; `part` is how far it is, of
    `parts`, in what it is doing now."""

    id: int
    name: str
    state: str
    note: str
    shown: bool
    tell: bool
    headings: Sequence[str]
    columns: Sequence[Any]
    choices: Mapping[str, Any]
    problems: Sequence[Any]
    totals: Mapping[str, Any]
    part: int
    parts: int
    actor: str
    created_at: datetime
    done_at: datetime | None
    undone_at: datetime | None


_COLUMNS = (
    "id, name, state, note, shown, tell, headings, columns, choices, problems, totals, part, parts, actor, created_at,"
    " done_at, undone_at"
)
_JSON = frozenset(("headings", "columns", "choices", "problems", "totals"))


def add(conn: Connection, shop_id: int, values: Mapping[str, object], now: datetime) -> int:
    """Keep an uploaded file; answers its number. Older ones that were never carried out are dropped."""
    drop_waiting(conn, shop_id, now - timedelta(days=1))
    names = list(values)
    row = conn.exec_driver_sql(
        f"INSERT INTO imports (shop_id, created_at, {', '.join(names)}) VALUES (%(shop)s, %(now)s,"
        f" {', '.join(_value(name) for name in names)}) RETURNING id",
        {**_params(values), "shop": shop_id, "now": now},
    ).one()
    return int(row[0])


def drop_waiting(conn: Connection, shop_id: int, before: datetime) -> None:
    """Drop the files, with their lines, that were uploaded before then and never carried out."""
    conn.exec_driver_sql(
        "WITH gone AS (DELETE FROM imports WHERE shop_id = %(shop)s AND state = ANY(%(waiting)s)"
        " AND created_at < %(before)s RETURNING id),"
        " parts AS (DELETE FROM import_parts WHERE shop_id = %(shop)s AND import_id IN (SELECT id FROM gone))"
        " DELETE FROM import_people WHERE shop_id = %(shop)s AND import_id IN (SELECT id FROM gone)",
        {"shop": shop_id, "before": before, "waiting": list(WAITING)},
    )


def _value(name: str) -> str:
    return f"%({name})s::jsonb" if name in _JSON else f"%({name})s"


def _params(values: Mapping[str, object]) -> dict[str, object]:
    return {name: to_json(value) if name in _JSON else value for name, value in values.items()}


def change(conn: Connection, shop_id: int, import_id: int, **values: object) -> None:
    """Set some of what is kept of the file."""
    conn.exec_driver_sql(
        f"UPDATE imports SET {', '.join(f'{name} = {_value(name)}' for name in values)}"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {**_params(values), "shop": shop_id, "id": import_id},
    )


def get(conn: Connection, shop_id: int, import_id: int, *, lock: bool = False) -> Import | None:
    """One file of this shop."""
    suffix = " FOR UPDATE" if lock else ""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM imports WHERE shop_id = %(shop)s AND id = %(id)s{suffix}",
        {"shop": shop_id, "id": import_id},
    ).one_or_none()
    return Import(*row) if row else None


def names(conn: Connection, shop_id: int, import_ids: Collection[int]) -> dict[int, str]:
    """What the files were called, by number; those that are there no more are left out."""
    rows = conn.exec_driver_sql(
        "SELECT id, name FROM imports WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(import_ids)},
    )
    return {row[0]: row[1] for row in rows}


def latest(conn: Connection, shop_id: int, limit: int = 20) -> list[Import]:
    """The newest files, without what is wrong with them."""
    columns = _COLUMNS.replace(" problems,", " '[]'::jsonb,").replace(" columns,", " '[]'::jsonb,")
    rows = conn.exec_driver_sql(
        f"SELECT {columns} FROM imports WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [Import(*row) for row in rows]


def add_part(conn: Connection, shop_id: int, import_id: int, part: int, lines: Sequence[Any]) -> None:
    """Keep lines ([number, cells]) of a file."""
    conn.exec_driver_sql(
        "INSERT INTO import_parts (shop_id, import_id, part, lines)"
        " VALUES (%(shop)s, %(id)s, %(part)s, %(lines)s::jsonb)",
        {"shop": shop_id, "id": import_id, "part": part, "lines": to_json(lines)},
    )


def lines_of(conn: Connection, shop_id: int, import_id: int, part: int) -> list[Any]:
    """The lines of one part, the first being 1; none where there is no such part."""
    found = conn.exec_driver_sql(
        "SELECT lines FROM import_parts WHERE shop_id = %(shop)s AND import_id = %(id)s AND part = %(part)s",
        {"shop": shop_id, "id": import_id, "part": part},
    ).scalar_one_or_none()
    return list(found or [])


def forget_lines(conn: Connection, shop_id: int, import_id: int) -> None:
    """What is done needs its lines no longer."""
    for table in ("import_parts", "import_people"):
        conn.exec_driver_sql(
            f"DELETE FROM {table} WHERE shop_id = %(shop)s AND import_id = %(id)s", {"shop": shop_id, "id": import_id}
        )
