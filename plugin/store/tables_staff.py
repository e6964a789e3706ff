"""The tables of what staff do by hand: notes to corrections, and files of members and points."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

EMPTY = text("''")


def add_to(metadata: MetaData) -> tuple[Table, Table]:
    """`entry_notes` and `imports`. Notes stand beside the entries, which are never changed, so that they can be
    erased with the member."""
    notes = Table(
        "entry_notes",
        metadata,
        Column("shop_id", BigInteger, primary_key=True),
        Column("member_id", BigInteger, primary_key=True, autoincrement=False),
        Column("subject", Text, primary_key=True),
        Column("line", Integer, primary_key=True, autoincrement=False),
        Column("note", Text, nullable=False),
        Column("shown", Boolean, nullable=False),  # whether the member may read it
    )
    imports = Table(
        "imports",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("shop_id", BigInteger, nullable=False),
        Column("name", Text, nullable=False, server_default=EMPTY),
        Column("state", Text, nullable=False, server_default=text("'checked'")),  # checked | done | undone
        Column("note", Text, nullable=False, server_default=EMPTY),
        Column("shown", Boolean, nullable=False, server_default=text("false")),
        Column("rows", JSONB, nullable=False, server_default=text("'[]'")),  # emptied once it is carried out
        Column("problems", JSONB, nullable=False, server_default=text("'[]'")),
        Column("totals", JSONB, nullable=False, server_default=text("'{}'")),
        Column("member_ids", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
        Column("actor", Text, nullable=False, server_default=EMPTY),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        Column("done_at", DateTime(timezone=True)),
        Column("undone_at", DateTime(timezone=True)),
        Index("imports_shop", "shop_id", "id"),
    )
    return notes, imports
