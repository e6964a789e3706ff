"""Exports in parts, so that nobody's data has to fit into memory; opened once, and gone after a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
import zstandard
from sqlalchemy import Connection

from plugin.store.work.deliveries import MAX_BODY_BYTES


def add(conn: Connection, shop_id: int, request_id: int, number: int, section: str, rows: Sequence[object]) -> None:
    """Keep the next part; written again after a kill it is the same."""
    body = orjson.dumps({"section": section, "rows": list(rows)}, default=str)
    conn.exec_driver_sql(
        "INSERT INTO export_parts (shop_id, request_id, number, section, body)"
        " VALUES (%(shop)s, %(request)s, %(number)s, %(section)s, %(body)s)"
        " ON CONFLICT (shop_id, request_id, number) DO UPDATE SET section = excluded.section, body = excluded.body",
        {
            "shop": shop_id,
            "request": request_id,
            "number": number,
            "section": section,
            "body": zstandard.compress(body, 3),
        },
    )


def one(conn: Connection, shop_id: int, request_id: int, number: int) -> bytes | None:
    """One part, as JSON."""
    row = conn.exec_driver_sql(
        "SELECT body FROM export_parts WHERE shop_id = %(shop)s AND request_id = %(request)s AND number = %(number)s",
        {"shop": shop_id, "request": request_id, "number": number},
    ).one_or_none()
    return zstandard.ZstdDecompressor().decompress(row[0], 4 * MAX_BODY_BYTES) if row else None


def sections(conn: Connection, shop_id: int, request_id: int) -> list[tuple[str, int, int]]:
    """(section, first part, last part) in order."""
    rows = conn.exec_driver_sql(
        "SELECT section, min(number), max(number) FROM export_parts WHERE shop_id = %(shop)s"
        " AND request_id = %(request)s GROUP BY 1 ORDER BY 2",
        {"shop": shop_id, "request": request_id},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def open_once(
    conn: Connection, shop_id: int, request_id: int, actor: str, now: datetime, kind: str = "customers/data_request"
) -> bool:
    """Open it; says whether it was closed until now."""
    done = conn.exec_driver_sql(
        "UPDATE privacy_requests SET opened_at = %(now)s, opened_by = %(actor)s WHERE shop_id = %(shop)s"
        " AND id = %(id)s AND opened_at IS NULL AND done_at IS NOT NULL AND kind = %(kind)s",
        {"shop": shop_id, "id": request_id, "actor": actor, "now": now, "kind": kind},
    )
    return done.rowcount == 1
