"""Whom the emails concern that come with a day: in pages by id, each in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def ordered_again(conn: Connection, shop_id: int, day: date, after: int) -> list[int]:
    """The members who ordered on a second day, which was this one."""
    rows = conn.exec_driver_sql(
        "SELECT s.member_id FROM member_stats s JOIN members m ON m.shop_id = s.shop_id AND m.id = s.member_id"
        " WHERE s.shop_id = %(shop)s AND s.member_id > %(after)s AND s.second_day = %(day)s AND m.state = 'member'"
        f" ORDER BY s.member_id LIMIT {PAGE}",
        {"shop": shop_id, "day": day, "after": after},
    )
    return [row[0] for row in rows]


def holders(conn: Connection, shop_id: int, least: int, after: int, active_since: datetime | None = None) -> list[int]:
    """The members who have so many points, pending ones among them, or of whom something was posted since a moment."""
    rows = conn.exec_driver_sql(
        "SELECT id FROM members WHERE shop_id = %(shop)s AND id > %(after)s AND state = 'member'"
        " AND (balance >= %(least)s OR last_activity_at >= %(since)s::timestamptz)"
        f" ORDER BY id LIMIT {PAGE}",
        {"shop": shop_id, "least": least, "after": after, "since": active_since},
    )
    return [row[0] for row in rows]


def times_redeemed(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """How often each member redeemed a reward and kept it, by (member, reward)."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, reward, count(*) FROM redemptions WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND points > 0 AND state <> 'released' GROUP BY 1, 2",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {(row[0], row[1]): row[2] for row in rows}


@dataclass(frozen=True, slots=True)
class Delivered:
    """An order that was sent. `asked`: its buyer was asked about it; `asked_before`: about anything, and when."""

    order_id: int
    member_id: int
    is_first: bool
    asked: bool
    asked_before: datetime | None


def delivered(
    conn: Connection, shop_id: int, placed_since: datetime, since: datetime, until: datetime, after: int
) -> list[Delivered]:
    """The orders that count, were placed since a moment, and the last of which was sent between two others; those that
    were answered about are left out."""
    rows = conn.exec_driver_sql(
        "SELECT v.order_id, f.member_id, NOT EXISTS (SELECT FROM order_facts e WHERE e.shop_id = f.shop_id"
        " AND e.member_id = f.member_id AND e.counts AND (e.day, e.order_id) < (f.day, f.order_id)), a.id IS NOT NULL,"
        " (SELECT max(o.asked_at) FROM survey_answers o WHERE o.shop_id = f.shop_id AND o.member_id = f.member_id)"
        " FROM order_views v JOIN order_facts f ON f.shop_id = v.shop_id AND f.order_id = v.order_id AND f.counts"
        " AND f.member_id IS NOT NULL LEFT JOIN survey_answers a ON a.shop_id = v.shop_id AND a.order_id = v.order_id"
        " WHERE v.shop_id = %(shop)s AND v.placed_at >= %(placed)s AND v.order_id > %(after)s"
        " AND (v.view->>'fulfilled_at')::timestamptz >= %(since)s"
        " AND (v.view->>'fulfilled_at')::timestamptz < %(until)s"
        f" AND a.answered_at IS NULL ORDER BY v.order_id LIMIT {PAGE}",
        {"shop": shop_id, "placed": placed_since, "since": since, "until": until, "after": after},
    )
    return [Delivered(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class MonthOfPoints:
    """What a month did to somebody's points: each a number from nothing up."""

    earned: int
    used: int
    expired: int
    taken_back: int


def months_of_points(
    conn: Connection, shop_id: int, member_ids: Iterable[int], since: datetime, until: datetime
) -> dict[int, MonthOfPoints]:
    """What was posted to each member between two moments; what was returned is set off against what was used."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, sum(points) FILTER (WHERE points > 0 AND kind NOT IN ('returned', 'expired_back')),"
        " -sum(points) FILTER (WHERE kind IN ('spent', 'returned')),"
        " -sum(points) FILTER (WHERE kind IN ('expired', 'expired_back')),"
        " -sum(points) FILTER (WHERE points < 0 AND kind NOT IN ('spent', 'expired'))"
        " FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND effective_at >= %(since)s"
        " AND effective_at < %(until)s GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "since": since, "until": until},
    )
    return {row[0]: MonthOfPoints(*(max(0, int(value or 0)) for value in row[1:])) for row in rows}
