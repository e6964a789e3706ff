"""Forgetting people and shops: what is scrubbed, and what is deleted."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

import orjson
import zstandard
from sqlalchemy import Connection

from plugin.store.deliveries import MAX_BODY_BYTES

DELETED_WITH_SHOP = (
    "shop_tokens",
    "inbox",
    "deliveries",
    "order_views",
    "messages",
    "member_tiers",
    "redemptions",
    "products",
    "staff_log",
    "entry_notes",
    "imports",
)
"""Entries, lots and draws stay: anonymous sums. Jobs go last, by the runner."""
_KEPT_OF_ORDER = (
    "id name created_at updated_at processed_at currency financial_status line_items refunds cancelled_at test"
    " source_name taxes_included total_tip_received total_price discount_codes payment_gateway_names"
    " shipping_lines transactions order_id refund_line_items order_adjustments order_edit"
).split()


def scrub_orders(conn: Connection, shop_id: int, member_id: int) -> None:
    """Take the buyer out of the member's orders."""
    conn.exec_driver_sql(
        "UPDATE order_views SET view = jsonb_set(view, '{buyer}', jsonb_build_object('email',"
        " 'erased-' || member_id || '@erased.invalid')) WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND view IS NOT NULL",
        {"shop": shop_id, "member": member_id},
    )
    conn.exec_driver_sql(
        "UPDATE messages SET mail_subject = '' WHERE shop_id = %(shop)s AND member_id = %(member)s",
        {"shop": shop_id, "member": member_id},
    )


def scrub_deliveries(conn: Connection, shop_id: int, customer_ids: AbstractSet[Any], emails: AbstractSet[str]) -> int:
    """Rewrite every stored body that names one of them, keeping what points were computed from.

    Reads all deliveries of the shop: slow, and certain. Answers how many were rewritten.
    """
    unpack = zstandard.ZstdDecompressor().decompress
    pack = zstandard.ZstdCompressor(level=1).compress
    rewritten, after = 0, 0
    while True:
        rows = conn.exec_driver_sql(
            "SELECT id, body FROM deliveries WHERE shop_id = %(shop)s AND id > %(after)s ORDER BY id LIMIT 1000",
            {"shop": shop_id, "after": after},
        ).fetchall()
        if not rows:
            return rewritten
        after = rows[-1][0]
        for number, body in rows:
            if scrubbed := _scrubbed(unpack(body, MAX_BODY_BYTES), customer_ids, emails):
                _rewrite(conn, shop_id, number, pack(scrubbed))
                rewritten += 1


def scrub_exports(conn: Connection, shop_id: int, emails: AbstractSet[str], member_ids: AbstractSet[Any]) -> None:
    """Earlier exports of the same person go too."""
    conn.exec_driver_sql(
        "UPDATE privacy_requests SET result = '{\"erased\": true}' WHERE shop_id = %(shop)s"
        " AND kind = 'customers/data_request' AND done_at IS NOT NULL AND EXISTS ("
        "SELECT FROM jsonb_array_elements(coalesce(result->'members', '[]')) m"
        " WHERE lower(m->>'email') = ANY(%(emails)s) OR m->>'customer_id' = ANY(%(ids)s))",
        {"shop": shop_id, "emails": sorted(emails), "ids": [str(key) for key in member_ids]},
    )


def _rewrite(conn: Connection, shop_id: int, number: int, body: bytes) -> None:
    conn.exec_driver_sql(
        "UPDATE deliveries SET body = %(body)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": number, "body": body},
    )


def _scrubbed(body: bytes, customer_ids: AbstractSet[Any], emails: AbstractSet[str]) -> bytes | None:
    """The body without the person, or None when it does not name them."""
    folded = body.decode(errors="replace").casefold()
    named = any(email in folded for email in emails) or any(str(key) in folded for key in customer_ids)
    if not named:
        return None
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return b"{}"
    kept = {key: payload[key] for key in _KEPT_OF_ORDER if key in payload} if isinstance(payload, dict) else {}
    return orjson.dumps(kept)


def delete_shop(conn: Connection, shop_id: int) -> dict[str, int]:
    """Delete the shop's rows and make its members anonymous; answers how many there were."""
    counts = {}
    for table in DELETED_WITH_SHOP:
        result = conn.exec_driver_sql(f"DELETE FROM {table} WHERE shop_id = %(shop)s", {"shop": shop_id})
        counts[table] = result.rowcount
    result = conn.exec_driver_sql(
        "UPDATE members SET customer_id = NULL, email = '', email_key = '', first_name = '', last_name = '',"
        " locale = '', state = 'erased' WHERE shop_id = %(shop)s",
        {"shop": shop_id},
    )
    return {**counts, "members": result.rowcount}


def forget_shop(conn: Connection, shop_id: int, now: datetime) -> None:
    """Keep the shop's row as a number only."""
    conn.exec_driver_sql(
        "UPDATE shops SET state = 'redacted', name = '', email = '', brand = '{}', settings = '{}', scopes = '{}',"
        " uninstalled_at = coalesce(uninstalled_at, %(now)s) WHERE id = %(id)s",
        {"id": shop_id, "now": now},
    )
