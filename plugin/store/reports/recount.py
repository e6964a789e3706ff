"""Some orders and some members of a shop, from a place picked at random."""

from __future__ import annotations

from sqlalchemy import Connection

_SOME = (
    "WITH ends AS (SELECT (SELECT {key} FROM {table} WHERE shop_id = %(shop)s ORDER BY {key} LIMIT 1) AS lowest,"
    " (SELECT {key} FROM {table} WHERE shop_id = %(shop)s ORDER BY {key} DESC LIMIT 1) AS highest)"
    " SELECT t.{key} FROM {table} t WHERE t.shop_id = %(shop)s AND t.{key} >= (SELECT lowest"
    " + floor((highest - lowest) * %(place)s::float8)::bigint FROM ends){which} ORDER BY t.{key} LIMIT %(limit)s"
)
_ORDERS = _SOME.format(key="order_id", table="order_views", which=" AND t.view IS NOT NULL")
_MEMBERS = _SOME.format(
    key="id",
    table="members",
    which=" AND NOT EXISTS (SELECT FROM stats_dirty d WHERE d.shop_id = t.shop_id AND d.member_id = t.id)",
)


def some_orders(conn: Connection, shop_id: int, place: float, limit: int) -> list[int]:
    """Orders one after the other; `place` is from 0, the first order, to 1, the last."""
    return list(conn.exec_driver_sql(_ORDERS, {"shop": shop_id, "place": place, "limit": limit}).scalars())


def some_members(conn: Connection, shop_id: int, place: float, limit: int) -> list[int]:
    """Members likewise, but for those who are marked to be computed again."""
    return list(conn.exec_driver_sql(_MEMBERS, {"shop": shop_id, "place": place, "limit": limit}).scalars())
