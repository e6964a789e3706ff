"""What webhooks bring: each delivery, which came before, and which are not yet processed."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, LargeBinary, SmallInteger, Table, Text, text

from plugin.store.tables.columns import count, id_column, key, metadata, text_column, time_column

deliveries = Table(
    "deliveries",
    metadata,
    key("shop_id"),
    id_column(),
    Column("webhook_id", Text, nullable=False),
    Column("topic", Text, nullable=False),
    text_column("event_id"),
    text_column("api_version"),
    time_column("triggered_at", nullable=False),
    time_column("received_at", nullable=False, now=True),
    Column("body", LargeBinary, nullable=False),  # zstd
    text_column("body_state", "whole"),  # whole | stripped | empty
    Index("deliveries_kept", "shop_id", "body_state", "id", postgresql_where=text("body_state <> 'empty'")),
)
"""In parts by month of `received_at`, which the migration and `suki_make_month` make."""

delivery_ids = Table(
    "delivery_ids",
    metadata,
    key("shop_id"),
    Column("webhook_id", Text, primary_key=True),
    time_column("received_at", nullable=False, now=True),
    Index("delivery_ids_age", "shop_id", "received_at"),
)
"""Which webhooks came in the last days: one that comes again is not stored again."""

inbox = Table(
    "inbox",
    metadata,
    key("shop_id"),
    key("delivery_id"),
    text_column("state", "new"),  # new | failed | refused
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    time_column("not_before", nullable=False, now=True),
    text_column("last_error"),
)

intake_counters = Table(
    "intake_counters",
    metadata,
    Column("day", Date, primary_key=True),
    Column("reason", Text, primary_key=True),
    count("seen"),
)
