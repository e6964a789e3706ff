"""Saved views of the list of members: a name for filters and an order, shared by the shop's staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.store.database.bulk import to_json

MOST: Final = 30
"""Views of one shop."""
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class View:
    """One view. `asked` are the filters and the order, as an address says them."""

    id: int
    name: str
    asked: Mapping[str, str]
    made_by: str


_COLUMNS: Final = "id, name, asked, made_by"


def of_shop(conn: Connection, shop_id: int) -> list[View]:
    """All of them, the oldest first."""
    sql = f"SELECT {_COLUMNS} FROM member_views WHERE shop_id = %(shop)s ORDER BY id"
    return [View(*row) for row in conn.exec_driver_sql(sql, {"shop": shop_id})]


def get(conn: Connection, shop_id: int, view_id: int) -> View | None:
    """One of this shop's."""
    sql = f"SELECT {_COLUMNS} FROM member_views WHERE shop_id = %(shop)s AND id = %(id)s"
    row = conn.exec_driver_sql(sql, {"shop": shop_id, "id": view_id}).one_or_none()
    return View(*row) if row else None


def save(
    conn: Connection, shop_id: int, name: str, asked: Mapping[str, str], made_by: str, now: datetime
) -> int | None:
    """Keep the view under its name, in place of one that is called so; None where the shop has its MOST already."""
    row = conn.exec_driver_sql(
        "INSERT INTO member_views (shop_id, name, name_key, asked, made_by, created_at)"
        " SELECT %(shop)s, %(name)s, %(key)s, %(asked)s::jsonb, %(by)s, %(now)s WHERE"
        " (SELECT count(*) FROM member_views WHERE shop_id = %(shop)s AND name_key <> %(key)s) < %(most)s"
        " ON CONFLICT (shop_id, name_key) DO UPDATE SET name = excluded.name, asked = excluded.asked"
        " RETURNING id",
        {
            "shop": shop_id,
            "name": name,
            "key": name.casefold(),
            "asked": to_json(asked),
            "by": made_by,
            "now": now,
            "most": MOST,
        },
    ).one_or_none()
    return int(row[0]) if row else None


def remove(conn: Connection, shop_id: int, view_id: int) -> bool:
    """Take a view away; says whether there was one."""
    sql = "DELETE FROM member_views WHERE shop_id = %(shop)s AND id = %(id)s"
    return conn.exec_driver_sql(sql, {"shop": shop_id, "id": view_id}).rowcount > 0
