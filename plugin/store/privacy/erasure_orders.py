"""The orders that an erasure has still to go through, and what is taken out of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from plugin.rules.privacy.nobodys import nobodys_view
from plugin.store.database import bulk
from plugin.store.orders import order_checkpoints
from plugin.store.orders.stored_order import view_json, view_of
from plugin.store.tables import order_views


def add(conn: Connection, shop_id: int, request_id: int, order_ids: Iterable[int], *, whole: bool) -> None:
    """Have these orders gone through. `whole`: whatever their deliveries name, nothing of them is kept."""
    conn.exec_driver_sql(
        "INSERT INTO erasure_orders (shop_id, request_id, order_id, whole)"
        " SELECT %(shop)s, %(request)s, unnest(%(ids)s::bigint[]), %(whole)s"
        " ON CONFLICT (shop_id, request_id, order_id) DO UPDATE SET whole = erasure_orders.whole OR excluded.whole",
        {"shop": shop_id, "request": request_id, "ids": sorted(set(order_ids)), "whole": whole},
    )


def add_of_members(
    conn: Connection, shop_id: int, request_id: int, members: Sequence[int], after: int, limit: int
) -> int:
    """The same for orders of these members, by number, `after` one; answers the last number, nought for no more."""
    rows = conn.exec_driver_sql(
        "WITH next AS (SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s)"
        " AND order_id > %(after)s ORDER BY order_id LIMIT %(limit)s),"
        " made AS (INSERT INTO erasure_orders (shop_id, request_id, order_id, whole)"
        " SELECT %(shop)s, %(request)s, order_id, true FROM next"
        " ON CONFLICT (shop_id, request_id, order_id) DO UPDATE SET whole = true)"
        " SELECT coalesce(max(order_id), 0) FROM next",
        {"shop": shop_id, "request": request_id, "members": list(members), "after": after, "limit": limit},
    )
    return int(rows.scalar_one())


def next_ones(conn: Connection, shop_id: int, request_id: int, limit: int) -> list[tuple[int, bool]]:
    """(order, whole) of the next orders."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, whole FROM erasure_orders WHERE shop_id = %(shop)s AND request_id = %(request)s"
        " ORDER BY order_id LIMIT %(limit)s",
        {"shop": shop_id, "request": request_id, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]


def done(conn: Connection, shop_id: int, request_id: int, order_id: int) -> None:
    """Gone through."""
    conn.exec_driver_sql(
        "DELETE FROM erasure_orders WHERE shop_id = %(shop)s AND request_id = %(request)s AND order_id = %(id)s",
        {"shop": shop_id, "request": request_id, "id": order_id},
    )


def guests_of(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> list[int]:
    """The guests to whom these orders belong: they have no account of their own."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT m.id FROM order_views o JOIN members m ON m.shop_id = o.shop_id AND m.id = o.member_id"
        " WHERE o.shop_id = %(shop)s AND o.order_id = ANY(%(ids)s) AND m.state = 'guest' ORDER BY 1",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return list(rows.scalars())


Owner = tuple[int | None, int | None]


def owners(conn: Connection, shop_id: int, order_ids: Sequence[int]) -> dict[int, Owner]:
    """(member, customer) that each order belongs to as it stands, as far as that is known."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, member_id, (view->'buyer'->>'customer_id')::bigint FROM order_views"
        " WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(order_ids)},
    )
    nobody: dict[int, Owner] = dict.fromkeys(order_ids, (None, None))
    return nobody | {row[0]: (row[1], row[2]) for row in rows}


def make_nobodys(conn: Connection, shop_id: int, order_id: int) -> bool:
    """Take the buyer and the words out of the order, locked; says whether it is stored at all."""
    row = conn.exec_driver_sql(
        "SELECT view FROM order_views WHERE shop_id = %(shop)s AND order_id = %(id)s FOR UPDATE",
        {"shop": shop_id, "id": order_id},
    ).one_or_none()
    if row is None:
        return False
    values: dict[str, Any] = {"shop_id": shop_id, "order_id": order_id, "explanation": []}
    if (view := view_of(row[0])) is not None:
        values["view"] = view_json(nobodys_view(view))
    bulk.update(conn, order_views, [values], ("shop_id", "order_id"))
    conn.exec_driver_sql(
        "DELETE FROM referral_marks WHERE shop_id = %(shop)s AND kind = 'order' AND subject = %(id)s::text",
        {"shop": shop_id, "id": order_id},
    )
    order_checkpoints.forget(conn, shop_id, order_id)
    return True


def take_address_out(conn: Connection, shop_id: int, order_id: int, emails: Sequence[str]) -> None:
    """Somebody else's order was placed with one of these addresses: it is taken out, and the rest stays."""
    conn.exec_driver_sql(
        "UPDATE order_views SET view = jsonb_set(view, '{buyer,email}', '\"\"') WHERE shop_id = %(shop)s"
        " AND order_id = %(id)s AND lower(view->'buyer'->>'email') = ANY(%(emails)s)",
        {"shop": shop_id, "id": order_id, "emails": list(emails)},
    )
    order_checkpoints.take_again(conn, shop_id, order_id)
