"""What is known of each person as a buyer, computed from the facts of their orders: whole people, whole batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from plugin.rules.retention.months import MONTHS, WORD
from plugin.store.database import bulk

_ORDERS = (
    "SELECT w.key AS member_id, f.day, f.net FROM (SELECT unnest(%(ids)s::bigint[]) AS key) w CROSS JOIN LATERAL ("
    "SELECT day, CASE WHEN currency = %(currency)s THEN net_minor ELSE 0 END AS net FROM order_facts t"
    " WHERE t.shop_id = %(shop)s AND t.member_id = w.key AND t.counts OFFSET 0) f"
)
_STATS = (
    f"WITH orders AS MATERIALIZED ({_ORDERS}),"
    " days AS (SELECT member_id, day, count(*) AS n, sum(net) AS net,"
    " row_number() OVER (PARTITION BY member_id ORDER BY day) AS nth,"
    " day - lag(day) OVER (PARTITION BY member_id ORDER BY day) AS gap,"
    " ((extract(year FROM day) - extract(year FROM %(first)s::date)) * 12"
    " + extract(month FROM day) - extract(month FROM %(first)s::date))::int AS k FROM orders GROUP BY 1, 2),"
    " sums AS (SELECT member_id, min(day) AS first_day, min(day) FILTER (WHERE nth = 2) AS second_day,"
    " max(day) AS last_day, sum(n) AS orders, count(*) AS days, sum(net) AS net_minor,"
    f" bit_or(CASE WHEN k BETWEEN 0 AND {WORD - 1} THEN 1::bigint << k ELSE 0 END) AS months,"
    f" bit_or(CASE WHEN k BETWEEN {WORD} AND {MONTHS - 1} THEN 1::bigint << (k - {WORD}) ELSE 0 END) AS months_after,"
    " percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap_days FROM days GROUP BY 1),"
    " people AS (SELECT id, merged_into FROM "
    + bulk.by_keys("members")
    + "), merged AS (DELETE FROM member_stats WHERE shop_id = %(shop)s"
    " AND member_id = ANY(ARRAY(SELECT id FROM people WHERE merged_into IS NOT NULL)))"
    " INSERT INTO member_stats (shop_id, member_id, first_day, second_day, last_day, orders, days, net_minor, months,"
    " months_after, gap_days) SELECT %(shop)s, p.id, s.first_day, s.second_day, s.last_day, coalesce(s.orders, 0),"
    " coalesce(s.days, 0), coalesce(s.net_minor, 0), coalesce(s.months, 0), coalesce(s.months_after, 0), s.gap_days"
    " FROM people p LEFT JOIN sums s ON s.member_id = p.id WHERE p.merged_into IS NULL ORDER BY p.id"
    " ON CONFLICT (shop_id, member_id) DO UPDATE SET first_day = excluded.first_day,"
    " second_day = excluded.second_day, last_day = excluded.last_day, orders = excluded.orders, days = excluded.days,"
    " net_minor = excluded.net_minor, months = excluded.months, months_after = excluded.months_after,"
    " gap_days = excluded.gap_days"
)
_MONTHS = (
    f"WITH orders AS MATERIALIZED ({_ORDERS}),"
    " fresh AS MATERIALIZED (SELECT member_id, date_trunc('month', day)::date AS month, count(*) AS orders,"
    " count(DISTINCT day) AS days, sum(net) AS net_minor FROM orders GROUP BY 1, 2),"
    " gone AS (DELETE FROM member_months WHERE shop_id = %(shop)s AND ctid = ANY(ARRAY("
    "SELECT m.ctid FROM (SELECT unnest(%(ids)s::bigint[]) AS key) w CROSS JOIN LATERAL (SELECT t.ctid, t.member_id,"
    " t.month FROM member_months t WHERE t.shop_id = %(shop)s AND t.member_id = w.key OFFSET 0) m"
    " WHERE NOT EXISTS (SELECT FROM fresh f WHERE f.member_id = m.member_id AND f.month = m.month))))"
    " INSERT INTO member_months (shop_id, month, member_id, orders, days, net_minor)"
    " SELECT %(shop)s, month, member_id, orders, days, net_minor FROM fresh"
    " ON CONFLICT (shop_id, month, member_id) DO UPDATE SET orders = excluded.orders, days = excluded.days,"
    " net_minor = excluded.net_minor"
)


def mark(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> None:
    """Have these people's stats computed again. Only ever added to: nobody waits for anybody here."""
    conn.exec_driver_sql(
        "INSERT INTO stats_dirty (shop_id, member_id) SELECT %(shop)s, unnest(%(ids)s::bigint[])",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )


def take_marks(conn: Connection, shop_id: int, limit: int) -> tuple[int, list[int]]:
    """Take the oldest marks away; answers how many they were, and whose. What is marked from now on stays."""
    rows = conn.exec_driver_sql(
        "DELETE FROM stats_dirty WHERE shop_id = %(shop)s AND id = ANY(ARRAY(SELECT id FROM stats_dirty"
        " WHERE shop_id = %(shop)s ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)) RETURNING member_id",
        {"shop": shop_id, "limit": limit},
    )
    found = list(rows.scalars())
    return len(found), sorted(set(found))


def any_marks(conn: Connection, shop_id: int) -> bool:
    """Whether anybody's stats are to be computed again."""
    found = conn.exec_driver_sql("SELECT EXISTS (SELECT FROM stats_dirty WHERE shop_id = %(s)s)", {"s": shop_id})
    return bool(found.scalar_one())


def refresh(conn: Connection, shop_id: int, member_ids: Sequence[int], currency: str, first_month: date) -> None:
    """Compute these people's stats and months from the facts of their orders.

    Money is what orders in `currency` come to; bits of months count from `first_month`. Whoever was merged into
    somebody else has none. One at a time in a shop (see `turns`), else the slower of two would keep what is older.
    """
    values = {
        "shop": shop_id,
        "ids": sorted(set(member_ids)),
        "currency": currency,
        "first": first_month,
    }
    if values["ids"]:
        conn.exec_driver_sql(_STATS, values)
        conn.exec_driver_sql(_MONTHS, values)


def next_members(conn: Connection, shop_id: int, after: int, limit: int) -> list[int]:
    """The next members after a number."""
    rows = conn.exec_driver_sql(
        "SELECT id FROM members WHERE shop_id = %(shop)s AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    return list(rows.scalars())


def kept(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, tuple[object, ...]]:
    """What stands of these people, months included: to compare with what is computed anew."""
    ids = sorted(set(member_ids))
    rows = conn.exec_driver_sql(
        "SELECT s.member_id, s.first_day, s.second_day, s.last_day, s.orders, s.days, s.net_minor, s.months,"
        " s.months_after, s.gap_days, ARRAY(SELECT ROW(m.month, m.orders, m.days, m.net_minor)::text"
        " FROM member_months m WHERE m.shop_id = s.shop_id AND m.member_id = s.member_id ORDER BY m.month)"
        " FROM member_stats s WHERE s.shop_id = %(shop)s AND s.member_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": ids},
    )
    return {row[0]: tuple(row[1:]) for row in rows}
