"""Whom the emails concern that come with a day: in pages by id, each in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection

PAGE = 500


def codes_ending(conn: Connection, shop_id: int, since: datetime, until: datetime, after: int) -> list[tuple[int, int]]:
    """(redemption, member) of the unused codes that end after one moment, and not after another."""
    rows = conn.exec_driver_sql(
        "SELECT id, member_id FROM redemptions WHERE shop_id = %(shop)s AND id > %(after)s AND state = 'reserved'"
        " AND code_state = 'created' AND expires_at > %(since)s AND expires_at <= %(until)s"
        f" ORDER BY id LIMIT {PAGE}",
        {"shop": shop_id, "since": since, "until": until, "after": after},
    )
    return [(row[0], row[1]) for row in rows]


def quiet_since(conn: Connection, shop_id: int, day: date, after: int) -> list[int]:
    """The members whose last order that counts was on this day."""
    rows = conn.exec_driver_sql(
        "SELECT s.member_id FROM member_stats s JOIN members m ON m.shop_id = s.shop_id AND m.id = s.member_id"
        " WHERE s.shop_id = %(shop)s AND s.member_id > %(after)s AND s.last_day = %(day)s AND m.state = 'member'"
        f" ORDER BY s.member_id LIMIT {PAGE}",
        {"shop": shop_id, "day": day, "after": after},
    )
    return [row[0] for row in rows]


def last_ordered(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, date]:
    """The day of each member's last order that counts, or that is only not paid yet."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, max(day) FROM order_facts WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND (counts OR why_not = 'not_paid') GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: row[1] for row in rows}
