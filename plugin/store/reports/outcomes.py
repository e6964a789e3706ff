"""How the programme does by day: computed from facts and entries, and kept in `shop_days` where these are many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.retention.outcomes import NAMES, NOTHING, OF_KIND, Figures, Period
from plugin.store.database import bulk

FEW: Final = 2_000
"""With no more orders, entries or members than this, everything is computed as it is asked for."""
_MEMBERS: Final = "('member', 'left')"
"""Who was a member when they ordered is counted as one though they left since."""
JUDGED_ORDERS: Final = (
    "SELECT t.order_id, t.day, t.net_minor, t.currency, t.member_id, t.currency = %(currency)s AS own,"
    f" coalesce(m.state IN {_MEMBERS} AND (m.joined_at AT TIME ZONE %(zone)s)::date <= t.day, false) AS by_member,"
    " t.reward_discount_minor > 0 OR EXISTS (SELECT FROM redemptions r WHERE r.shop_id = t.shop_id"
    " AND r.captured_by_order = t.order_id AND r.reward <> 'next_order_code') AS with_code"
    " FROM order_facts t LEFT JOIN members m ON m.id = t.member_id AND m.shop_id = t.shop_id"
    " WHERE t.shop_id = %(shop)s AND t.day BETWEEN %(first)s AND %(last)s AND t.counts"
)
"""The orders of a period that count: whether a member placed each, and whether it carries a code of ours."""
_ORDERS = (
    "SELECT f.day, count(*), coalesce(sum(f.net_minor) FILTER (WHERE f.own), 0), count(*) FILTER (WHERE f.by_member),"
    " coalesce(sum(f.net_minor) FILTER (WHERE f.own AND f.by_member), 0), count(*) FILTER (WHERE f.with_code),"
    " coalesce(sum(f.net_minor) FILTER (WHERE f.own AND f.with_code), 0)"
    f" FROM ({JUDGED_ORDERS}) f GROUP BY f.day"
)
BETWEEN: Final = ">= %(from)s AND {0} < %(until)s"
"""Within the moments that `bounds` gives, which are plain values, so that the planner knows how much that is."""
_POINTS = (
    "SELECT (effective_at AT TIME ZONE %(zone)s)::date, kind, sum(points) FROM entries WHERE shop_id = %(shop)s"
    f" AND effective_at {BETWEEN.format('effective_at')} GROUP BY 1, 2"
)
_JOINED = (
    "SELECT (joined_at AT TIME ZONE %(zone)s)::date, count(*) FROM members WHERE shop_id = %(shop)s"
    f" AND state IN {_MEMBERS} AND joined_at {BETWEEN.format('joined_at')} GROUP BY 1"
)
_OF_ORDERS = ("orders", "net_minor", "member_orders", "member_net_minor", "code_orders", "code_net_minor")


@dataclass(frozen=True, slots=True)
class By:
    """By what days and money are counted: the zone of the shop's days, and its currency."""

    zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class People:
    """How many members there are now, how many guests, and how many members in each tier, by its key."""

    members: int
    guests: int
    tiers: Mapping[str, int]


def bounds(period: Period, by: By) -> dict[str, object]:
    """The days of the period, the moments at which they begin and are over, and by what days and money are counted."""
    zone = ZoneInfo(by.zone)
    return {
        "first": period.first,
        "last": period.last,
        "from": datetime.combine(period.first, time(), zone),
        "until": datetime.combine(period.last + timedelta(days=1), time(), zone),
        "zone": by.zone,
        "currency": by.currency,
    }


def compute(conn: Connection, shop_id: int, period: Period, by: By) -> dict[date, Figures]:
    """The days on which anything happened, counted now."""
    values = {"shop": shop_id, **bounds(period, by)}
    found: dict[date, dict[str, int]] = {}
    for row in conn.exec_driver_sql(_ORDERS, values):
        found[row[0]] = {name: int(value) for name, value in zip(_OF_ORDERS, row[1:], strict=True)}
    for day, kind, points in conn.exec_driver_sql(_POINTS, values):
        at, column = found.setdefault(day, {}), OF_KIND[kind]
        if column in NAMES:
            at[column] = at.get(column, 0) + int(points)
    for day, joined in conn.exec_driver_sql(_JOINED, values):
        found.setdefault(day, {})["joined"] = joined
    return {day: Figures(**at) for day, at in found.items()}


def read(conn: Connection, shop_id: int, period: Period, by: By, fresh: Period) -> dict[date, Figures]:
    """The days of the period: counted now where that is little, else as they are kept, with the days of `fresh`
    counted now if there is little on these."""
    if _is_little(conn, shop_id, period, by):
        return compute(conn, shop_id, period, by)
    found = kept(conn, shop_id, period)
    if _is_little(conn, shop_id, fresh, by):
        found = {day: each for day, each in found.items() if not fresh.first <= day <= fresh.last}
        found |= compute(conn, shop_id, fresh, by)
    return found


def _is_little(conn: Connection, shop_id: int, period: Period, by: By) -> bool:
    values = {"shop": shop_id, **bounds(period, by), "most": FEW + 1}
    row = conn.exec_driver_sql(
        "SELECT (SELECT count(*) FROM (SELECT FROM order_facts WHERE shop_id = %(shop)s"
        " AND day BETWEEN %(first)s AND %(last)s LIMIT %(most)s) f),"
        " (SELECT count(*) FROM (SELECT FROM entries WHERE shop_id = %(shop)s"
        f" AND effective_at {BETWEEN.format('effective_at')} LIMIT %(most)s) e),"
        " (SELECT count(*) FROM (SELECT FROM members WHERE shop_id = %(shop)s"
        f" AND joined_at {BETWEEN.format('joined_at')} LIMIT %(most)s) m)",
        values,
    ).one()
    return all(number <= FEW for number in row)


def kept(conn: Connection, shop_id: int, period: Period) -> dict[date, Figures]:
    """The days as they were last computed."""
    rows = conn.exec_driver_sql(
        f"SELECT day, {', '.join(NAMES)} FROM shop_days WHERE shop_id = %(shop)s"
        " AND day BETWEEN %(first)s AND %(last)s",
        {"shop": shop_id, "first": period.first, "last": period.last},
    )
    return {row[0]: Figures(*(int(value) for value in row[1:])) for row in rows}


def keep(conn: Connection, shop_id: int, days: Iterable[date], found: Mapping[date, Figures]) -> None:
    """Keep what was computed of these days; a day with nothing on it has no row."""
    wanted = sorted(set(days))
    rows = [{"day": day, **{name: getattr(found[day], name) for name in NAMES}} for day in wanted
            if found.get(day, NOTHING) != NOTHING]  # fmt: skip
    conn.exec_driver_sql(
        "DELETE FROM shop_days WHERE shop_id = %(shop)s AND day = ANY(%(days)s::date[])",
        {"shop": shop_id, "days": wanted},
    )
    if rows:
        types = ", ".join(f"{name} bigint" for name in NAMES)
        conn.exec_driver_sql(
            f"INSERT INTO shop_days (shop_id, day, {', '.join(NAMES)}) SELECT %(shop)s, day, {', '.join(NAMES)}"
            f" FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(day date, {types})",
            {"shop": shop_id, "rows": bulk.to_json(rows)},
        )


def forget_days(conn: Connection, shop_id: int, before: date | None = None) -> None:
    """Remove what is kept: all of it, or what is older than a day."""
    conn.exec_driver_sql(
        "DELETE FROM shop_days WHERE shop_id = %(shop)s AND (%(before)s::date IS NULL OR day < %(before)s)",
        {"shop": shop_id, "before": before},
    )


def mark(conn: Connection, shop_id: int, days: Sequence[date]) -> None:
    """Have these days computed again."""
    conn.exec_driver_sql(
        "INSERT INTO days_dirty (shop_id, day) SELECT %(shop)s, unnest(%(days)s::date[])",
        {"shop": shop_id, "days": list(days)},
    )


def any_marks(conn: Connection, shop_id: int) -> bool:
    """Whether a day is to be computed again."""
    found = conn.exec_driver_sql("SELECT EXISTS (SELECT FROM days_dirty WHERE shop_id = %(s)s)", {"s": shop_id})
    return bool(found.scalar_one())


def take_marks(conn: Connection, shop_id: int, most: int) -> list[date]:
    """Take the marks of the newest marked days away, of at most so many days; what is marked from now on stays."""
    rows = conn.exec_driver_sql(
        "DELETE FROM days_dirty WHERE shop_id = %(shop)s AND day = ANY(ARRAY(SELECT DISTINCT day FROM days_dirty"
        " WHERE shop_id = %(shop)s ORDER BY day DESC LIMIT %(most)s)) RETURNING day",
        {"shop": shop_id, "most": most},
    )
    return sorted(set(rows.scalars()))


def people(conn: Connection, shop_id: int, settings: Mapping[str, Any]) -> People:
    """As they are, where there are few; else as they were last counted."""
    few = conn.exec_driver_sql(
        "SELECT count(*) FROM (SELECT FROM members WHERE shop_id = %(shop)s LIMIT %(most)s) m",
        {"shop": shop_id, "most": FEW + 1},
    ).scalar_one()
    known = settings.get(PEOPLE)
    if few <= FEW or not known:
        return count_people(conn, shop_id)
    return People(int(known["members"]), int(known["guests"]), dict(known["tiers"]))


PEOPLE: Final = "people_counted"
"""The shop's setting in which the last count of its people stands."""


def count_people(conn: Connection, shop_id: int) -> People:
    """Count them all."""
    values = {"shop": shop_id}
    row = conn.exec_driver_sql(
        "SELECT count(*) FILTER (WHERE state = 'member'), count(*) FILTER (WHERE state = 'guest') FROM members"
        " WHERE shop_id = %(shop)s",
        values,
    ).one()
    tiers = conn.exec_driver_sql(
        "SELECT t.tier, count(*) FROM member_tiers t JOIN members m ON m.id = t.member_id AND m.shop_id = t.shop_id"
        " WHERE t.shop_id = %(shop)s AND t.tier <> '' AND m.state = 'member' GROUP BY 1",
        values,
    )
    return People(row[0], row[1], {row[0]: row[1] for row in tiers})
