"""The versions of the programme, and what happens to them beside being saved. Never changed."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from plugin.store.tables.columns import json_column, key, metadata, text_column, time_column

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
