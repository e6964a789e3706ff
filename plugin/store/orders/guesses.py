"""Deletions that we once guessed: an order that Shopify did not show was taken for deleted, and told to ourselves."""

from __future__ import annotations

from collections.abc import Iterable

import zstandard
from sqlalchemy import Connection

from plugin.rules.subjects import OwnDelivery
from plugin.store.work.deliveries import MAX_BODY_BYTES, Delivery

DELETIONS = "orders/delete"


def is_guess(delivery: Delivery) -> bool:
    """Whether a deletion is told by us, and not by the shop: it says nothing."""
    return delivery.topic == DELETIONS and OwnDelivery.begins(delivery.webhook_id)


def newest(conn: Connection, shop_id: int) -> int:
    """The last delivery that there is."""
    found = conn.exec_driver_sql(
        "SELECT coalesce(max(id), 0) FROM deliveries WHERE shop_id = %(shop)s", {"shop": shop_id}
    )
    return int(found.scalar_one())


def deletions(conn: Connection, shop_id: int, after: int, limit: int) -> tuple[int, list[Delivery]]:
    """Of the next `limit` deliveries, the last one's id (0: none is left), and those that tell of a deletion."""
    rows = conn.exec_driver_sql(
        "WITH next AS (SELECT id, webhook_id, topic, triggered_at FROM deliveries WHERE shop_id = %(shop)s"
        " AND id > %(after)s ORDER BY id LIMIT %(limit)s)"
        " SELECT (SELECT max(id) FROM next), n.id, n.webhook_id, n.topic, n.triggered_at, d.body FROM (SELECT) one"
        " LEFT JOIN next n ON n.topic = %(topic)s LEFT JOIN deliveries d ON d.shop_id = %(shop)s AND d.id = n.id"
        " ORDER BY n.id",
        {"shop": shop_id, "after": after, "limit": limit, "topic": DELETIONS},
    ).fetchall()
    unpack = zstandard.ZstdDecompressor().decompress
    found = [Delivery(r[1], r[2], r[3], r[4], unpack(r[5], MAX_BODY_BYTES)) for r in rows if r[1] is not None]
    return int(rows[0][0] or 0) if rows else 0, found


def lift(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> list[int]:
    """The orders that stand as deleted by a guess stand again; answers which. One that the shop deleted since, by a
    moment that we know, stays deleted."""
    rows = conn.exec_driver_sql(
        "UPDATE order_views SET deleted = false WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)"
        " AND deleted AND deleted_at IS NULL RETURNING order_id",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return sorted(row[0] for row in rows)
