"""Whether everything works, as the panel's Home says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits and what was given up in one queue; `oldest` has waited since then."""

    waiting: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Works:
    """What Home judges."""

    last_delivery: datetime | None
    last_topic: str
    inbox: Queue
    jobs: Queue
    failed_mails: int
    unknown_mails: int
    last_mail: datetime | None
    orders_waiting: int
    has_members: bool
    has_orders: bool


def works(conn: Connection, shop_id: int, now: datetime) -> Works:
    """What is waiting, what failed, and when something was last seen."""
    params = {"shop": shop_id}
    last = conn.exec_driver_sql(
        "SELECT received_at, topic FROM deliveries WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT 1", params
    ).one_or_none()
    mail = conn.exec_driver_sql(
        "SELECT (SELECT count(*) FROM messages WHERE shop_id = %(shop)s AND state = 'failed'),"
        " (SELECT count(*) FROM messages WHERE shop_id = %(shop)s AND state = 'unknown'),"
        " (SELECT sent_at FROM messages WHERE shop_id = %(shop)s AND state = 'sent' ORDER BY id DESC LIMIT 1),"
        " (SELECT count(*) FROM order_views WHERE shop_id = %(shop)s AND waiting_for <> ''),"
        " EXISTS (SELECT FROM members WHERE shop_id = %(shop)s),"
        " EXISTS (SELECT FROM order_views WHERE shop_id = %(shop)s)",
        params,
    ).one()
    return Works(
        last_delivery=last[0] if last else None,
        last_topic=last[1] if last else "",
        inbox=_queue(conn, shop_id, "inbox", "new", now),
        jobs=_queue(conn, shop_id, "jobs", "queued", now),
        failed_mails=mail[0],
        unknown_mails=mail[1],
        last_mail=mail[2],
        orders_waiting=mail[3],
        has_members=mail[4],
        has_orders=mail[5],
    )


def _queue(conn: Connection, shop_id: int, table: str, waiting: str, now: datetime) -> Queue:
    row = conn.exec_driver_sql(
        "SELECT count(*) FILTER (WHERE state = %(waiting)s), count(*) FILTER (WHERE state = 'failed'),"
        f" min(not_before) FILTER (WHERE state = %(waiting)s AND not_before <= %(now)s) FROM {table}"
        " WHERE shop_id = %(shop)s",
        {"shop": shop_id, "waiting": waiting, "now": now},
    ).one()
    return Queue(row[0], row[1], row[2])
