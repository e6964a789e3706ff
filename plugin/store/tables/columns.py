"""The kinds of column that tables are made of, and the one collection of all tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, MetaData, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

metadata = MetaData()


class Xid(UserDefinedType[int]):
    """The number of a transaction, counted on for ever."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """As PostgreSQL calls it."""
        return "xid8"


ischema_names["xid8"] = Xid


def id_column() -> Column[int]:
    """The row's own number."""
    return Column("id", BigInteger, primary_key=True, autoincrement=True)


def key(name: str) -> Column[int]:
    """A number from elsewhere that is part of the row's key."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def shop() -> Column[int]:
    """Which shop the row belongs to."""
    return Column("shop_id", BigInteger, nullable=False)


def time_column(name: str, *, nullable: bool = True, now: bool = False) -> Column[object]:
    """An aware moment."""
    default = text("now()") if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def text_column(name: str, default: str | None = "") -> Column[str]:
    """A text, empty unless said otherwise."""
    quoted = None if default is None else text(f"'{default}'")
    return Column(name, Text, nullable=False, server_default=quoted)


def json_column(name: str, *, nullable: bool = False) -> Column[object]:
    """A JSON value."""
    return Column(name, JSONB, nullable=nullable, server_default=None if nullable else text("'{}'"))


def json_list(name: str) -> Column[object]:
    """A JSON list, empty at first."""
    return Column(name, JSONB, nullable=False, server_default=text("'[]'"))


def count(name: str) -> Column[int]:
    """A whole number from nought."""
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


def flag(name: str) -> Column[bool]:
    """Yes or no, no at first."""
    return Column(name, Boolean, nullable=False, server_default=text("false"))
