"""Points whose pending window is over: on which day that was, and how many of them are left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection


def usable_from(conn: Connection, shop_id: int, lot_ids: Iterable[int]) -> dict[int, datetime]:
    """When the points of each lot could be spent."""
    rows = conn.exec_driver_sql(
        "SELECT id, available_at FROM lots WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(lot_ids)},
    )
    return {row[0]: row[1] for row in rows}


def left_of_days(
    conn: Connection, shop_id: int, wanted: Iterable[tuple[int, date]], zone: str, now: datetime
) -> dict[tuple[int, date], int]:
    """What is left of the points of a member that were pending until a day, as the calendar of the zone has it."""
    pairs = list(wanted)
    rows = conn.exec_driver_sql(
        "SELECT l.member_id, w.day, sum(l.points_left) FROM unnest(%(ids)s::bigint[], %(days)s::date[]) AS w(id, day)"
        " JOIN lots l ON l.shop_id = %(shop)s AND l.member_id = w.id AND l.points_left > 0"
        " AND l.available_at > l.earned_at AND l.available_at <= %(now)s"
        " AND (l.available_at AT TIME ZONE %(zone)s)::date = w.day"
        " AND (l.expires_at IS NULL OR l.expires_at > %(now)s) GROUP BY 1, 2",
        {
            "shop": shop_id,
            "ids": [member for member, _ in pairs],
            "days": [day for _, day in pairs],
            "zone": zone,
            "now": now,
        },
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}
