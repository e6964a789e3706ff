"""What merchants made of their emails: published versions, never changed, one draft of each kind, and mailings."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, text

from plugin.store.tables.columns import count, id_column, json_column, key, metadata, shop, text_column, time_column

email_versions = Table(
    "email_versions",
    metadata,
    key("shop_id"),
    Column("kind", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    json_column("content", nullable=True),  # none: the email as it comes with the app
    text_column("author"),
    text_column("note"),
    time_column("created_at", nullable=False, now=True),
)

email_drafts = Table(
    "email_drafts",
    metadata,
    key("shop_id"),
    Column("kind", Text, primary_key=True),
    json_column("content", nullable=True),
    json_column("before", nullable=True),  # what the last saving took the place of, in the same form, for Undo
    Column("based_on", Integer, nullable=False, server_default=text("0")),  # the version; 0: as it comes with the app
    Column(
        "revision", BigInteger, nullable=False, server_default=text("nextval('email_drafts_revision_seq'::regclass)")
    ),  # another one with every saving
    text_column("author"),
    time_column("saved_at", nullable=False, now=True),
)

checkouts_left = Table(
    "checkouts_left",
    metadata,
    id_column(),
    shop(),
    text_column("token_hash"),  # SHA-256 of the checkout's token; its address, which holds it, is in `kept`
    text_column("cart_hash"),
    Column("member_id", BigInteger),
    json_column("kept"),  # link, language, prices and lines, until it ends
    time_column("started_at", nullable=False),
    time_column("updated_at", nullable=False),
    time_column("ended_at"),  # paid, closed, deleted, or ordered
    time_column("looked_at"),  # when it was decided whether its member is reminded
    UniqueConstraint("shop_id", "token_hash", name="checkouts_left_once"),
    Index("checkouts_left_carts", "shop_id", "cart_hash", postgresql_where=text("cart_hash <> ''")),
    Index("checkouts_left_member", "shop_id", "member_id", postgresql_where=text("member_id IS NOT NULL")),
    Index(
        "checkouts_left_due", "shop_id", "updated_at", postgresql_where=text("ended_at IS NULL AND looked_at IS NULL")
    ),
    Index("checkouts_left_old", "shop_id", "updated_at"),
)
"""Of checkouts that members began, in shops that remind them; kept for a month (`rules/privacy/kept_for.py`)."""

mailings = Table(
    "mailings",
    metadata,
    id_column(),
    shop(),
    text_column("name"),
    text_column("language", "en"),  # whose words readers get in whose language there are none
    json_column("texts"),  # by language: subject, preheader, title, body
    text_column("code"),  # a discount code of the merchant's own
    text_column("bought"),  # a key of BOUGHT in store/reports/buyers.py; empty for all members
    text_column("tier"),  # its key; empty for all
    count("most"),  # to so many members; 0 for all of them
    count("written"),  # how many emails were written down
    text_column("state", "draft"),
    text_column("key"),  # of the form that it was begun with: twice the same is one
    text_column("made_by"),
    time_column("created_at", nullable=False, now=True),
    time_column("send_at"),
    time_column("ended_at"),
    CheckConstraint("state IN ('draft', 'planned', 'written', 'canceled')", name="mailings_states"),
    Index("mailings_once", "shop_id", "key", unique=True, postgresql_where=text("key <> ''")),
    Index("mailings_of_shop", "shop_id", "id"),
)
