"""Facts of orders, and the products kept of those that count: written in the transaction that changes the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from plugin.rules.retention.order_fact import OrderFact
from plugin.store.database import bulk

_TYPES = {
    "order_id": "bigint",
    "member_id": "bigint",
    "day": "date",
    "counts": "boolean",
    "why_not": "text",
    "currency": "text",
    "net_minor": "bigint",
    "gross_minor": "bigint",
    "reward_discount_minor": "bigint",
    "source": "text",
    "subscription": "boolean",
    "country": "text",
    "region": "text",
}
_NAMES = ", ".join(_TYPES)
_SAID = ", ".join(name for name in _TYPES if name != "order_id")
_GIVEN = (
    "given AS MATERIALIZED (SELECT %(shop)s::bigint AS shop_id, g.* FROM jsonb_to_recordset(%(rows)s::jsonb)"
    f" AS g({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())}, items jsonb))"
)
_ITEM_AGAIN = (
    "ON CONFLICT (shop_id, order_id, product_id) DO UPDATE SET day = excluded.day, quantity = excluded.quantity,"
    " net_minor = excluded.net_minor"
)
_ADD = (
    f"WITH {_GIVEN}, facts AS (INSERT INTO order_facts (shop_id, {_NAMES}) SELECT shop_id, {_NAMES} FROM given),"
    " items AS (INSERT INTO order_items (shop_id, order_id, product_id, day, quantity, net_minor)"
    " SELECT g.shop_id, g.order_id, (e->>0)::bigint, g.day, (e->>1)::bigint, (e->>2)::bigint"
    f" FROM given g CROSS JOIN LATERAL jsonb_array_elements(g.items) e {_ITEM_AGAIN}),"
    " days AS (INSERT INTO days_dirty (shop_id, day) SELECT DISTINCT shop_id, day FROM given)"
    " INSERT INTO stats_dirty (shop_id, member_id) SELECT DISTINCT shop_id, member_id FROM given"
    " WHERE member_id IS NOT NULL"
)
"""Orders without a fact: nearly all, the first time; nothing to compare, and nobody to run into."""
_ITEMS_NOW = (
    "coalesce((SELECT jsonb_agg(jsonb_build_array(i.product_id, i.quantity, i.net_minor) ORDER BY i.product_id)"
    " FROM order_items i WHERE i.shop_id = r.shop_id AND i.order_id = r.order_id), '[]')"
)
_CHANGE = (
    f"WITH {_GIVEN},"
    " changed AS MATERIALIZED (SELECT r.*, w.order_id IS NOT NULL AS known, w.member_id AS was_of, w.day AS was_on"
    " FROM given r"
    " LEFT JOIN LATERAL (SELECT * FROM order_facts t WHERE t.shop_id = r.shop_id AND t.order_id = r.order_id OFFSET 0)"
    f" w ON true WHERE w.order_id IS NULL OR ({', '.join(f'w.{name}' for name in _TYPES)})"
    f" IS DISTINCT FROM ({', '.join(f'r.{name}' for name in _TYPES)}) OR {_ITEMS_NOW} IS DISTINCT FROM r.items),"
    f" facts AS (INSERT INTO order_facts (shop_id, {_NAMES}) SELECT shop_id, {_NAMES} FROM changed"
    f" ON CONFLICT (shop_id, order_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _TYPES)}),"
    " gone AS (DELETE FROM order_items WHERE shop_id = %(shop)s AND ctid = ANY(ARRAY(SELECT i.ctid FROM changed c"
    " CROSS JOIN LATERAL (SELECT t.ctid, t.product_id FROM order_items t WHERE t.shop_id = c.shop_id"
    " AND t.order_id = c.order_id OFFSET 0) i WHERE c.known AND NOT EXISTS (SELECT FROM jsonb_array_elements(c.items) e"
    " WHERE (e->>0)::bigint = i.product_id)))),"
    " items AS (INSERT INTO order_items (shop_id, order_id, product_id, day, quantity, net_minor)"
    " SELECT c.shop_id, c.order_id, (e->>0)::bigint, c.day, (e->>1)::bigint, (e->>2)::bigint"
    " FROM changed c CROSS JOIN LATERAL jsonb_array_elements(c.items) e"
    f" {_ITEM_AGAIN}),"
    " days AS (INSERT INTO days_dirty (shop_id, day) SELECT shop_id, day FROM (SELECT shop_id, day FROM changed"
    " UNION SELECT shop_id, was_on FROM changed) d WHERE day IS NOT NULL),"
    " dirty AS (INSERT INTO stats_dirty (shop_id, member_id) SELECT shop_id, member_id FROM (SELECT shop_id, member_id"
    " FROM changed UNION SELECT shop_id, was_of FROM changed) m WHERE member_id IS NOT NULL)"
    " SELECT order_id FROM changed ORDER BY 1"
)
"""Orders with a fact: what is as it was is left alone; whose orders these are, and were, is marked."""


def write(conn: Connection, shop_id: int, facts: Sequence[tuple[OrderFact, int | None]]) -> list[int]:
    """Keep these facts with the member each order belongs to; answers which orders' facts were others. The orders are
    locked."""
    rows = {fact.order_id: _row(fact, member_id) for fact, member_id in facts}
    if not rows:
        return []
    values = {"shop": shop_id, "ids": list(rows)}
    known = conn.exec_driver_sql(f"SELECT order_id FROM {bulk.by_keys('order_facts', 'order_id')}", values)
    changed = {key: rows.pop(key) for key in known.scalars()}
    added = sorted(rows)
    if added:
        conn.exec_driver_sql(_ADD, values | {"rows": bulk.to_json(list(rows.values()))})
    if changed:
        values["rows"] = bulk.to_json(list(changed.values()))
        added += conn.exec_driver_sql(_CHANGE, values).scalars()
    return sorted(added)


def _row(fact: OrderFact, member_id: int | None) -> Mapping[str, object]:
    return {
        "order_id": fact.order_id,
        "member_id": member_id,
        "day": fact.day,
        "counts": fact.counts,
        "why_not": fact.why_not,
        "currency": fact.currency,
        "net_minor": fact.net_minor,
        "gross_minor": fact.gross_minor,
        "reward_discount_minor": fact.reward_discount_minor,
        "source": fact.source,
        "subscription": fact.subscription,
        "country": fact.country,
        "region": fact.region,
        "items": [[item.product_id, item.quantity, item.net_minor] for item in fact.items],
    }


def codes_of_ours(conn: Connection, shop_id: int, codes: Iterable[str]) -> frozenset[str]:
    """Which of these codes, in capital letters, we made or gave."""
    wanted = sorted({code.upper() for code in codes})
    if not wanted:
        return frozenset()
    rows = conn.exec_driver_sql(
        "SELECT code FROM redemptions WHERE shop_id = %(shop)s AND code = ANY(%(codes)s)"
        " UNION SELECT code FROM set_codes WHERE shop_id = %(shop)s AND code = ANY(%(codes)s)",
        {"shop": shop_id, "codes": wanted},
    )
    return frozenset(rows.scalars())


@dataclass(frozen=True, slots=True)
class Place:
    """An order among those of its person: whose it is, whether it counts, and whether others that count were before."""

    member_id: int | None
    counts: bool
    day: date
    is_first: bool


def place(conn: Connection, shop_id: int, order_id: int) -> Place | None:
    """Where an order stands among those of its person."""
    row = conn.exec_driver_sql(
        "SELECT f.member_id, f.counts, f.day, NOT EXISTS (SELECT FROM order_facts e WHERE e.shop_id = f.shop_id"
        " AND e.member_id = f.member_id AND e.counts AND (e.day, e.order_id) < (f.day, f.order_id))"
        " FROM order_facts f WHERE f.shop_id = %(shop)s AND f.order_id = %(order)s",
        {"shop": shop_id, "order": order_id},
    ).one_or_none()
    return Place(*row) if row else None


def has_ordered(conn: Connection, shop_id: int, member_id: int) -> bool:
    """Whether there is an order of this member that counts."""
    found: bool = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM order_facts WHERE shop_id = %(shop)s AND member_id = %(member)s AND counts)",
        {"shop": shop_id, "member": member_id},
    ).scalar_one()
    return found


def first_day(conn: Connection, shop_id: int) -> date | None:
    """The day of the shop's first order that counts."""
    found: date | None = conn.exec_driver_sql(
        "SELECT day FROM order_facts WHERE shop_id = %(shop)s AND counts ORDER BY day LIMIT 1", {"shop": shop_id}
    ).scalar_one_or_none()
    return found


def next_orders(conn: Connection, shop_id: int, after: int, limit: int) -> list[int]:
    """The next orders after a number."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND order_id > %(after)s ORDER BY order_id"
        " LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    return list(rows.scalars())


def forget_missing(conn: Connection, shop_id: int, after: int, last: int | None) -> int:
    """Between two orders (the second included; None: to the end) remove facts of orders that are not stored any more;
    answers of how many."""
    values = {"shop": shop_id, "after": after, "last": 2**63 - 1 if last is None else last}
    missing = (
        " WHERE t.shop_id = %(shop)s AND t.order_id > %(after)s AND t.order_id <= %(last)s AND NOT EXISTS ("
        "SELECT FROM order_views o WHERE o.shop_id = t.shop_id AND o.order_id = t.order_id AND o.view IS NOT NULL)"
    )
    conn.exec_driver_sql(f"DELETE FROM order_items t{missing}", values)
    done = conn.exec_driver_sql(
        f"WITH gone AS (DELETE FROM order_facts t{missing} RETURNING t.shop_id, t.member_id, t.day),"
        " days AS (INSERT INTO days_dirty (shop_id, day) SELECT DISTINCT shop_id, day FROM gone),"
        " dirty AS (INSERT INTO stats_dirty (shop_id, member_id) SELECT DISTINCT shop_id, member_id FROM gone"
        " WHERE member_id IS NOT NULL) SELECT count(*) FROM gone",
        values,
    )
    return int(done.scalar_one())
