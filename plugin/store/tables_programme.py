"""What happens to versions of the programme beside being saved."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, MetaData, Table, Text, UniqueConstraint

from plugin.store.columns import id_column, json_column, text_column, time_column


def add_to(metadata: MetaData) -> Table:
    """`programme_withdrawals`: planned versions that will not come into force. Never changed."""
    return Table(
        "programme_withdrawals",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        text_column("actor"),
        time_column("at", nullable=False, now=True),
    )


def add_batches_to(metadata: MetaData) -> Table:
    """`tier_batches`: tiers that staff set for many members at once, and what each held before."""
    return Table(
        "tier_batches",
        metadata,
        id_column(),
        Column("shop_id", BigInteger, nullable=False),
        Column("key", Text, nullable=False),
        Column("tier", Text, nullable=False),
        Column("until", Date),
        text_column("note"),
        text_column("actor"),
        json_column("before"),
        time_column("created_at", nullable=False, now=True),
        time_column("undone_at"),
        UniqueConstraint("shop_id", "key", name="tier_batches_once"),
    )
