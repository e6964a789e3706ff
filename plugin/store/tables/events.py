"""What happened, and how far each reader of it is."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Index, PrimaryKeyConstraint, Table, Text, text

from plugin.store.tables.columns import Xid, count, id_column, json_column, key, metadata, text_column, time_column

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
