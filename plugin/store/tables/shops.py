"""The shops, their access to the Admin API, keys for ours, and what staff did."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from plugin.store.tables.columns import (
    count,
    flag,
    id_column,
    json_column,
    key,
    metadata,
    shop,
    text_column,
    time_column,
)

shops = Table(
    "shops",
    metadata,
    id_column(),
    Column("domain", Text, nullable=False, unique=True),
    text_column("state", "installed"),  # installed | uninstalled | redacted
    text_column("stage", "draft"),  # draft | launched
    time_column("launched_at"),
    Column("paused", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # earning | spending | mails, now
    time_column("first_paused_at"),  # earning, for the first time; before that nobody asks `pauses`
    text_column("name"),
    text_column("email"),
    text_column("currency", "USD"),
    text_column("timezone", "UTC"),
    text_column("locale", "en"),
    json_column("brand"),
    json_column("settings"),
    Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    flag("needs_reopen"),
    time_column("installed_at", nullable=False, now=True),
    time_column("uninstalled_at"),
    time_column("reconciled_until"),
    time_column("told_at"),  # when Shopify last changed the record that name, currency and time zone are from
    Column("shopify_id", BigInteger),  # the number that Shopify gives the shop; unknown before it was asked
)

pauses = Table(
    "pauses",
    metadata,
    id_column(),
    shop(),
    Column("what", Text, nullable=False),  # earning | spending | mails
    time_column("began_at", nullable=False),
    time_column("ended_at"),
    Index("pauses_shop", "shop_id", "began_at"),
    Index("pauses_open", "shop_id", "what", unique=True, postgresql_where=text("ended_at IS NULL")),
)
"""When staff had something paused: what is ordered while earning is paused never earns, whenever it is heard of."""

shop_tokens = Table(
    "shop_tokens",
    metadata,
    key("shop_id"),
    Column("access_token", LargeBinary, nullable=False),
    time_column("access_expires_at", nullable=False),
    Column("refresh_token", LargeBinary, nullable=False),
    time_column("refresh_expires_at", nullable=False),
    time_column("updated_at", nullable=False, now=True),
)

secret_keys = Table(
    "secret_keys",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("proof", LargeBinary, nullable=False),  # what this key alone opens
    time_column("first_seen_at", nullable=False, now=True),
)
"""The keys that stored secrets may be under. They belong to no shop."""

api_keys = Table(
    "api_keys",
    metadata,
    id_column(),
    shop(),
    text_column("name"),
    Column("secret_hash", LargeBinary, nullable=False),
    text_column("ending"),  # its last letters, to tell keys apart
    text_column("made_by"),
    Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # read | report | give
    time_column("created_at", nullable=False, now=True),
    time_column("last_used_at"),
    time_column("revoked_at"),
    time_column("window_from"),
    Column("window_calls", Integer, nullable=False, server_default=text("0")),
    Index("api_keys_shop", "shop_id", "id"),
)

staff_log = Table(
    "staff_log",
    metadata,
    id_column(),
    shop(),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    text_column("subject"),
    json_column("detail"),
    time_column("at", nullable=False, now=True),
    Index("staff_log_shop", "shop_id", "id"),
)

staff = Table(
    "staff",
    metadata,
    key("shop_id"),
    Column("account", Text, primary_key=True),  # `sub` of the ID token
    text_column("role", "viewer"),  # viewer | manager | owner
    text_column("name"),
    text_column("email"),
    time_column("ask_at"),
    time_column("seen_at", nullable=False, now=True),
    time_column("added_at", nullable=False, now=True),
    Column("corrected_on", Date),
    count("corrected_points"),
)

access_log = Table(
    "access_log",
    metadata,
    key("shop_id"),
    id_column(),
    time_column("at", nullable=False, now=True),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),  # read | change
    Column("what", Text, nullable=False),
    text_column("subject"),
    Column("how_many", BigInteger),
    Column("fields", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # names only, never what stood in them
    text_column("search"),  # a keyed hash
    Index("access_log_at", "shop_id", "at"),
    Index("access_log_actor", "shop_id", "actor", "id"),
)

form_answers = Table(
    "form_answers",
    metadata,
    key("shop_id"),
    Column("key", Text, primary_key=True),  # a hash of who sent it, where to, and the page's mark
    text_column("location"),  # empty while it is carried out
    time_column("begun_at", nullable=False),
    Index("form_answers_begun", "shop_id", "begun_at"),
)
"""Forms of the panel that are carried out, or were: the same one sent again leads where it led."""
