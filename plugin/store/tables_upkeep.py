"""The tables that are beside the point: jobs, messages, counters, products' facts, privacy requests, what staff did."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, SmallInteger, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY

from plugin.store.columns import count, id_column, json_column, metadata, shop, text_column, time_column

messages = Table(
    "messages",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    text_column("state", "queued"),  # queued | sending | sent | skipped | failed | unknown
    text_column("locale"),
    text_column("mail_subject"),
    text_column("last_error"),
    time_column("created_at", nullable=False, now=True),
    time_column("sent_at"),
    UniqueConstraint("shop_id", "kind", "subject", name="messages_once"),
    Index("messages_member", "shop_id", "member_id"),
    Index("messages_state", "shop_id", "state", "id"),
)

intake_counters = Table(
    "intake_counters",
    metadata,
    Column("day", Date, primary_key=True),
    Column("reason", Text, primary_key=True),
    count("seen"),
)

products = Table(
    "products",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("collections", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    time_column("fetched_at", nullable=False, now=True),
)

variants = Table(
    "variants",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("variant_id", BigInteger, primary_key=True, autoincrement=False),
    Column("on_sale", Boolean, nullable=False),
    time_column("fetched_at", nullable=False, now=True),
)
"""Which variants have a price to compare with that is higher than theirs."""

privacy_requests = Table(
    "privacy_requests",
    metadata,
    id_column(),
    shop(),
    Column("kind", Text, nullable=False),  # customers/data_request | customers/redact | shop/redact
    Column("subject", Text, nullable=False),
    time_column("received_at", nullable=False, now=True),
    time_column("done_at"),
    json_column("result"),
    UniqueConstraint("shop_id", "kind", "subject", name="privacy_requests_once"),
)

staff_log = Table(
    "staff_log",
    metadata,
    id_column(),
    shop(),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    text_column("subject"),
    json_column("detail"),
    time_column("at", nullable=False, now=True),
    Index("staff_log_shop", "shop_id", "id"),
)

member_names = Table(
    "member_names",
    metadata,
    Column("shop_id", BigInteger, primary_key=True),
    Column("name", Text(collation="C"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
)
"""What a search for members compares with: e-mail, full name and last name, in small letters; kept by
triggers. Beside `members`, whose rows change with every order, and without a function in the way:
row-level security lets only plain comparisons use an index."""

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    shop(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    json_column("payload"),
    text_column("state", "queued"),  # queued | failed
    count("generation"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    time_column("not_before", nullable=False, now=True),
    text_column("last_error"),
    time_column("created_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "kind", "subject", name="jobs_once"),
    Index("jobs_due", "shop_id", "kind", "not_before", postgresql_where=text("state = 'queued'")),
)
