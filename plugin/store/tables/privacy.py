"""What privacy asks for: which delivery is about whom, who was forgotten, erasures under way, exports in parts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from plugin.store.tables.columns import (
    flag,
    id_column,
    json_column,
    key,
    metadata,
    shop,
    text_column,
    time_column,
)

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
    Column("marks", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),  # of whom an export tells
    time_column("opened_at"),
    text_column("opened_by"),
    UniqueConstraint("shop_id", "kind", "subject", name="privacy_requests_once"),
)

export_parts = Table(
    "export_parts",
    metadata,
    key("shop_id"),
    key("request_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("section", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zstd
)

delivery_subjects = Table(
    "delivery_subjects",
    metadata,
    key("shop_id"),
    key("subject"),  # an order's number, or a person's mark, which is below nought
    key("delivery_id"),
)

known_as = Table(
    "known_as",
    metadata,
    key("shop_id"),
    key("customer_id"),
    key("subject"),  # an address or telephone that the account has or had, as a mark; or an order that named it
    Index("known_as_mark", "shop_id", "subject", postgresql_where=text("subject < 0")),
)

forgotten = Table(
    "forgotten",
    metadata,
    key("shop_id"),
    key("subject"),  # a person's mark, or an order's number
    time_column("at", nullable=False),
)

erasure_orders = Table(
    "erasure_orders",
    metadata,
    key("shop_id"),
    key("request_id"),
    key("order_id"),
    flag("whole"),  # whatever the order's deliveries name: they are theirs
)

second_steps = Table(
    "second_steps",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("purpose", Text, nullable=False),  # code | data | leave
    text_column("subject"),  # what it is about: a redemption, a request
    Column("prefix", Text, nullable=False),  # where the app stands in the storefront
    time_column("asked_at", nullable=False),
    time_column("ends_at", nullable=False),
    time_column("used_at"),
    Index("second_steps_member", "shop_id", "member_id"),
    Index("second_steps_asked", "shop_id", "asked_at"),
)

own_keys = Table(
    "own_keys",
    metadata,
    Column("purpose", Text, primary_key=True),
    Column("secret", LargeBinary, nullable=False),  # encrypted
    time_column("created_at", nullable=False, now=True),
)
"""Keys of our own that outlive the keys they are encrypted with. They belong to no shop."""
