"""The table of what rules of the programme gave by themselves."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


def add_to(metadata: MetaData) -> Table:
    """`gifts`: one row for each member, rule and occasion."""
    zero, now = text("0"), text("now()")
    return Table(
        "gifts",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("shop_id", BigInteger, nullable=False),
        Column("member_id", BigInteger, nullable=False),
        Column("rule", Text, nullable=False),
        Column("occasion", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),  # when what it is given for happened
        Column("day", Date, nullable=False),  # the shop's day on which it was given
        Column("state", Text, nullable=False, server_default=text("'given'")),  # given | back
        Column("round", SmallInteger, nullable=False, server_default=text("1")),  # given, taken back, given again
        Column("points", BigInteger, nullable=False, server_default=zero),  # what entries say, kept at hand
        Column("forgiven", BigInteger, nullable=False, server_default=zero),
        Column("terms", JSONB, nullable=False, server_default=text("'{}'")),  # the rule as it was
        Column("why", JSONB, nullable=False, server_default=text("'[]'")),
        Column("changed_at", DateTime(timezone=True), nullable=False, server_default=now),
        UniqueConstraint("shop_id", "rule", "member_id", "occasion", name="gifts_once"),
        Index("gifts_member", "shop_id", "member_id"),
        Index("gifts_day", "shop_id", "rule", "day"),
    )
