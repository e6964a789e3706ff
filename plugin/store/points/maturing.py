"""Lots whose pending window ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection


def announce(conn: Connection, shop_id: int, now: datetime, limit: int) -> list[tuple[int, int, int]]:
    """Mark up to `limit` lots whose pending window has ended; answers (lot, its member, points left), members locked.

    One whose member somebody else works on is passed over until the next time.
    """
    rows = conn.exec_driver_sql(
        "WITH due AS MATERIALIZED (SELECT id, member_id FROM lots WHERE shop_id = %(shop)s AND NOT announced"
        " AND available_at <= %(now)s LIMIT %(limit)s), held AS MATERIALIZED (SELECT id FROM members"
        " WHERE shop_id = %(shop)s AND id = ANY(ARRAY(SELECT member_id FROM due)) ORDER BY id FOR UPDATE SKIP LOCKED)"
        " UPDATE lots SET announced = true WHERE shop_id = %(shop)s AND NOT announced AND id = ANY(ARRAY("
        "SELECT due.id FROM due JOIN held ON held.id = due.member_id)) RETURNING id, member_id, points_left",
        {"shop": shop_id, "now": now, "limit": limit},
    )
    return sorted((row[0], row[1], row[2]) for row in rows)
