"""The table of money moved to and from store credit: added to, never changed in what it says."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint, text

from plugin.store.columns import flag, id_column, json_column, metadata, shop, text_column, time_column

credits = Table(
    "credits",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),  # order:… (cashback) or redemption:… (points swapped)
    Column("line", Integer, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),  # what is due: credit above nought, debit below
    Column("currency", Text, nullable=False),
    text_column("state", "wanted"),  # wanted | sending (or nobody knows) | sent | refused
    Column("moved_minor", BigInteger),  # what the account is, or was, really moved by
    text_column("after_transaction"),  # the newest one of the account when this began
    time_column("after_at"),
    time_column("began_at"),
    text_column("shopify_id"),  # the transaction in Shopify
    flag("found"),  # its answer got lost, and it was found by its amount
    time_column("expires_at"),
    flag("notify"),
    json_column("reason"),
    time_column("created_at", nullable=False, now=True),
    time_column("done_at"),
    UniqueConstraint("shop_id", "subject", "line", name="credits_once"),
    Index("credits_member", "shop_id", "member_id", "id"),
    Index("credits_transaction", "shop_id", "shopify_id", unique=True, postgresql_where=text("shopify_id <> ''")),
)
