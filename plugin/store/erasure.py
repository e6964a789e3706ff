"""Forgetting people and shops: what is scrubbed, and what is deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

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
    "staff",
    "staff_log",
    "entry_notes",
    "imports",
    "activity_records",
    "member_profiles",
    "api_keys",
    "delivery_subjects",
    "known_as",
    "forgotten",
    "erasure_orders",
    "export_parts",
    "access_log",
)
"""What stays are anonymous sums, the rules they came from, and proof of what was asked: no names, no words of staff."""
NOTHING = b"{}"
"""What stays of a delivery that was about a person."""


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
