"""What goes when a shop is forgotten, and what stays of a delivery that was about somebody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

DELETED_WITH_SHOP = (
    "shop_tokens",
    "inbox",
    "deliveries",
    "endpoints",
    "outgoing_webhooks",
    "events",
    "event_readers",
    "delivery_ids",
    "order_checkpoints",
    "reading_differences",
    "order_views",
    "past_runs",
    "past_run_orders",
    "order_facts",
    "order_items",
    "member_stats",
    "member_months",
    "stats_dirty",
    "shop_days",
    "days_dirty",
    "survey_answers",
    "messages",
    "message_clicks",
    "returned_mails",
    "suppressions",
    "email_optouts",
    "checkouts_left",
    "member_tiers",
    "member_facets",
    "member_views",
    "bulk_act_members",
    "bulk_acts",
    "member_codes",
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
    "paces",
    "form_answers",
    "pauses",
    "second_steps",
    "absences",
    "referral_claims",
    "referral_links",
    "referral_aliases",
    "referrals",
    "referral_marks",
    "referral_blocks",
    "known_goods",
    "products",
    "variants",
    "customer_facts",
    "staff",
    "staff_log",
    "entry_notes",
    "imports",
    "import_parts",
    "import_people",
    "import_members",
    "member_origins",
    "activity_records",
    "member_profiles",
    "api_keys",
    "email_drafts",
    "own_names",
    "email_versions",
    "mailings",
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


def forget_shop(conn: Connection, shop_id: int, now: datetime) -> None:
    """Keep the shop's row as a number only."""
    conn.exec_driver_sql(
        "UPDATE shops SET state = 'redacted', name = '', email = '', brand = '{}', settings = '{}', scopes = '{}',"
        " stage = 'draft', launched_at = NULL, paused = '{}', first_paused_at = NULL,"
        " uninstalled_at = coalesce(uninstalled_at, %(now)s) WHERE id = %(id)s",
        {"id": shop_id, "now": now},
    )
