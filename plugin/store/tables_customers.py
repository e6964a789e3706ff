"""The table of what orders' payloads do not say of customers: tags, consent and how many orders they have."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from plugin.store.columns import count, text_column, time_column


def add_to(metadata: MetaData) -> Table:
    """`customer_facts`."""
    return Table(
        "customer_facts",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
        Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        text_column("email_consent"),  # subscribed | not_subscribed | pending | unsubscribed; empty: not known
        count("orders_count"),
        time_column("fetched_at", nullable=False, now=True),
        time_column("tags_at"),  # the newest change of tags that a webhook told
        time_column("consent_at"),
    )
