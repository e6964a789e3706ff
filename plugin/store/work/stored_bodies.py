"""The bodies of deliveries that were processed: read to be made smaller, and written back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import zstandard
from sqlalchemy import Connection

from plugin.store.work.deliveries import MAX_BODY_BYTES


@dataclass(frozen=True, slots=True)
class StoredBody:
    """One processed delivery's body, unpacked; `received_at` says in which part it lies."""

    id: int
    received_at: datetime
    topic: str
    body: bytes


def whole(conn: Connection, shop_id: int, limit: int) -> list[StoredBody]:
    """The oldest bodies that are as Shopify sent them, of deliveries that were processed; locked, so that nothing
    that is erased meanwhile comes back. What somebody else holds is passed over."""
    return _locked(conn, shop_id, "whole", "", {}, limit)


def old(conn: Connection, shop_id: int, before: datetime, after_id: int, limit: int) -> list[StoredBody]:
    """Stripped bodies that came before a moment, in the order of their numbers `after_id`; locked likewise."""
    condition = " AND d.received_at < %(before)s AND d.id > %(after)s"
    return _locked(conn, shop_id, "stripped", condition, {"before": before, "after": after_id}, limit)


def _locked(
    conn: Connection, shop_id: int, state: str, condition: str, values: dict[str, object], limit: int
) -> list[StoredBody]:
    rows = conn.exec_driver_sql(
        "SELECT d.id, d.received_at, d.topic, d.body FROM deliveries d WHERE d.shop_id = %(shop)s"
        f" AND d.body_state = '{state}'{condition} AND NOT EXISTS (SELECT FROM inbox i WHERE i.shop_id = %(shop)s"
        " AND i.delivery_id = d.id) ORDER BY d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED",
        {"shop": shop_id, "limit": limit, **values},
    )
    unpack = zstandard.ZstdDecompressor().decompress
    return [StoredBody(row[0], row[1], row[2], unpack(row[3], MAX_BODY_BYTES) if row[3] else b"") for row in rows]


def write(conn: Connection, shop_id: int, bodies: Sequence[StoredBody], state: str) -> None:
    """Put these bodies in place of what was there, and say what they are now."""
    pack = zstandard.ZstdCompressor(level=1).compress
    conn.exec_driver_sql(
        "UPDATE deliveries d SET body = n.body, body_state = %(state)s"
        " FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[], %(bodies)s::bytea[]) AS n(id, received_at, body)"
        " WHERE d.shop_id = %(shop)s AND d.id = n.id AND d.received_at = n.received_at AND d.id = ANY(%(ids)s)",
        {
            "shop": shop_id,
            "state": state,
            "ids": [each.id for each in bodies],
            "times": [each.received_at for each in bodies],
            "bodies": [pack(each.body) for each in bodies],
        },
    )
