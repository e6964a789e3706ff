"""Order views: the newest state of each order, and what has been posted for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.orders.settle import Posted
from plugin.rules.subjects import Order
from plugin.rules.types import Facts
from plugin.store.database import bulk, subject_sql
from plugin.store.orders.stored_order import StoredOrder, row_of, stored
from plugin.store.tables import order_views

__all__ = ["StoredOrder", "stored"]

_COLUMNS = (
    "order_id, member_id, view, triggered_at, refunds, snapshot, posted, deleted, deserved, waiting_for, explanation,"
    " counted_minor, before_limits, deleted_at, seen_at, reading"
)


def lock(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, StoredOrder]:
    """The orders, locked until the transaction ends; unknown ones are begun as empty rows.

    Always in ascending order, so that two workers never wait for each other in a circle.
    """
    ids = sorted(set(order_ids))
    conn.exec_driver_sql(
        "INSERT INTO order_views (shop_id, order_id) SELECT %(shop)s, unnest(%(ids)s::bigint[]) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "ids": ids},
    )
    return lock_known(conn, shop_id, ids)


def lock_known(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, StoredOrder]:
    """Those of the orders that are there, locked in ascending order."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM {bulk.by_keys('order_views', 'order_id', lock=True)}",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return {row.order_id: stored(row) for row in rows.fetchall()}


def hold(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> None:
    """Lock those of the orders that are there, in ascending order: before members are locked."""
    params = {"shop": shop_id, "ids": sorted(set(order_ids))}
    if params["ids"]:
        conn.exec_driver_sql(f"SELECT order_id FROM {bulk.by_keys('order_views', 'order_id', lock=True)}", params)


def get(conn: Connection, shop_id: int, order_id: int) -> StoredOrder | None:
    """One order, not locked."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM order_views WHERE shop_id = %(shop)s AND order_id = %(id)s",
        {"shop": shop_id, "id": order_id},
    ).one_or_none()
    return stored(row) if row else None


def by_ids(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, StoredOrder]:
    """Those of the orders that are there, not locked."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM {bulk.by_keys('order_views', 'order_id')}",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return {row.order_id: stored(row) for row in rows.fetchall()}


def names(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, str]:
    """What these orders are called in the shop, where that is known."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, name FROM order_views WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s) AND name <> ''",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return {row[0]: row[1] for row in rows}


def recent(conn: Connection, shop_id: int, limit: int) -> list[StoredOrder]:
    """The orders that were placed last, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM order_views WHERE shop_id = %(shop)s AND placed_at IS NOT NULL"
        " AND view IS NOT NULL AND NOT deleted ORDER BY placed_at DESC, order_id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [stored(row) for row in rows]


def save(conn: Connection, shop_id: int, orders: Sequence[StoredOrder]) -> None:
    """Write the orders back."""
    bulk.update(conn, order_views, [row_of(shop_id, order) for order in orders], ("shop_id", "order_id"))


def paid_in(conn: Connection, shop_id: int, member_id: int) -> str:
    """The currency that a member's newest order was paid in; empty for somebody without one."""
    found = conn.exec_driver_sql(
        "SELECT coalesce(nullif(view->>'presented_currency', ''), view->>'currency') FROM order_views"
        " WHERE shop_id = %(shop)s AND member_id = %(member)s AND view IS NOT NULL AND NOT deleted"
        " ORDER BY placed_at DESC NULLS LAST, order_id DESC LIMIT 1",
        {"shop": shop_id, "member": member_id},
    ).scalar_one_or_none()
    return str(found or "")


def languages(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, str]:
    """The language of each member's newest order that says one."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT ON (member_id) member_id, view->'buyer'->>'locale' FROM order_views"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND NOT deleted"
        " AND view->'buyer'->>'locale' <> '' ORDER BY member_id, placed_at DESC, order_id DESC",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    return {row[0]: row[1] for row in rows}


def placed_by(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, int]:
    """How many orders each member has placed that were not cancelled; a member without one is left out."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, count(*) FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND view IS NOT NULL AND NOT deleted AND view->>'cancelled_at' IS NULL GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    return {row[0]: row[1] for row in rows}


def last_placed(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of the members placed their last order, whatever became of it."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, max(placed_at) FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND placed_at IS NOT NULL GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: row[1] for row in rows}


def first_of(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, int]:
    """The first order of each member, of those that were not cancelled."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT ON (member_id) member_id, order_id FROM order_views WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(ids)s) AND view IS NOT NULL AND NOT deleted AND view->>'cancelled_at' IS NULL"
        " ORDER BY member_id, placed_at, order_id",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    return {row[0]: row[1] for row in rows}


def waiting(conn: Connection, shop_id: int, what: Facts) -> list[int]:
    """The ids of orders that wait for `what` before they can be judged."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND waiting_for = %(what)s",
        {"shop": shop_id, "what": what.value},
    )
    return [row[0] for row in rows]


def waiting_for_customers(conn: Connection, shop_id: int, customer_ids: Iterable[int]) -> list[int]:
    """The ids of orders of these customers that wait for what is to be fetched of them."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND waiting_for = %(what)s"
        " AND (view->'buyer'->>'customer_id')::bigint = ANY(%(ids)s)",
        {"shop": shop_id, "what": Facts.CUSTOMERS.value, "ids": list(customer_ids)},
    )
    return [row[0] for row in rows]


def lock_of_members(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> None:
    """Lock every order of these members, in ascending order."""
    conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " ORDER BY order_id FOR UPDATE",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> list[int]:
    """Orders follow a merged customer, with what was posted for them; answers which."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM order_views WHERE shop_id = %(shop)s AND (member_id = %(from)s OR order_id IN ("
        f" SELECT {subject_sql.number('subject')} FROM entries WHERE shop_id = %(shop)s"
        f" AND member_id = %(from)s AND {subject_sql.begins(Order, 'subject')})) ORDER BY order_id FOR UPDATE",
        {"shop": shop_id, "from": from_member},
    )
    moved = [_moved(stored(row), from_member, to_member) for row in rows.fetchall()]
    save(conn, shop_id, moved)
    return [order.order_id for order in moved]


def _moved(order: StoredOrder, from_member: int, to_member: int) -> StoredOrder:
    posted = dict(order.posted)
    old = posted.pop(from_member, Posted())
    new = posted.get(to_member, Posted())
    if old.line or new.line:
        posted[to_member] = Posted(old.points + new.points, max(old.line, new.line), old.forgiven + new.forgiven)
    member = to_member if order.member_id == from_member else order.member_id
    return replace(order, posted=posted, member_id=member)


def placed_since(conn: Connection, shop_id: int, since: datetime) -> list[int]:
    """The ids of the orders placed since then."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND placed_at >= %(since)s ORDER BY order_id",
        {"shop": shop_id, "since": since},
    )
    return list(rows.scalars())


def updated_at(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, datetime]:
    """When the states that we hold of these orders are from; of a deleted one nothing is held that counts."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, updated_at FROM order_views WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)"
        " AND updated_at IS NOT NULL AND NOT deleted",
        {"shop": shop_id, "ids": list(order_ids)},
    )
    return {row[0]: row[1] for row in rows}


def named(conn: Connection, shop_id: int, name: str, limit: int) -> list[StoredOrder]:
    """The newest orders of members, or those of that name (`#1001`, `1001`) among the newest two thousand."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM (SELECT * FROM order_views WHERE shop_id = %(shop)s AND placed_at IS NOT NULL"
        " ORDER BY placed_at DESC LIMIT 2000) newest WHERE NOT deleted AND member_id IS NOT NULL"
        " AND (%(name)s = '' OR name IN (%(name)s, '#' || %(name)s)) ORDER BY placed_at DESC LIMIT %(limit)s",
        {"shop": shop_id, "name": name, "limit": limit},
    )
    return [stored(row) for row in rows]
