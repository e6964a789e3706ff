"""The tables of tiers: where each member stands, and every change of it, which is never changed again."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text("''"))


def add_to(metadata: MetaData) -> tuple[Table, Table]:
    """`member_tiers` and `tier_events`."""
    states = Table(
        "member_tiers",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("member_id", BigInteger, primary_key=True, autoincrement=False),
        _words("tier"),  # its key; empty: none
        Column("since", Date),
        Column("below_since", Date),
        Column("stepped_until", Date),
        Column("pinned", Boolean, nullable=False, server_default=text("false")),
        Column("pinned_until", Date),
        Column("lost_on", Date),
        Column("look_on", Date),  # the next day on which time alone may change something
        _words("look_why"),
        Column("warned_days", SmallInteger),
        Column("warned_on", Date),
        _words("tagged"),  # the tag that the customer was given in Shopify
        Index("member_tiers_look", "shop_id", "look_on", postgresql_where=text("look_on IS NOT NULL")),
        Index("member_tiers_tier", "shop_id", "tier"),
    )
    events = Table(
        "tier_events",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("shop_id", BigInteger, nullable=False),
        Column("member_id", BigInteger, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        _words("from_tier"),
        _words("to_tier"),
        Column("because", Text, nullable=False),  # order | refund | time | rules | staff | merge
        Column("actor", Text, nullable=False),
        Column("programme_version", Integer, nullable=False),
        Column("reasons", JSONB, nullable=False, server_default=text("'[]'")),
        Index("tier_events_member", "shop_id", "member_id", "id"),
        Index("tier_events_at", "shop_id", "at"),
    )
    return states, events
