"""The ledger: entries that are never changed, lots, and what was drawn from which lot."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text, UniqueConstraint, text

from plugin.store.tables.columns import flag, id_column, json_column, metadata, shop, time_column

entries = Table(
    "entries",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("programme_version", Integer),
    time_column("effective_at", nullable=False),
    json_column("reason"),
    Column("message_id", BigInteger),  # the message that tells the member of it
    Column("actor", Text, nullable=False),
    time_column("created_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "member_id", "subject", "line", name="entries_once"),
    Index("entries_created", "created_at", postgresql_using="brin"),
    Index("entries_effective", "shop_id", "effective_at"),
    Index("entries_told", "shop_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
)

lots = Table(
    "lots",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("entry_id", BigInteger, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("points_left", BigInteger, nullable=False),
    time_column("available_at", nullable=False),
    time_column("expires_at"),
    time_column("earned_at", nullable=False, now=True),  # from when it ages
    time_column("kept_until"),  # not lost before, whatever the rules say
    time_column("warned_for"),  # the end that its warnings were about
    time_column("warned_at"),
    Column("warned_by", BigInteger),  # the message of the newest of them
    Column("warnings", SmallInteger, nullable=False, server_default=text("0")),
    time_column("look_at"),  # when expiry has to look at it next
    Index("lots_of_member", "shop_id", "member_id"),
    Index("lots_to_look_at", "shop_id", "look_at", "id", postgresql_where=text("points_left > 0")),
    Index("lots_maturing", "shop_id", "available_at", postgresql_where=text("NOT announced")),
    flag("announced"),  # false while the points wait for the end of their pending window
)

lot_draws = Table(
    "lot_draws",
    metadata,
    Column("entry_id", BigInteger, primary_key=True),
    Column("lot_id", BigInteger, primary_key=True),
    shop(),
    Column("points", BigInteger, nullable=False),
    Index("lot_draws_of_lot", "lot_id"),
)
