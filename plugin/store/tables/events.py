"""What happened, how far each reader of it is, and what of it goes to other programs."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Float,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from plugin.store.tables.columns import (
    Xid,
    count,
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

events = Table(
    "events",
    metadata,
    key("shop_id"),
    id_column(),
    Column("kind", Text, nullable=False),
    Column("member_id", BigInteger),
    text_column("subject"),
    json_column("payload"),
    Column("xid", Xid, primary_key=True, server_default=text("pg_current_xact_id()")),
    Column("happened_at", DateTime(timezone=True), primary_key=True),
    PrimaryKeyConstraint("shop_id", "xid", "id", "happened_at"),
    Index("events_of_member", "shop_id", "member_id", "id", postgresql_where=text("member_id IS NOT NULL")),
)
"""In parts by month of `happened_at`, which the migration and `suki_make_month` make. `xid` is the transaction
that wrote the row, by which readers know what they have not seen yet."""

event_readers = Table(
    "event_readers",
    metadata,
    key("shop_id"),
    Column("name", Text, primary_key=True),
    Column("from_xid", Xid, nullable=False, server_default=text("'0'")),  # where the window begins
    Column("until_xid", Xid),  # where it ends, while one is being read
    count("after_id"),  # the last event of the window that was read
    count("above_id"),  # events up to here were written in another cluster, and are read by their ids alone
    time_column("off_at"),  # left behind: what it had not read is gone
)

own_cluster = Table(
    "own_cluster",
    metadata,
    Column("system_identifier", Text, primary_key=True),
    count("restored_id"),  # the last event that was written in another cluster
)
"""The PostgreSQL cluster in which the transactions of the events are counted; one row."""

endpoints = Table(
    "endpoints",
    metadata,
    id_column(),
    shop(),
    text_column("name"),
    text_column("url"),
    Column("kinds", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # of events; none: every kind
    json_list("conditions"),
    flag("personal"),  # names and addresses of members go along
    Column("at_once", SmallInteger, nullable=False, server_default=text("4")),  # messages on their way at a time
    text_column("state", "on"),  # on | off
    text_column("off_because"),  # staff | gave_up | gone
    Column("secret", LargeBinary),  # sealed
    Column("former_secret", LargeBinary),  # sealed; signs beside the new one until `former_until`
    time_column("former_until"),
    count("failures"),  # in a row
    time_column("failing_since"),
    time_column("not_before"),  # left alone until then, after failures
    text_column("made_by"),
    time_column("created_at", nullable=False, now=True),
    Index("endpoints_shop", "shop_id", "id"),
)

outgoing_webhooks = Table(
    "outgoing_webhooks",
    metadata,
    key("shop_id"),
    key("endpoint_id"),
    key("event_id"),
    Column("kind", Text, nullable=False),
    Column("member_id", BigInteger),
    time_column("happened_at", nullable=False),
    text_column("state", "waiting"),  # waiting | sent | failed
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    time_column("next_at", nullable=False),
    json_list("log"),  # each try: when, status, what was wrong, how the answer began, seconds
    Column("seconds", Float),  # of the last try
    time_column("ended_at"),
    Index(
        "outgoing_waiting", "shop_id", "endpoint_id", "next_at", "event_id", postgresql_where=text("state = 'waiting'")
    ),
    Index(
        "outgoing_in_order",
        "shop_id",
        "endpoint_id",
        "member_id",
        "event_id",
        postgresql_where=text("state = 'waiting' AND member_id IS NOT NULL"),
    ),
    Index("outgoing_of_member", "shop_id", "member_id", postgresql_where=text("member_id IS NOT NULL")),
    Index("outgoing_ended", "shop_id", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
)
"""One event on its way to one endpoint. Events of a member go one after the other: while one waits for another try,
those behind it have a `next_at` that is no earlier."""
