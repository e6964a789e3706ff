"""Files of members: what they are, their lines until they are done, and what they changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from plugin.store.tables.columns import (
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

imports = Table(
    "imports",
    metadata,
    id_column(),
    shop(),
    text_column("name"),
    text_column("state", "uploaded"),  # uploaded | checking | checked | running | done | undoing | undone
    text_column("note"),
    flag("shown"),
    flag("tell"),
    json_list("headings"),
    json_list("columns"),  # what each shows; emptied with its lines
    json_column("choices"),
    json_list("problems"),
    json_column("totals"),
    count("part"),
    count("parts"),
    text_column("actor"),
    time_column("created_at", nullable=False, now=True),
    time_column("done_at"),
    time_column("undone_at"),
    Index("imports_shop", "shop_id", "id"),
)

import_parts = Table(
    "import_parts",
    metadata,
    key("shop_id"),
    key("import_id"),
    Column("part", Integer, primary_key=True, autoincrement=False),
    json_list("lines"),  # [number of the line, cells]
)
"""The lines of a file that is not done yet, a step's together."""

import_people = Table(
    "import_people",
    metadata,
    key("shop_id"),
    key("import_id"),
    key("who"),  # a number made of who it is
    Column("line", Integer, nullable=False),
)
"""On which line of a file each person stands first, until it is done."""

import_members = Table(
    "import_members",
    metadata,
    key("shop_id"),
    key("import_id"),
    key("member_id"),
    json_column("before"),  # what of them was otherwise before
    Index("import_members_member", "shop_id", "member_id"),
)

member_origins = Table(
    "member_origins",
    metadata,
    key("shop_id"),
    key("member_id"),
    text_column("source"),
    count("lifetime_points"),
    Column("import_id", BigInteger, nullable=False),
    time_column("brought_at", nullable=False),
)
"""From which app a member was brought, and how many points they had ever earned there."""
