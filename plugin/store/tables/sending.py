"""What keeps the sender's name good: what members refused, what came back, and addresses that nothing is sent to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text, text

from plugin.store.tables.columns import count, key, metadata, text_column, time_column

email_optouts = Table(
    "email_optouts",
    metadata,
    key("shop_id"),
    key("member_id"),
    Column("kind", Text, primary_key=True),  # a kind of message, or `promotional` for all of them
    time_column("at", nullable=False, now=True),
    text_column("by"),  # click | page | complaint
)

suppressions = Table(
    "suppressions",
    metadata,
    key("shop_id"),
    Column("address", Text, primary_key=True),  # trimmed and case-folded
    text_column("why"),  # bounced | complained; empty: only counted, or lifted
    text_column("source"),  # who said so: returned | ses | postmark | mailgun | sendgrid
    text_column("detail"),  # a status as mail servers have it, such as 5.1.1
    time_column("at"),
    count("soft_bounces"),
    time_column("soft_at"),
    time_column("lifted_at"),
    text_column("lifted_by"),
    text_column("lifted_why"),
    Index("suppressions_at", "shop_id", "at", "address", postgresql_where=text("why <> ''")),
)
"""By shop: what one merchant learned of an address is not told to another (decision 0052)."""

returned_mails = Table(
    "returned_mails",
    metadata,
    key("shop_id"),
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # what its sender calls it: the same one twice counts once
    Column("message_id", BigInteger, nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("what", Text, nullable=False),  # hard | soft | complaint
    text_column("detail"),
    time_column("at", nullable=False, now=True),
    Index("returned_mails_member", "shop_id", "member_id"),
    Index("returned_mails_at", "shop_id", "at"),
)

message_clicks = Table(
    "message_clicks",
    metadata,
    key("shop_id"),
    key("message_id"),
    count("clicks"),
    count("opens"),
    time_column("first_at", nullable=False),
    time_column("last_at", nullable=False),
    Index("message_clicks_last", "shop_id", "last_at"),
)
"""Only where the shop has switched counting on."""

provider_calls = Table(
    "provider_calls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    text_column("digest"),  # of its body
    time_column("at", nullable=False, now=True),
    Index("provider_calls_at", "at"),
)
"""What mail providers told, so that nobody tells it again in other words. They belong to no shop."""
