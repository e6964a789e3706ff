"""The tables of what members do besides buying, what they said of themselves, and who may report from outside."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text, text
from sqlalchemy import UniqueConstraint as Unique

from plugin.store.columns import flag, id_column, json_column, shop, text_column, time_column


def add_to(metadata: MetaData) -> tuple[Table, Table, Table]:
    """`activity_records`, `member_profiles` and `api_keys`."""
    records = Table(
        "activity_records",
        metadata,
        id_column(),
        shop(),
        Column("member_id", BigInteger, nullable=False),
        Column("activity", Text, nullable=False),  # its id in the programme
        Column("counted_as", Text, nullable=False),  # what limits go by
        Column("key", Text, nullable=False),  # whoever reports it gives each happening one
        Column("points", BigInteger, nullable=False),
        time_column("happened_at", nullable=False),
        time_column("created_at", nullable=False, now=True),
        Unique("shop_id", "counted_as", "key", name="activity_records_once"),
        Index("activity_records_member", "shop_id", "member_id", "counted_as"),
    )
    profiles = Table(
        "member_profiles",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("member_id", BigInteger, primary_key=True, autoincrement=False),
        Column("birth_month", SmallInteger),
        Column("birth_day", SmallInteger),
        time_column("birthday_set_at"),
        flag("birthday_by_staff"),
        json_column("answers"),
        Index("member_profiles_birthday", "shop_id", "birth_month", "birth_day"),
    )
    keys = Table(
        "api_keys",
        metadata,
        id_column(),
        shop(),
        text_column("name"),
        Column("secret_hash", LargeBinary, nullable=False),
        text_column("ending"),  # its last letters, to tell keys apart
        text_column("made_by"),
        time_column("created_at", nullable=False, now=True),
        time_column("last_used_at"),
        time_column("revoked_at"),
        time_column("window_from"),
        Column("window_calls", Integer, nullable=False, server_default=text("0")),
        Index("api_keys_shop", "shop_id", "id"),
    )
    return records, profiles, keys
