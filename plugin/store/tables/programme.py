"""The versions of the programme, which are never changed, and its names in other languages, which are."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from plugin.store.tables.columns import count, json_column, json_list, key, metadata, text_column, time_column

programme_versions = Table(
    "programme_versions",
    metadata,
    key("shop_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    json_column("rules"),
    text_column("author"),
    text_column("note"),
    time_column("effective_from", nullable=False, now=True),
    time_column("created_at", nullable=False, now=True),
)

programme_withdrawals = Table(
    "programme_withdrawals",
    metadata,
    key("shop_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("actor"),
    time_column("at", nullable=False, now=True),
)

own_names = Table(
    "own_names",
    metadata,
    key("shop_id"),
    Column("language", Text(collation="C"), primary_key=True),
    json_list("names"),
    json_list("before"),
    count("revision"),
    text_column("author"),
    time_column("saved_at", nullable=False, now=True),
)
