"""What the panel's Home shows: figures of a day, and whether everything works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.reports import buyers


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened since a moment. `orders` are those that count, and `order_net_minor` what is kept of them, in the
    shop's currency; `points_earned` and `points_taken_back` are both positive."""

    orders: int
    order_net_minor: int
    points_earned: int
    points_taken_back: int
    codes: int
    codes_used: int
    mails: int


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


def figures(conn: Connection, shop_id: int, since: datetime, currency: str) -> Figures:
    """Orders placed, points, codes and mails since midnight in the shop.

    Points of orders of long ago that came in today are not today's.
    """
    params = {"shop": shop_id, "since": since}
    orders = buyers.ordered_on(conn, shop_id, since.date(), currency)
    points = conn.exec_driver_sql(
        "SELECT coalesce(sum(points) FILTER (WHERE points > 0), 0),"
        " coalesce(-sum(points) FILTER (WHERE points < 0), 0) FROM entries"
        " WHERE shop_id = %(shop)s AND created_at >= %(since)s AND effective_at >= %(since)s AND kind <> 'merged'",
        params,
    ).one()
    codes = conn.exec_driver_sql(
        "SELECT count(*), count(*) FILTER (WHERE state = 'captured') FROM redemptions"
        " WHERE shop_id = %(shop)s AND created_at >= %(since)s",
        params,
    ).one()
    mails = conn.exec_driver_sql(
        "SELECT count(*) FROM messages WHERE shop_id = %(shop)s AND state = 'sent' AND sent_at >= %(since)s"
        " AND id > coalesce((SELECT max(id) - 20000 FROM messages WHERE shop_id = %(shop)s AND state = 'sent'), 0)",
        params,
    ).one()
    return Figures(*orders, int(points[0]), int(points[1]), codes[0], codes[1], mails[0])


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
