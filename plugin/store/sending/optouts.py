"""Which emails members refused: each kind by itself, or everything promotional."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.tables import email_optouts


def refused(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """What each of these members refused; those who refused nothing are left out."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, array_agg(kind) FROM email_optouts"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: frozenset(row[1]) for row in rows}


def refuse(conn: Connection, shop_id: int, member_id: int, kinds: Iterable[str], by: str, at: datetime) -> list[str]:
    """Keep that they want none of these; answers which are new. What they refused before keeps its time."""
    rows = [{"shop_id": shop_id, "member_id": member_id, "kind": kind, "at": at, "by": by} for kind in sorted({*kinds})]
    made = bulk.insert(conn, email_optouts, rows, conflict="DO NOTHING", returning="kind")
    return [row[0] for row in made]


def want(conn: Connection, shop_id: int, member_id: int, kinds: Iterable[str], before: datetime | None = None) -> bool:
    """They want these after all; `before`: only what was refused before that moment. Says whether any was."""
    result = conn.exec_driver_sql(
        "DELETE FROM email_optouts WHERE shop_id = %(shop)s AND member_id = %(member)s AND kind = ANY(%(kinds)s)"
        " AND (%(before)s::timestamptz IS NULL OR at < %(before)s)",
        {"shop": shop_id, "member": member_id, "kinds": sorted({*kinds}), "before": before},
    )
    return result.rowcount > 0


def since(conn: Connection, shop_id: int, member_id: int, kind: str) -> datetime | None:
    """Since when they refuse it; None when they don't."""
    found = conn.exec_driver_sql(
        "SELECT at FROM email_optouts WHERE shop_id = %(shop)s AND member_id = %(member)s AND kind = %(kind)s",
        {"shop": shop_id, "member": member_id, "kind": kind},
    )
    moment: datetime | None = found.scalar_one_or_none()
    return moment


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """One who was merged into another refused for both."""
    conn.exec_driver_sql(
        "WITH gone AS (DELETE FROM email_optouts WHERE shop_id = %(shop)s AND member_id = %(from)s RETURNING *)"
        " INSERT INTO email_optouts (shop_id, member_id, kind, at, by) SELECT shop_id, %(to)s, kind, at, by FROM gone"
        " ON CONFLICT DO NOTHING",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )
