"""Forgetting people and shops: what is scrubbed, and what is deleted."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

import orjson
import zstandard
from sqlalchemy import Connection

from plugin.errors import BadPayload
from plugin.rules import json_text
from plugin.rules.orders.adjustment_reasons import known_reason
from plugin.store.deliveries import MAX_BODY_BYTES
from plugin.store.rewards import credits

DELETED_WITH_SHOP = (
    "shop_tokens",
    "inbox",
    "deliveries",
    "delivery_ids",
    "order_views",
    "messages",
    "member_tiers",
    "tier_batches",
    "fulfilments",
    "donations",
    "donation_payouts",
    "pool_codes",
    "redemptions",
    "gifts",
    "set_codes",
    "code_calls",
    "code_sets",
    "referral_links",
    "referrals",
    "referral_marks",
    "referral_blocks",
    "products",
    "variants",
    "customer_facts",
    "staff_log",
    "entry_notes",
    "imports",
    "activity_records",
    "member_profiles",
    "api_keys",
    "access_log",
)
"""What stays are anonymous sums, the rules they came from, and proof of what was asked: no names, no words of staff."""
_KEPT_OF_ORDER = frozenset(
    (
        "id order_id name created_at updated_at processed_at cancelled_at currency financial_status test source_name"
        " taxes_included total_price total_tip_received payment_gateway_names discount_codes code line_items title"
        " variant_title vendor product_id price quantity current_quantity gift_card tip discount_allocations tax_lines"
        " shipping_lines discounted_price refunds refund_line_items line_item_id subtotal subtotal_set"
        " order_adjustments amount amount_set shop_money currency_code transactions kind status gateway order_edit"
        " presentment_currency presentment_money price_set discounted_price_set current_discounted_price"
        " current_discounted_price_set is_removed tip_payment_gateway total_outstanding total_outstanding_set"
        " subtotal_price_set total_price_set current_total_price_set original_total_price_set total_tax total_tax_set"
        " refund_shipping_lines subtotal_amount subtotal_amount_set tax_amount tax_amount_set duties refund_duties"
        " total_duties_set additional_fees refund_additional_fees original_total_duties_set current_total_duties_set"
        " original_total_additional_fees_set current_total_additional_fees_set"
    ).split()
)
"""What points are computed from, at any depth; addresses, notes, properties and receipts are not."""
NOTHING = b"{}"
"""What stays of a delivery that was about the person alone."""


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


def scrub_deliveries(
    conn: Connection, shop_id: int, customer_ids: AbstractSet[Any], emails: AbstractSet[str]
) -> tuple[int, int]:
    """Rewrite every stored body that names one of them, keeping what points were computed from.

    Reads all deliveries of the shop: slow, and certain. Answers how many were rewritten, and how many name
    them but are left until they are processed: an order, or another privacy request, that only waits its turn.
    """
    unpack = zstandard.ZstdDecompressor().decompress
    pack = zstandard.ZstdCompressor(level=1).compress
    naming = _naming(customer_ids, emails)
    rewritten, waiting, after = 0, 0, 0
    while True:
        rows = conn.exec_driver_sql(
            "SELECT id, topic, body, EXISTS (SELECT FROM inbox i WHERE i.shop_id = d.shop_id AND i.delivery_id = d.id"
            " AND i.state = 'new') FROM deliveries d WHERE shop_id = %(shop)s AND id > %(after)s"
            " ORDER BY id LIMIT 1000",
            {"shop": shop_id, "after": after},
        ).fetchall()
        if not rows:
            return rewritten, waiting
        after = rows[-1][0]
        for number, topic, body, waits in rows:
            if scrubbed := _scrubbed(topic, unpack(body, MAX_BODY_BYTES), naming):
                if not waits:
                    _rewrite(conn, shop_id, number, pack(scrubbed))
                rewritten, waiting = rewritten + (not waits), waiting + waits


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


def _naming(customer_ids: AbstractSet[Any], emails: AbstractSet[str]) -> re.Pattern[str]:
    """Finds the ids and addresses themselves, not where they are part of a longer one: that is somebody else."""
    ids = [rf"(?<![\d.]){re.escape(key)}(?![\d.])" for key in sorted(map(str, customer_ids))]
    addresses = [rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)" for email in sorted(emails)]
    return re.compile("|".join(ids + addresses) or r"(?!)")


def _plain(body: bytes) -> str:
    """The body case-folded; where letters are escaped, as they read."""
    return json_text.letters(body).casefold()


def _scrubbed(topic: str, body: bytes, naming: re.Pattern[str]) -> bytes | None:
    """The body without the person, or None when it does not name them."""
    if not naming.search(_plain(body)):
        return None
    if topic.startswith("customers/"):
        return NOTHING
    try:
        return orjson.dumps(_kept(json_text.read_any(body)))
    except BadPayload:
        return NOTHING


def _kept(value: Any) -> Any:
    """A reason is kept where it is one of Shopify's own, and not somebody's words."""
    if isinstance(value, dict):
        reason = {"reason": value["reason"]} if known_reason(value.get("reason")) else {}
        return {**{key: _kept(part) for key, part in value.items() if key in _KEPT_OF_ORDER}, **reason}
    return [_kept(part) for part in value] if isinstance(value, list) else value


_EMPTIED = (
    "UPDATE tier_events SET reasons = '[]' WHERE shop_id = %(shop)s AND because = 'staff' AND reasons <> '[]'",
    "UPDATE programme_versions SET note = '' WHERE shop_id = %(shop)s AND note <> ''",
    "UPDATE privacy_requests SET result = '{}', done_at = coalesce(done_at, %(now)s) WHERE shop_id = %(shop)s"
    " AND (kind = 'customers/data_request' OR done_at IS NULL)",
    "DELETE FROM jobs WHERE shop_id = %(shop)s AND kind <> 'erase_shop'",
)
"""What is written in rows that stay, by staff or about somebody. The job that does this is removed by its runner."""


def delete_shop(conn: Connection, shop_id: int, now: datetime) -> dict[str, int]:
    """Delete the shop's rows and make its members anonymous; answers how many there were."""
    counts = {}
    for table in DELETED_WITH_SHOP:
        result = conn.exec_driver_sql(f"DELETE FROM {table} WHERE shop_id = %(shop)s", {"shop": shop_id})
        counts[table] = result.rowcount
    for sql in _EMPTIED:
        conn.exec_driver_sql(sql, {"shop": shop_id, "now": now})
    credits.forget(conn, shop_id)
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
