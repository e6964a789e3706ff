"""Every table, as SQLAlchemy sees it; what only PostgreSQL can promise stands in the migrations (a test compares).

Money columns end in `_minor` (integer minor units); times are aware; points are integers.
"""

from __future__ import annotations

from plugin.store.tables.activities import activity_records
from plugin.store.tables.codes import code_calls, code_sets, set_codes
from plugin.store.tables.columns import metadata
from plugin.store.tables.emails import checkouts_left, email_drafts, email_versions, mailings
from plugin.store.tables.events import endpoints, event_readers, events, outgoing_webhooks, own_cluster
from plugin.store.tables.imports import import_members, import_parts, import_people, imports, member_origins
from plugin.store.tables.intake import deliveries, delivery_ids, inbox, intake_counters
from plugin.store.tables.members import (
    absences,
    bulk_act_members,
    bulk_acts,
    customer_facts,
    entry_notes,
    member_codes,
    member_facets,
    member_names,
    member_profiles,
    member_views,
    members,
    paces,
)
from plugin.store.tables.orders import (
    known_goods,
    order_checkpoints,
    order_views,
    products,
    reading_differences,
    variants,
)
from plugin.store.tables.points import entries, lot_draws, lots
from plugin.store.tables.privacy import (
    delivery_subjects,
    erasure_orders,
    export_parts,
    forgotten,
    known_as,
    own_keys,
    privacy_requests,
    second_steps,
)
from plugin.store.tables.programme import own_names, programme_versions, programme_withdrawals
from plugin.store.tables.referrals import referral_blocks, referral_claims, referral_links, referral_marks, referrals
from plugin.store.tables.reports import (
    days_dirty,
    member_months,
    member_stats,
    order_facts,
    order_items,
    shop_days,
    stats_dirty,
    survey_answers,
)
from plugin.store.tables.rewards import (
    credits,
    donation_payouts,
    donations,
    fulfilments,
    gifts,
    partner_codes,
    redemptions,
)
from plugin.store.tables.sending import email_optouts, message_clicks, provider_calls, returned_mails, suppressions
from plugin.store.tables.shops import (
    access_log,
    api_keys,
    form_answers,
    pauses,
    secret_keys,
    shop_tokens,
    shops,
    staff,
    staff_log,
)
from plugin.store.tables.tiers import member_tiers, tier_batches, tier_changes
from plugin.store.tables.work import jobs, messages

OF_NO_SHOP = ("shops", "intake_counters", "own_keys", "secret_keys", "own_cluster", "provider_calls")
SHOP_TABLES = tuple(t for t in metadata.sorted_tables if t.name not in OF_NO_SHOP)
"""The tables that hold rows of one shop: each has forced row-level security."""

__all__ = [
    "SHOP_TABLES",
    "absences",
    "access_log",
    "activity_records",
    "api_keys",
    "bulk_act_members",
    "bulk_acts",
    "checkouts_left",
    "code_calls",
    "code_sets",
    "credits",
    "customer_facts",
    "days_dirty",
    "deliveries",
    "delivery_ids",
    "delivery_subjects",
    "donation_payouts",
    "donations",
    "email_drafts",
    "email_optouts",
    "email_versions",
    "endpoints",
    "entries",
    "entry_notes",
    "erasure_orders",
    "event_readers",
    "events",
    "export_parts",
    "forgotten",
    "form_answers",
    "fulfilments",
    "gifts",
    "import_members",
    "import_parts",
    "import_people",
    "imports",
    "member_origins",
    "inbox",
    "intake_counters",
    "jobs",
    "known_as",
    "lot_draws",
    "lots",
    "member_months",
    "member_codes",
    "member_facets",
    "member_names",
    "member_profiles",
    "member_stats",
    "member_tiers",
    "member_views",
    "mailings",
    "members",
    "message_clicks",
    "messages",
    "metadata",
    "order_checkpoints",
    "order_facts",
    "order_items",
    "order_views",
    "outgoing_webhooks",
    "own_cluster",
    "own_keys",
    "own_names",
    "paces",
    "partner_codes",
    "pauses",
    "privacy_requests",
    "known_goods",
    "products",
    "programme_versions",
    "programme_withdrawals",
    "provider_calls",
    "reading_differences",
    "redemptions",
    "referral_blocks",
    "referral_claims",
    "referral_links",
    "referral_marks",
    "referrals",
    "returned_mails",
    "second_steps",
    "secret_keys",
    "set_codes",
    "shop_days",
    "shop_tokens",
    "shops",
    "staff",
    "staff_log",
    "stats_dirty",
    "suppressions",
    "survey_answers",
    "tier_batches",
    "tier_changes",
    "variants",
]
