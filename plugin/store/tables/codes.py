"""Codes made ahead: sets that share one discount, their codes, and the calls that make them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from plugin.store.tables.columns import id_column, json_column, key, metadata, shop, text_column, time_column

code_sets = Table(
    "code_sets",
    metadata,
    id_column(),
    shop(),
    Column("purpose", Text, nullable=False),  # next_order | campaign
    text_column("name"),
    json_column("terms"),
    text_column("terms_key"),
    Column("wanted", Integer, nullable=False),
    text_column("state", "filling"),  # filling | ready | ending | ended | lost
    text_column("shopify_id"),  # the discount that its codes belong to
    time_column("starts_at", nullable=False),
    time_column("ends_at", nullable=False),
    time_column("created_at", nullable=False),
    text_column("created_by"),
    text_column("last_error"),
    Index(
        "code_sets_pool",
        "shop_id",
        "terms_key",
        "ends_at",
        unique=True,
        postgresql_where=text("purpose = 'next_order' AND state IN ('filling', 'ready')"),
    ),
    Index("code_sets_newest", "shop_id", "purpose", "id"),
)

set_codes = Table(
    "set_codes",
    metadata,
    key("shop_id"),
    key("set_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    text_column("state", "wanted"),  # wanted | there | given | refused
    Column("redemption_id", BigInteger),
    Column("used_by_order", BigInteger),
    Index("set_codes_code", "shop_id", text("upper(code)"), unique=True),
    Index("set_codes_there", "shop_id", "set_id", "number", postgresql_where=text("state = 'there'")),
    Index(
        "set_codes_redemption",
        "shop_id",
        "redemption_id",
        unique=True,
        postgresql_where=text("redemption_id IS NOT NULL"),
    ),
)

code_calls = Table(
    "code_calls",
    metadata,
    key("shop_id"),
    key("set_id"),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    text_column("state", "sending"),  # sending | sent | done
    text_column("creation"),  # Shopify's own id of the call, to ask how far it is
    time_column("sent_at", nullable=False, now=True),
    Column("made_again", Integer, nullable=False, server_default=text("0")),  # given up on, and sent once more
)
