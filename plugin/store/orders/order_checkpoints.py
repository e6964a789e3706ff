"""What an order was, and had been given, when the webhooks that say so were emptied: where a replay begins.

One row an order, written before its bodies go and overwritten when later ones go. It may be newer than the bodies
that are left: applying those again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson
import zstandard
from sqlalchemy import Connection

LARGEST = 16 * 2**20
EMPTIED_UNTIL = "bodies_emptied_until"
"""The shop's setting that says from when on bodies are left."""


def ready(conn: Connection, shop_id: int, order_ids: Iterable[int], reading: int) -> set[int]:
    """Which of these orders were last judged by this reading of the payloads; orders that we do not know count."""
    ids = sorted(set(order_ids))
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)"
        " AND reading IS DISTINCT FROM %(reading)s",
        {"shop": shop_id, "ids": ids, "reading": reading},
    )
    return set(ids) - set(rows.scalars())


def take(conn: Connection, shop_id: int, order_ids: Iterable[int], now: datetime) -> None:
    """Write down these orders as they are, without the buyer's name."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, to_jsonb(o) - 'explanation' FROM order_views o"
        " WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    ).fetchall()
    pack = zstandard.ZstdCompressor(level=3).compress
    conn.exec_driver_sql(
        "INSERT INTO order_checkpoints (shop_id, order_id, kept, taken_at)"
        " SELECT %(shop)s, k.order_id, k.kept, %(now)s FROM unnest(%(ids)s::bigint[], %(kept)s::bytea[])"
        " AS k(order_id, kept) ON CONFLICT (shop_id, order_id) DO UPDATE SET kept = excluded.kept,"
        " taken_at = excluded.taken_at",
        {
            "shop": shop_id,
            "now": now,
            "ids": [row[0] for row in rows],
            "kept": [pack(orjson.dumps(_nameless(row[1]))) for row in rows],
        },
    )


def take_again(conn: Connection, shop_id: int, order_id: int) -> None:
    """Write the order down as it is now, if it was written down before: something was taken out of it."""
    taken_at = conn.exec_driver_sql(
        "SELECT taken_at FROM order_checkpoints WHERE shop_id = %(shop)s AND order_id = %(id)s",
        {"shop": shop_id, "id": order_id},
    ).scalar_one_or_none()
    if taken_at is not None:
        take(conn, shop_id, [order_id], taken_at)


def forget(conn: Connection, shop_id: int, order_id: int) -> None:
    """The order was somebody's who was forgotten: a replay leaves it out."""
    conn.exec_driver_sql(
        "DELETE FROM order_checkpoints WHERE shop_id = %(shop)s AND order_id = %(id)s",
        {"shop": shop_id, "id": order_id},
    )


def _nameless(row: dict[str, object]) -> dict[str, object]:
    view = row.get("view")
    if isinstance(view, dict) and isinstance(view.get("buyer"), dict):
        view["buyer"] = {key: view["buyer"].get(key) for key in ("customer_id", "email", "created_at")}
    return row


def page(conn: Connection, shop_id: int, after: int, limit: int) -> list[tuple[int, str]]:
    """Orders in the order of their numbers, each as JSON of its row."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, kept FROM order_checkpoints WHERE shop_id = %(shop)s AND order_id > %(after)s"
        " ORDER BY order_id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    unpack = zstandard.ZstdDecompressor().decompress
    return [(row[0], unpack(row[1], LARGEST).decode()) for row in rows]


def restore(conn: Connection, shop_id: int, rows: Sequence[str]) -> None:
    """In the scratch schema: put these orders in place. What their rows lack, because a column is younger than the
    checkpoint, is as the order has it today. They take the place of what only said in which tier they were judged."""
    conn.exec_driver_sql(
        "DELETE FROM order_views WHERE shop_id = %(shop)s AND order_id IN"
        " (SELECT (kept->>'order_id')::bigint FROM unnest(%(rows)s::jsonb[]) AS k(kept))",
        {"shop": shop_id, "rows": list(rows)},
    )
    conn.exec_driver_sql(
        "INSERT INTO order_views SELECT (jsonb_populate_record(NULL::order_views, to_jsonb(o) || k.kept)).*"
        " FROM unnest(%(rows)s::jsonb[]) AS k(kept) JOIN public.order_views o ON o.shop_id = %(shop)s"
        " AND o.order_id = (k.kept->>'order_id')::bigint",
        {"shop": shop_id, "rows": list(rows)},
    )


def restore_members(conn: Connection, shop_id: int, before: datetime, ids: Iterable[int]) -> None:
    """In the scratch schema: the members who had joined by then, and these, with nothing on their accounts yet."""
    conn.exec_driver_sql(
        "INSERT INTO members SELECT (jsonb_populate_record(NULL::members, to_jsonb(m) ||"
        ' \'{"balance": 0, "debt": 0}\')).* FROM public.members m WHERE shop_id = %(shop)s'
        " AND (joined_at <= %(before)s OR id = ANY(%(ids)s)) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "before": before, "ids": sorted(set(ids))},
    )
    conn.exec_driver_sql("SELECT setval('members_id_seq', greatest((SELECT max(id) FROM members), 1))")


def restored(conn: Connection, shop_id: int) -> list[int]:
    """In the scratch schema: which members are there."""
    rows = conn.exec_driver_sql("SELECT id FROM members WHERE shop_id = %(shop)s ORDER BY id", {"shop": shop_id})
    return list(rows.scalars())


def welcomes(conn: Connection, shop_id: int, ids: Iterable[int]) -> list[tuple[int, int]]:
    """(member, points) of the welcome points of these members."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, sum(points) FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND subject = 'welcome' GROUP BY 1 HAVING sum(points) > 0",
        {"shop": shop_id, "ids": list(ids)},
    )
    return [(row[0], int(row[1])) for row in rows]
