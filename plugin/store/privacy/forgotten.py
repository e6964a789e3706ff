"""Who and what was forgotten: marks of people, and numbers of orders that stay as they are from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

_LOCK = "SELECT pg_advisory_xact_lock{}(%(shop)s::int, hashtext('forgotten'))"


def share(conn: Connection, shop_id: int) -> bool:
    """Nobody is forgotten until this transaction ends; says whether anybody was before.

    Whoever may write down who somebody is asks this first, before any other lock.
    """
    conn.exec_driver_sql(_LOCK.format("_shared"), {"shop": shop_id})
    row = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM forgotten WHERE shop_id = %(shop)s)", {"shop": shop_id}
    ).one()
    return bool(row[0])


def alone(conn: Connection, shop_id: int) -> None:
    """Wait for those who `share`, no longer than for any lock, and hold up others until this transaction ends."""
    conn.exec_driver_sql(_LOCK.format(""), {"shop": shop_id})


def remember(conn: Connection, shop_id: int, subjects: Iterable[int], at: datetime) -> None:
    """From now on these are forgotten; what was before stays with the later moment."""
    conn.exec_driver_sql(
        "INSERT INTO forgotten (shop_id, subject, at) SELECT %(shop)s, unnest(%(subjects)s::bigint[]), %(at)s"
        " ON CONFLICT (shop_id, subject) DO UPDATE SET at = greatest(forgotten.at, excluded.at)",
        {"shop": shop_id, "subjects": sorted(set(subjects)), "at": at},
    )


def moments(conn: Connection, shop_id: int, subjects: Iterable[int]) -> dict[int, datetime]:
    """Which of these were forgotten, and when."""
    rows = conn.exec_driver_sql(
        "SELECT subject, at FROM forgotten WHERE shop_id = %(shop)s AND subject = ANY(%(subjects)s)",
        {"shop": shop_id, "subjects": sorted(set(subjects))},
    )
    return {row[0]: row[1] for row in rows}


def since(conn: Connection, shop_id: int, moment: datetime, after: int, limit: int) -> list[tuple[int, datetime]]:
    """Everything that was forgotten since then, by number, `after` one."""
    rows = conn.exec_driver_sql(
        "SELECT subject, at FROM forgotten WHERE shop_id = %(shop)s AND at >= %(since)s AND subject > %(after)s"
        " ORDER BY subject LIMIT %(limit)s",
        {"shop": shop_id, "since": moment, "after": after, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]


def frozen_orders(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> set[int]:
    """Which of these orders belong to nobody any more: their member was forgotten, or they were themselves."""
    rows = conn.exec_driver_sql(
        "SELECT o.order_id FROM order_views o JOIN members m ON m.shop_id = o.shop_id AND m.id = o.member_id"
        " WHERE o.shop_id = %(shop)s AND o.order_id = ANY(%(ids)s) AND m.state = 'erased'"
        " UNION ALL SELECT subject FROM forgotten WHERE shop_id = %(shop)s AND subject = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return {row[0] for row in rows}
