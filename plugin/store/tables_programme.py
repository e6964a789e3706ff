"""What happens to versions of the programme beside being saved."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

from plugin.store.columns import text_column, time_column


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
