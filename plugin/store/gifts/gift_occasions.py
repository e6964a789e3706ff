"""Who a rule of the programme is to give something to now: asked of all members at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.gifts.automatic_rules import Birthday, Frequent, Lapsed, Milestone, TierEntry
from plugin.rules.gifts.milestones import Placed
from plugin.rules.subjects import Order
from plugin.store.database import subject_sql

ALIVE = "m.state IN ('member', 'guest')"
MAY_BE_LOOKED_AT = f"{ALIVE} AND NOT m.no_profiling"
"""For what is given by what somebody bought or did not: not to those who said no to that."""
_HAS_NOT = (
    "NOT EXISTS (SELECT FROM gifts g WHERE g.shop_id = %(shop)s AND g.rule = %(rule)s AND g.member_id = m.id AND {})"
)
_MAY_HAVE = (
    "(%(per_member)s::bigint IS NULL OR %(per_member)s > (SELECT count(*) FROM gifts c WHERE c.shop_id = %(shop)s"
    " AND c.rule = %(rule)s AND c.member_id = m.id AND c.state = 'given'"
    " AND (%(cap_since)s::date IS NULL OR c.day > %(cap_since)s)))"
)
_ORDER_OF_CHANGE = (
    "(SELECT (v.payload->>'order')::bigint FROM events v WHERE v.shop_id = e.shop_id AND v.member_id = e.member_id"
    " AND v.kind = 'tier_reached' AND v.happened_at = e.at LIMIT 1)"
)
"""The order that brought about a change of tier `e`: its event knows."""
THIS_ORDER = f"g.occasion = {subject_sql.written(Order, 'o.order_id')}"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One member and what happened, by the key under which it gives something once; `order` brought it about."""

    member_id: int
    key: str
    at: datetime
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Days and moments of one look: from when it counts, until when, and since when a member's gifts are counted.

    `since` is None where there is no such bound.
    """

    zone: str
    since: datetime | None
    until: datetime
    cap_since: date | None
    limit: int


def _params(shop_id: int, rule: TierEntry | Birthday | Lapsed | Frequent, bounds: Bounds) -> dict[str, Any]:
    return {
        "shop": shop_id,
        "rule": rule.id,
        "per_member": rule.per_member,
        "cap_since": bounds.cap_since,
        "zone": bounds.zone,
        "since": bounds.since,
        "until": bounds.until,
        "limit": bounds.limit,
    }


def _occasions(conn: Connection, sql: str, params: dict[str, Any]) -> list[Occasion]:
    return [Occasion(*row) for row in conn.exec_driver_sql(sql, params)]


def lapsed(conn: Connection, shop_id: int, rule: Lapsed, bounds: Bounds) -> list[Occasion]:
    """Members whose newest order was placed within the bounds: its number is the occasion."""
    return _occasions(
        conn,
        f"SELECT m.id, {subject_sql.written(Order, 'o.order_id')}, o.placed_at FROM order_views o"
        " JOIN members m ON m.shop_id = o.shop_id AND m.id = o.member_id"
        f" WHERE o.shop_id = %(shop)s AND {MAY_BE_LOOKED_AT} AND NOT o.deleted AND o.placed_at < %(until)s"
        " AND (%(since)s::timestamptz IS NULL OR o.placed_at >= %(since)s)"
        " AND EXISTS (SELECT FROM order_views c WHERE c.shop_id = %(shop)s AND c.member_id = m.id"
        " AND c.counted_minor > 0)"
        " AND NOT EXISTS (SELECT FROM order_views l WHERE l.shop_id = %(shop)s AND l.member_id = m.id"
        " AND NOT l.deleted AND (l.placed_at, l.order_id) > (o.placed_at, o.order_id))"
        f" AND {_HAS_NOT.format(THIS_ORDER)} AND {_MAY_HAVE}"
        " ORDER BY o.placed_at, o.order_id LIMIT %(limit)s",
        _params(shop_id, rule, bounds),
    )


def frequent(conn: Connection, shop_id: int, rule: Frequent, bounds: Bounds) -> list[Occasion]:
    """Per member the first order within the bounds that completes the number, outside the pause of earlier gifts."""
    params = _params(shop_id, rule, bounds)
    params |= {"back": rule.orders - 1, "days": rule.days, "cooldown": rule.cooldown_days}
    local = "(({}) AT TIME ZONE %(zone)s)::date"
    pause = f"abs({local.format('g.at')} - p.day) < %(cooldown)s"
    return _occasions(
        conn,
        "WITH placed AS (SELECT member_id, order_id, placed_at,"
        f" {local.format('placed_at')} AS day, lag(placed_at, %(back)s) OVER w AS first FROM order_views"
        " WHERE shop_id = %(shop)s AND member_id IS NOT NULL AND NOT deleted AND counted_minor > 0"
        " AND placed_at >= %(since)s::timestamptz - make_interval(days => %(days)s + 1)"
        " WINDOW w AS (PARTITION BY member_id ORDER BY placed_at, order_id)), due AS ("
        f" SELECT DISTINCT ON (m.id) m.id, {subject_sql.written(Order, 'p.order_id')}, p.placed_at, p.order_id"
        " FROM placed p"
        " JOIN members m ON m.shop_id = %(shop)s AND m.id = p.member_id"
        f" WHERE {MAY_BE_LOOKED_AT} AND p.first IS NOT NULL AND p.day - {local.format('p.first')} < %(days)s"
        f" AND p.placed_at >= %(since)s AND {_HAS_NOT.format(pause)} AND {_MAY_HAVE}"
        " ORDER BY m.id, p.placed_at, p.order_id) SELECT * FROM due ORDER BY placed_at LIMIT %(limit)s",
        params,
    )


def entered(
    conn: Connection, shop_id: int, rule: TierEntry, tiers_from: Sequence[str], once: bool, bounds: Bounds
) -> list[Occasion]:
    """Members whose orders brought them to the tier, or past it; once ever, or once a year of the shop."""
    params = _params(shop_id, rule, bounds) | {"above": list(tiers_from), "once": once}
    cycle = "CASE WHEN %(once)s THEN 'once' ELSE extract(year FROM e.at AT TIME ZONE %(zone)s)::int::text END"
    return _occasions(
        conn,
        f"SELECT * FROM (SELECT DISTINCT ON (m.id, {cycle}) m.id, {cycle}, e.at, {_ORDER_OF_CHANGE} FROM tier_changes e"
        " JOIN members x ON x.shop_id = e.shop_id AND x.id = e.member_id"
        " JOIN members m ON m.shop_id = e.shop_id AND m.id = coalesce(x.merged_into, x.id)"
        f" WHERE e.shop_id = %(shop)s AND {ALIVE} AND e.because = 'order' AND e.at >= %(since)s"
        " AND e.to_tier = ANY(%(above)s) AND NOT e.from_tier = ANY(%(above)s)"
        f" AND {_HAS_NOT.format('g.occasion = ' + cycle)} AND {_MAY_HAVE}"
        f" ORDER BY m.id, {cycle}, e.id) AS due ORDER BY at LIMIT %(limit)s",
        params,
    )


def tier_gifts_to_change(
    conn: Connection,
    shop_id: int,
    rule_id: str,
    tiers_from: Sequence[str],
    rewards: Sequence[str],
    since: datetime,
    limit: int,
) -> list[int]:
    """Gifts for a tier that refunds took away, and those taken back for a tier that orders brought back.

    Of the latter those of which something can be given again: points, or one of these `rewards`.
    """
    rows = conn.exec_driver_sql(
        "SELECT g.id FROM gifts g JOIN LATERAL (SELECT to_tier, because, at FROM tier_changes e"
        " WHERE e.shop_id = g.shop_id AND e.member_id = g.member_id ORDER BY id DESC LIMIT 1) e ON true"
        " WHERE g.shop_id = %(shop)s AND g.rule = %(rule)s AND e.at >= g.at AND e.at >= %(since)s"
        " AND NOT EXISTS (SELECT FROM members m WHERE m.shop_id = g.shop_id AND m.id = g.member_id"
        " AND m.merged_into IS NOT NULL)"  # what both had, and one of them lost when they became one
        " AND NOT EXISTS (SELECT FROM gifts n WHERE n.shop_id = g.shop_id AND n.rule = g.rule"
        " AND n.member_id = g.member_id AND n.id > g.id)"
        " AND CASE g.state WHEN 'given' THEN e.because = 'refund' AND NOT e.to_tier = ANY(%(above)s)"
        " ELSE e.because = 'order' AND e.to_tier = ANY(%(above)s)"
        " AND (g.terms->'points' > '0' OR g.terms->>'reward' = ANY(%(rewards)s)) END ORDER BY g.id LIMIT %(limit)s",
        {
            "shop": shop_id,
            "rule": rule_id,
            "above": list(tiers_from),
            "rewards": list(rewards),
            "since": since,
            "limit": limit,
        },
    )
    return [row[0] for row in rows]


def orders_of_tiers(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, int]:
    """The order that brought each member to their tier with its newest change, where one did."""
    rows = conn.exec_driver_sql(
        f"SELECT DISTINCT ON (e.member_id) e.member_id, {_ORDER_OF_CHANGE} FROM tier_changes e"
        " WHERE e.shop_id = %(shop)s AND e.member_id = ANY(%(ids)s) ORDER BY e.member_id, e.id DESC",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: row[1] for row in rows if row[1] is not None}


def birthdays(
    conn: Connection, shop_id: int, rule: Birthday, member_ids: Iterable[int], day: date, at: datetime, bounds: Bounds
) -> list[Occasion]:
    """Of these members, those who have not had this year's yet."""
    params = _params(shop_id, rule, bounds) | {"ids": sorted(set(member_ids)), "key": str(day.year), "at": at}
    return _occasions(
        conn,
        f"SELECT m.id, %(key)s::text, %(at)s::timestamptz FROM members m WHERE m.shop_id = %(shop)s AND {ALIVE}"
        f" AND m.id = ANY(%(ids)s) AND {_HAS_NOT.format('g.occasion = %(key)s')} AND {_MAY_HAVE}"
        " ORDER BY m.id LIMIT %(limit)s",
        params,
    )


_BEFORE_ALL = (
    "(o.counted_minor = 0 AND NOT o.deleted AND o.financial_status IN ('paid', 'partially_refunded')"
    " AND o.explanation->0->>0 IN ('before_programme', 'before_launch'))"
)


def placed(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, list[Placed]]:
    """Per member the orders of which something counts, and those that came before the day from which orders count."""
    rows = conn.exec_driver_sql(
        f"SELECT o.member_id, o.order_id, o.placed_at, o.counted_minor, {_BEFORE_ALL} FROM order_views o"
        " WHERE o.shop_id = %(shop)s AND o.member_id = ANY(%(ids)s) AND o.placed_at IS NOT NULL"
        f" AND (o.counted_minor > 0 OR {_BEFORE_ALL})",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    found: dict[int, list[Placed]] = {}
    for member_id, *values in rows:
        found.setdefault(member_id, []).append(Placed(*values))
    return found


def past_milestones(conn: Connection, shop_id: int, rule: Milestone, mark: int, limit: int) -> list[int]:
    """Members whose orders reach the milestone and who have never been given it: after it was added."""
    counts, reached = "o.counted_minor > 0 AND (%(begins)s::timestamptz IS NULL OR o.placed_at >= %(begins)s)", ""
    measure = "count(*)" if rule.metric == "orders" else "sum(o.counted_minor)"
    if rule.earlier:
        counts = f"(o.counted_minor > 0 OR {_BEFORE_ALL})"
        before = f"{measure} FILTER (WHERE o.placed_at < %(begins)s::timestamptz)"
        reached = f" AND coalesce({before}, 0) < %(mark)s"
    rows = conn.exec_driver_sql(
        "SELECT m.id FROM order_views o JOIN members m ON m.shop_id = o.shop_id AND m.id = o.member_id"
        f" WHERE o.shop_id = %(shop)s AND {ALIVE} AND {counts}"
        f" AND {_HAS_NOT.format('true')} GROUP BY m.id HAVING {measure} >= %(mark)s{reached}"
        " ORDER BY m.id LIMIT %(limit)s",
        {"shop": shop_id, "rule": rule.id, "begins": rule.begins_at, "mark": mark, "limit": limit},
    )
    return [row[0] for row in rows]
