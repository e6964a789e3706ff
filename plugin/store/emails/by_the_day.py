"""Whom the emails concern that come with a day: in pages by id, each in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

PAGE = 500


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of an answer: a page from an id on; or all of one member's (`only`)."""

    after: int = 0
    only: int | None = None

    def where(self, key: str, member: str) -> str:
        """The condition, by the columns of the id and of the member."""
        paged = f"{key} > %(after)s"
        return paged if self.only is None else f"{paged} AND {member} = %(only)s"

    @property
    def params(self) -> dict[str, object]:
        """Its values."""
        return {"after": self.after, "only": self.only}


@dataclass(frozen=True, slots=True)
class CodeEnding:
    """An unused code that ends."""

    redemption_id: int
    member_id: int
    ends_at: datetime


def codes_ending(conn: Connection, shop_id: int, since: datetime, until: datetime, part: Part) -> list[CodeEnding]:
    """The unused codes that end after one moment, and not after another."""
    rows = conn.exec_driver_sql(
        "SELECT id, member_id, expires_at FROM redemptions WHERE shop_id = %(shop)s"
        f" AND {part.where('id', 'member_id')} AND state = 'reserved'"
        " AND code_state = 'created' AND expires_at > %(since)s AND expires_at <= %(until)s"
        f" ORDER BY id LIMIT {PAGE}",
        {"shop": shop_id, "since": since, "until": until, **part.params},
    )
    return [CodeEnding(*row) for row in rows]


def quiet_since(conn: Connection, shop_id: int, since: date, until: date, part: Part) -> list[tuple[int, date]]:
    """The members whose last order that counts was on one of these days, with the day."""
    return _ordered_on(conn, shop_id, "s.last_day", since, until, part)


def _ordered_on(
    conn: Connection, shop_id: int, day: str, since: date, until: date, part: Part
) -> list[tuple[int, date]]:
    rows = conn.exec_driver_sql(
        f"SELECT s.member_id, {day} FROM member_stats s JOIN members m ON m.shop_id = s.shop_id AND m.id = s.member_id"
        f" WHERE s.shop_id = %(shop)s AND {part.where('s.member_id', 's.member_id')}"
        f" AND {day} BETWEEN %(since)s AND %(until)s AND m.state = 'member' ORDER BY s.member_id LIMIT {PAGE}",
        {"shop": shop_id, "since": since, "until": until, **part.params},
    )
    return [(row[0], row[1]) for row in rows]


def last_ordered(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, date]:
    """The day of each member's last order that counts, or that is only not paid yet."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, max(day) FROM order_facts WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND (counts OR why_not = 'not_paid') GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: row[1] for row in rows}


def ordered_again(conn: Connection, shop_id: int, since: date, until: date, part: Part) -> list[tuple[int, date]]:
    """The members who ordered on a second day, which was one of these, with the day."""
    return _ordered_on(conn, shop_id, "s.second_day", since, until, part)


_POSTED = (
    " EXISTS (SELECT FROM entries e WHERE e.shop_id = members.shop_id AND e.member_id = members.id"
    " AND e.effective_at >= %(since)s)"
)


def holders(conn: Connection, shop_id: int, least: int, part: Part) -> list[int]:
    """The members who have so many points, pending ones among them."""
    return _members(conn, shop_id, "balance >= %(least)s", {"least": least}, part)


def with_a_month(conn: Connection, shop_id: int, since: datetime, until: datetime, part: Part) -> list[int]:
    """The members who joined before the end of a month, and have points, or of whom something was posted since its
    beginning."""
    where = f"joined_at < %(until)s AND (balance > 0 OR{_POSTED})"
    return _members(conn, shop_id, where, {"since": since, "until": until}, part)


def _members(conn: Connection, shop_id: int, where: str, values: dict[str, object], part: Part) -> list[int]:
    rows = conn.exec_driver_sql(
        f"SELECT id FROM members WHERE shop_id = %(shop)s AND {part.where('id', 'id')} AND state = 'member'"
        f" AND {where} ORDER BY id LIMIT {PAGE}",
        {"shop": shop_id, **values, **part.params},
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
    placed_at: datetime
    fulfilled_at: datetime
    is_first: bool
    asked: bool
    asked_before: datetime | None


def delivered(
    conn: Connection, shop_id: int, placed_since: datetime, since: datetime, until: datetime, part: Part
) -> list[Delivered]:
    """The orders that count, were placed since a moment, and the last of which was sent between two others; those that
    were answered about are left out."""
    rows = conn.exec_driver_sql(
        "SELECT v.order_id, f.member_id, v.placed_at, (v.view->>'fulfilled_at')::timestamptz,"
        " NOT EXISTS (SELECT FROM order_facts e WHERE e.shop_id = f.shop_id"
        " AND e.member_id = f.member_id AND e.counts AND (e.day, e.order_id) < (f.day, f.order_id)), a.id IS NOT NULL,"
        " (SELECT max(o.asked_at) FROM survey_answers o WHERE o.shop_id = f.shop_id AND o.member_id = f.member_id)"
        " FROM order_views v JOIN order_facts f ON f.shop_id = v.shop_id AND f.order_id = v.order_id AND f.counts"
        " AND f.member_id IS NOT NULL LEFT JOIN survey_answers a ON a.shop_id = v.shop_id AND a.order_id = v.order_id"
        f" WHERE v.shop_id = %(shop)s AND v.placed_at >= %(placed)s AND {part.where('v.order_id', 'f.member_id')}"
        " AND (v.view->>'fulfilled_at')::timestamptz >= %(since)s"
        " AND (v.view->>'fulfilled_at')::timestamptz < %(until)s"
        f" AND a.answered_at IS NULL ORDER BY v.order_id LIMIT {PAGE}",
        {"shop": shop_id, "placed": placed_since, "since": since, "until": until, **part.params},
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
