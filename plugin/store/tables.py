"""Every table, as SQLAlchemy sees it; what only PostgreSQL can promise stands in the migrations (a test compares).
Money columns end in `_minor` (integer minor units); times are aware; points are integers.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from plugin.store import (
    tables_activities,
    tables_codes,
    tables_customers,
    tables_kinds,
    tables_programme,
    tables_referrals,
    tables_staff,
    tables_tiers,
)
from plugin.store.columns import count as _count
from plugin.store.columns import flag as _flag
from plugin.store.columns import id_column as _id
from plugin.store.columns import json_column as _json
from plugin.store.columns import metadata
from plugin.store.columns import shop as _shop
from plugin.store.columns import text_column as _text
from plugin.store.columns import time_column as _time
from plugin.store.tables_credits import credits
from plugin.store.tables_gifts import add_to as _add_gifts
from plugin.store.tables_upkeep import (
    intake_counters,
    jobs,
    member_names,
    messages,
    privacy_requests,
    products,
    staff_log,
)

shops = Table(
    "shops",
    metadata,
    _id(),
    Column("domain", Text, nullable=False, unique=True),
    _text("state", "installed"),  # installed | uninstalled | redacted
    _text("name"),
    _text("email"),
    _text("currency", "USD"),
    _text("timezone", "UTC"),
    _text("locale", "en"),
    _json("brand"),
    _json("settings"),
    Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    _flag("needs_reopen"),
    _time("installed_at", nullable=False, now=True),
    _time("uninstalled_at"),
    _time("reconciled_until"),
)

shop_tokens = Table(
    "shop_tokens",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("access_token", LargeBinary, nullable=False),
    _time("access_expires_at", nullable=False),
    Column("refresh_token", LargeBinary, nullable=False),
    _time("refresh_expires_at", nullable=False),
    _time("updated_at", nullable=False, now=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("webhook_id", Text, nullable=False),
    Column("topic", Text, nullable=False),
    _text("event_id"),
    _text("api_version"),
    _time("triggered_at", nullable=False),
    _time("received_at", nullable=False, now=True),
    Column("body", LargeBinary, nullable=False),  # zstd
    UniqueConstraint("shop_id", "webhook_id", name="deliveries_once"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("delivery_id", BigInteger, primary_key=True, autoincrement=False),
    _text("state", "new"),  # new | failed
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    _time("not_before", nullable=False, now=True),
    _text("last_error"),
)

members = Table(
    "members",
    metadata,
    _id(),
    _shop(),
    Column("customer_id", BigInteger),
    _text("email"),
    _text("email_key"),
    _text("first_name"),
    _text("last_name"),
    _text("locale"),
    _text("state", "member"),  # member | guest | merged | erased
    Column("merged_into", BigInteger),
    _count("balance"),  # sum of entries
    _flag("welcomed"),  # welcome points were given, once per person
    _count("debt"),  # points owed: balance = sum(lots.points_left) - debt
    _time("joined_at", nullable=False, now=True),
    _time("last_activity_at", nullable=False, now=True),
    Index(
        "members_customer",
        "shop_id",
        "customer_id",
        unique=True,
        postgresql_where=text("customer_id IS NOT NULL"),
    ),
    Index(
        "members_guest",
        "shop_id",
        "email_key",
        unique=True,
        postgresql_where=text("customer_id IS NULL AND state = 'guest'"),
    ),
    Index("members_email", "shop_id", "email_key"),
    Index("members_activity", "shop_id", "last_activity_at", "id"),
    Index("members_points", "shop_id", "balance", "id"),
    Index("members_newest", "shop_id", "id"),
    Index("members_joined", "shop_id", "joined_at"),
)

programme_versions = Table(
    "programme_versions",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _json("rules"),
    _text("author"),
    _text("note"),
    _time("effective_from", nullable=False, now=True),
    _time("created_at", nullable=False, now=True),
)

order_views = Table(
    "order_views",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger),
    _text("name"),
    _time("updated_at"),
    _time("triggered_at"),
    _time("created_at"),
    _json("view", nullable=True),
    _json("refunds", nullable=True),
    _json("snapshot", nullable=True),
    _json("posted", nullable=True),  # {member: [points, last line, forgiven]}: what entries say, kept at hand
    _flag("deleted"),
    _text("financial_status"),
    _text("waiting_for"),
    _count("total_minor"),
    _count("deserved"),
    _count("counted_minor"),  # what of the order counts for tiers
    _json("explanation", nullable=True),
    Column("before_limits", BigInteger),  # what it would deserve without the limits of a period, if that is more
    _time("seen_at", nullable=False, now=True),
    Index("order_views_member", "shop_id", "member_id"),
    Index("order_views_created", "shop_id", "created_at"),
    Index("order_views_waiting", "shop_id", postgresql_where=text("waiting_for <> ''")),
)

entries = Table(
    "entries",
    metadata,
    _id(),
    _shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("programme_version", Integer),
    _time("effective_at", nullable=False),
    _json("reason"),
    Column("actor", Text, nullable=False),
    _time("created_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "member_id", "subject", "line", name="entries_once"),
    Index("entries_created", "created_at", postgresql_using="brin"),
)

lots = Table(
    "lots",
    metadata,
    _id(),
    _shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("entry_id", BigInteger, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("points_left", BigInteger, nullable=False),
    _time("available_at", nullable=False),
    _time("expires_at"),
    _time("earned_at", nullable=False, now=True),  # from when it ages
    _time("kept_until"),  # not lost before, whatever the rules say
    _time("warned_for"),  # the end that its warnings were about
    _time("warned_at"),
    Column("warnings", SmallInteger, nullable=False, server_default=text("0")),
    _time("look_at"),  # when expiry has to look at it next
    Index("lots_of_member", "shop_id", "member_id"),
    Index("lots_to_look_at", "shop_id", "look_at", "id", postgresql_where=text("points_left > 0")),
    Index("lots_maturing", "shop_id", "available_at", postgresql_where=text("NOT announced")),
    _flag("announced"),  # false while the points wait for the end of their pending window
)

lot_draws = Table(
    "lot_draws",
    metadata,
    Column("entry_id", BigInteger, primary_key=True),
    Column("lot_id", BigInteger, primary_key=True),
    _shop(),
    Column("points", BigInteger, nullable=False),
    Index("lot_draws_of_lot", "lot_id"),
)

_OPEN_REWARD = text("reward <> 'next_order_code' AND state = 'reserved'")
redemptions = Table(
    "redemptions",
    metadata,
    _id(),
    _shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("reward", Text, nullable=False),
    Column("subject", Text, nullable=False),
    _count("points"),
    _json("terms"),
    _text("state", "reserved"),  # reserved | captured | released
    Column("code", Text, nullable=False),
    _text("code_state", "wanted"),  # wanted | created | unwanted | disabled
    _text("shopify_id"),
    Column("captured_by_order", BigInteger),
    _time("created_at", nullable=False, now=True),
    _time("issued_at"),
    _time("expires_at"),
    _time("ended_at"),
    _flag("given_back"),  # the order that used it no longer stands, and the points went back
    _count("back_points"),  # what came back for a part of the order
    _text("ended_why"),
    _text("ended_by"),
    Column("secret", LargeBinary),  # a gift card's own code, encrypted
    UniqueConstraint("shop_id", "reward", "subject", name="redemptions_once"),
    Index("redemptions_code", "shop_id", text("upper(code)"), unique=True),
    Index("redemptions_member", "shop_id", "member_id"),
    Index("redemptions_created", "shop_id", "created_at"),
    Index("redemptions_newest", "shop_id", "id"),
    Index("redemptions_order", "shop_id", "captured_by_order", postgresql_where=text("reward <> 'next_order_code'")),
    Index("redemptions_open", "shop_id", "expires_at", postgresql_where=_OPEN_REWARD),
)

member_tiers, tier_events = tables_tiers.add_to(metadata)
customer_facts = tables_customers.add_to(metadata)
programme_withdrawals = tables_programme.add_to(metadata)
tier_batches = tables_programme.add_batches_to(metadata)
entry_notes, imports = tables_staff.add_to(metadata)
gifts = _add_gifts(metadata)
fulfilments, donations, donation_payouts, pool_codes = tables_kinds.add_to(metadata)
activity_records, member_profiles, api_keys = tables_activities.add_to(metadata)
code_sets, set_codes, code_calls = tables_codes.add_to(metadata)
referral_links, referrals, referral_marks, referral_blocks = tables_referrals.add_to(metadata)

SHOP_TABLES = tuple(t for t in metadata.sorted_tables if t.name not in ("shops", "intake_counters"))
"""The tables that hold rows of one shop: each has forced row-level security."""

__all__ = [
    "SHOP_TABLES",
    "credits",
    "intake_counters",
    "jobs",
    "member_names",
    "messages",
    "metadata",
    "privacy_requests",
    "products",
    "staff_log",
]
