"""Files of members and points: checked, carried out, undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from plugin.store.database.bulk import to_json


@dataclass(frozen=True, slots=True)
class Import:
    """One file, which is checked, running, done, undoing or undone. `rows` ([line, e-mail, customer id, points, note])
    are the lines that are still to be carried out."""

    id: int
    name: str
    state: str
    note: str
    shown: bool
    rows: Sequence[Any]
    problems: Sequence[Any]
    totals: Mapping[str, Any]
    member_ids: Sequence[int]
    actor: str
    created_at: datetime
    done_at: datetime | None
    undone_at: datetime | None


_COLUMNS = "id, name, state, note, shown, rows, problems, totals, member_ids, actor, created_at, done_at, undone_at"


def add(conn: Connection, shop_id: int, values: Mapping[str, object], now: datetime) -> int:
    """Keep a checked file; answers its number. Older ones that were never carried out are dropped."""
    conn.exec_driver_sql(
        "DELETE FROM imports WHERE shop_id = %(shop)s AND state = 'checked' AND created_at < %(before)s",
        {"shop": shop_id, "before": now - timedelta(days=1)},
    )
    row = conn.exec_driver_sql(
        "INSERT INTO imports (shop_id, name, note, shown, rows, problems, totals, actor, created_at)"
        " VALUES (%(shop)s, %(name)s, %(note)s, %(shown)s, %(rows)s::jsonb, %(problems)s::jsonb, %(totals)s::jsonb,"
        " %(actor)s, %(now)s) RETURNING id",
        {
            **values,
            "shop": shop_id,
            "now": now,
            "rows": to_json(values["rows"]),
            "problems": to_json(values["problems"]),
            "totals": to_json(values["totals"]),
        },
    ).one()
    return int(row[0])


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
    """The newest files, without their rows."""
    columns = _COLUMNS.replace(" rows,", " '[]'::jsonb,").replace(" problems,", " '[]'::jsonb,")
    rows = conn.exec_driver_sql(
        f"SELECT {columns} FROM imports WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [Import(*row) for row in rows]


def get_on(
    conn: Connection,
    shop_id: int,
    import_id: int,
    state: str,
    totals: Mapping[str, object],
    rows: Sequence[Any] = (),
    members: Iterable[int] = (),
) -> None:
    """How far it is: its state and totals, the lines that are still to do, and the members it came to in this step.

    Lines that are done are in the ledger and need not be kept.
    """
    conn.exec_driver_sql(
        "UPDATE imports SET state = %(state)s, rows = %(rows)s::jsonb, totals = %(totals)s::jsonb, member_ids ="
        " ARRAY(SELECT DISTINCT unnest(member_ids || %(members)s::bigint[]) ORDER BY 1)"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {
            "shop": shop_id,
            "id": import_id,
            "state": state,
            "rows": to_json(list(rows)),
            "totals": to_json(totals),
            "members": sorted(members),
        },
    )


def ended(conn: Connection, shop_id: int, import_id: int, state: str, now: datetime) -> None:
    """The last line is done, or undone."""
    column = {"done": "done_at", "undone": "undone_at"}[state]
    conn.exec_driver_sql(
        f"UPDATE imports SET state = %(state)s, {column} = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": import_id, "state": state, "now": now},
    )
