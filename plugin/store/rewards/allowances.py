"""What members' orders deserve before the limits of a period, and what they were given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Given:
    """One order as it is stored: when it was placed, by which version it is judged, its points before and after."""

    order_id: int
    at: datetime
    version: int
    before: int
    after: int


def given(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, list[Given]]:
    """Per member every order that deserves anything."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, order_id, placed_at, (snapshot->>'version')::int, coalesce(before_limits, deserved),"
        " deserved FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND placed_at IS NOT NULL AND snapshot IS NOT NULL AND (deserved > 0 OR before_limits > 0)",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    found: dict[int, list[Given]] = {}
    for member_id, *values in rows:
        found.setdefault(member_id, []).append(Given(*values))
    return found


def members(conn: Connection, shop_id: int) -> list[int]:
    """Everyone who has an order."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT member_id FROM order_views WHERE shop_id = %(shop)s AND member_id IS NOT NULL",
        {"shop": shop_id},
    )
    return [row[0] for row in rows]
