"""What members did besides buying."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint

from plugin.store.tables.columns import id_column, metadata, shop, time_column

activity_records = Table(
    "activity_records",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("activity", Text, nullable=False),  # its id in the programme
    Column("counted_as", Text, nullable=False),  # what limits go by
    Column("key", Text, nullable=False),  # whoever reports it gives each happening one
    Column("points", BigInteger, nullable=False),
    time_column("happened_at", nullable=False),
    time_column("created_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "counted_as", "key", name="activity_records_once"),
    Index("activity_records_member", "shop_id", "member_id", "counted_as"),
)
