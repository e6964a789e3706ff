"""Deliveries that could not be processed, with their bodies."""

from __future__ import annotations

from collections.abc import Sequence

import zstandard
from sqlalchemy import Connection

from plugin.store.work.deliveries import MAX_BODY_BYTES, Delivery


def after(conn: Connection, shop_id: int, delivery_id: int, limit: int, but: Sequence[str]) -> list[Delivery]:
    """The next ones by number, without those of some topics."""
    rows = conn.exec_driver_sql(
        "SELECT d.id, d.webhook_id, d.topic, d.triggered_at, d.body FROM inbox i"
        " JOIN deliveries d ON d.shop_id = i.shop_id AND d.id = i.delivery_id WHERE i.shop_id = %(shop)s"
        " AND i.state <> 'new' AND i.delivery_id > %(after)s AND d.topic <> ALL(%(but)s)"
        " ORDER BY i.delivery_id LIMIT %(limit)s",
        {"shop": shop_id, "after": delivery_id, "limit": limit, "but": list(but)},
    )
    unpack = zstandard.ZstdDecompressor().decompress
    return [Delivery(r[0], r[1], r[2], r[3], unpack(r[4], MAX_BODY_BYTES)) for r in rows.fetchall()]
