"""The tables of codes made ahead: sets that share one discount, their codes, and the calls that make them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB


def _words(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


def add_to(metadata: MetaData) -> tuple[Table, Table, Table]:
    """`code_sets`, `set_codes` and `code_calls`."""
    sets = Table(
        "code_sets",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("shop_id", BigInteger, nullable=False),
        Column("purpose", Text, nullable=False),  # next_order | campaign
        _words("name"),
        Column("terms", JSONB, nullable=False, server_default=text("'{}'")),
        _words("terms_key"),
        Column("wanted", Integer, nullable=False),
        _words("state", "filling"),  # filling | ready | ending | ended | lost
        _words("shopify_id"),  # the discount that its codes belong to
        Column("starts_at", DateTime(timezone=True), nullable=False),
        Column("ends_at", DateTime(timezone=True), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        _words("created_by"),
        _words("last_error"),
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
    codes = Table(
        "set_codes",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("set_id", BigInteger, primary_key=True, autoincrement=False),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("code", Text, nullable=False),
        _words("state", "wanted"),  # wanted | there | given | refused
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
    calls = Table(
        "code_calls",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("set_id", BigInteger, primary_key=True, autoincrement=False),
        Column("first", Integer, primary_key=True, autoincrement=False),
        Column("last", Integer, nullable=False),
        _words("state", "sending"),  # sending | sent | done
        _words("creation"),  # Shopify's own id of the call, to ask how far it is
    )
    return sets, codes, calls
