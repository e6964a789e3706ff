"""From which app members were brought, and how many points they had ever earned there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Origin:
    """`lifetime_points` count for tiers that count points of a lifetime, from `brought_at` on."""

    source: str
    lifetime_points: int
    brought_at: datetime


def add(
    conn: Connection, shop_id: int, points: Mapping[int, int], source: str, import_id: int, now: datetime
) -> set[int]:
    """Keep the points; answers of whom nothing was kept before. Who was brought once keeps what was said then."""
    rows = conn.exec_driver_sql(
        "INSERT INTO member_origins (shop_id, member_id, source, lifetime_points, import_id, brought_at)"
        " SELECT %(shop)s, p.member, %(source)s, p.points, %(id)s, %(now)s"
        " FROM unnest(%(members)s::bigint[], %(points)s::bigint[]) AS p(member, points)"
        " ON CONFLICT DO NOTHING RETURNING member_id",
        {"shop": shop_id, "members": list(points), "points": list(points.values()), "source": source,
         "id": import_id, "now": now},
    )  # fmt: skip
    return {row[0] for row in rows}


def of(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, Origin]:
    """Where these members were brought from, of those who were."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, source, lifetime_points, brought_at FROM member_origins"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s::bigint[])",
        {"shop": shop_id, "ids": list(member_ids)},
    )
    return {row[0]: Origin(*row[1:]) for row in rows}


def remove(conn: Connection, shop_id: int, import_id: int, member_ids: Iterable[int]) -> set[int]:
    """Forget what a file said of these members; answers of whom it had."""
    rows = conn.exec_driver_sql(
        "DELETE FROM member_origins WHERE shop_id = %(shop)s AND import_id = %(id)s"
        " AND member_id = ANY(%(ids)s::bigint[]) RETURNING member_id",
        {"shop": shop_id, "id": import_id, "ids": list(member_ids)},
    )
    return {row[0] for row in rows}


def move(conn: Connection, shop_id: int, removed: int, kept: int) -> None:
    """Two accounts of one person earned there together."""
    params = {"shop": shop_id, "removed": removed, "kept": kept}
    conn.exec_driver_sql(
        "INSERT INTO member_origins AS o (shop_id, member_id, source, lifetime_points, import_id, brought_at)"
        " SELECT shop_id, %(kept)s, source, lifetime_points, import_id, brought_at FROM member_origins"
        " WHERE shop_id = %(shop)s AND member_id = %(removed)s ON CONFLICT (shop_id, member_id)"
        " DO UPDATE SET lifetime_points = o.lifetime_points + excluded.lifetime_points",
        params,
    )
    conn.exec_driver_sql("DELETE FROM member_origins WHERE shop_id = %(shop)s AND member_id = %(removed)s", params)
