"""Where each member stands, every change of it, and tiers that staff set for many at once."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from plugin.store.tables.columns import (
    flag,
    id_column,
    json_column,
    json_list,
    key,
    metadata,
    shop,
    text_column,
    time_column,
)

member_tiers = Table(
    "member_tiers",
    metadata,
    key("shop_id"),
    key("member_id"),
    text_column("tier"),  # its key; empty: none
    Column("since", Date),
    Column("below_since", Date),
    Column("stepped_until", Date),
    flag("pinned"),
    Column("pinned_until", Date),
    Column("lost_on", Date),
    Column("look_on", Date),  # the next day on which time alone may change something
    text_column("look_why"),
    Column("warned_days", SmallInteger),
    Column("warned_on", Date),
    Column("warned_for", Date),  # the first day without the tier, as the newest warning says
    Column("warned_by", BigInteger),  # its message
    Column("kept_until", Date),  # not lost before this day, whatever the rules say
    text_column("tagged"),  # the tag that the customer was given in Shopify
    Index("member_tiers_look", "shop_id", "look_on", postgresql_where=text("look_on IS NOT NULL")),
    Index("member_tiers_tier", "shop_id", "tier"),
)

tier_changes = Table(
    "tier_changes",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    time_column("at", nullable=False),
    text_column("from_tier"),
    text_column("to_tier"),
    Column("because", Text, nullable=False),  # order | refund | time | rules | staff | merge
    Column("actor", Text, nullable=False),
    Column("programme_version", Integer, nullable=False),
    json_list("reasons"),
    Index("tier_changes_member", "shop_id", "member_id", "id"),
    Index("tier_changes_at", "shop_id", "at"),
)

tier_batches = Table(
    "tier_batches",
    metadata,
    id_column(),
    shop(),
    Column("key", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("until", Date),
    text_column("note"),
    text_column("actor"),
    json_column("before"),
    Column("tell", Boolean, nullable=False, server_default=text("true")),
    time_column("created_at", nullable=False, now=True),
    time_column("undone_at"),
    UniqueConstraint("shop_id", "key", name="tier_batches_once"),
)
