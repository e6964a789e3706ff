"""What webhooks bring: each delivery as it came, and which of them are not yet processed."""

from __future__ import annotations

from sqlalchemy import Column, Date, LargeBinary, SmallInteger, Table, Text, UniqueConstraint, text

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
    UniqueConstraint("shop_id", "webhook_id", name="deliveries_once"),
)

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
