"""The newest view of each order, and what payloads leave out of products."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

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

past_runs = Table(
    "past_runs",
    metadata,
    id_column(),
    shop(),
    text_column("state", "reading"),  # reading | foreseeing | ready | counting | done | undoing | undone | canceled
    time_column("since", nullable=False),
    time_column("until", nullable=False),
    Column("version", BigInteger),
    flag("confirmed"),
    text_column("actor"),
    text_column("bulk_id"),
    json_column("place"),
    json_column("totals"),
    time_column("created_at", nullable=False),
    time_column("done_at"),
    time_column("undone_at"),
    Index("past_runs_shop", "shop_id", "id"),
)
"""Orders from before they counted, of which staff asked to give points for."""

past_run_orders = Table(
    "past_run_orders",
    metadata,
    key("shop_id"),
    key("run_id"),
    key("order_id"),
    time_column("placed_at", nullable=False),
    flag("unread"),
    Column("member_id", BigInteger),
    count("points"),
    count("counted_minor"),
    Index("past_run_orders_placed", "shop_id", "run_id", "placed_at", "order_id"),
    Index("past_run_orders_member", "shop_id", "member_id", postgresql_where=text("member_id IS NOT NULL")),
)
"""Which orders a run is about, and what it foresees of each."""

order_views = Table(
    "order_views",
    metadata,
    key("shop_id"),
    key("order_id"),
    Column("member_id", BigInteger),
    text_column("name"),
    time_column("updated_at"),
    time_column("triggered_at"),
    time_column("placed_at"),
    json_column("view", nullable=True),
    json_column("refunds", nullable=True),
    json_column("snapshot", nullable=True),
    json_column("posted", nullable=True),  # {member: [points, last line, forgiven]}: what entries say, kept at hand
    flag("deleted"),
    time_column("deleted_at"),  # when the shop said so; a later view revives
    text_column("financial_status"),
    text_column("waiting_for"),
    count("total_minor"),
    count("deserved"),
    count("counted_minor"),  # what of the order counts for tiers
    json_column("explanation", nullable=True),
    Column("before_limits", BigInteger),  # what it would deserve without the limits of a period, if that is more
    time_column("seen_at", nullable=False, now=True),
    Column("reading", SmallInteger, nullable=False, server_default=text("1")),  # by which it was last judged
    Index("order_views_member", "shop_id", "member_id"),
    Index("order_views_placed", "shop_id", "placed_at"),
    Index("order_views_name", "shop_id", "name"),
    Index("order_views_waiting", "shop_id", postgresql_where=text("waiting_for <> ''")),
)

order_checkpoints = Table(
    "order_checkpoints",
    metadata,
    key("shop_id"),
    key("order_id"),
    Column("kept", LargeBinary, nullable=False),  # zstd of the row as JSON
    time_column("taken_at", nullable=False),
)
"""What an order was, and had been given, when the webhooks that say so were emptied."""

reading_differences = Table(
    "reading_differences",
    metadata,
    key("shop_id"),
    key("order_id"),
    Column("member_id", BigInteger),
    count("points"),  # by the present reading
    count("counted_minor"),
    json_list("explanation"),
    text_column("state", "open"),  # open | take | leave | taken | left
    time_column("found_at", nullable=False),
    time_column("decided_at"),
    text_column("decided_by"),
    Index("reading_differences_member", "shop_id", "member_id"),
)
"""Orders that an earlier reading of the payloads judged otherwise: staff decide."""

known_goods = Table(
    "known_goods",
    metadata,
    key("shop_id"),
    Column("kind", Text, primary_key=True),
    key("number"),
    text_column("title"),
    text_column("picture"),
    flag("gone"),
    time_column("fetched_at", nullable=False, now=True),
)
"""What the shop's products and collections are called, and their pictures, as Shopify said last."""

products = Table(
    "products",
    metadata,
    key("shop_id"),
    key("product_id"),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("collections", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    time_column("fetched_at", nullable=False, now=True),
)

variants = Table(
    "variants",
    metadata,
    key("shop_id"),
    key("variant_id"),
    Column("on_sale", Boolean, nullable=False),
    time_column("fetched_at", nullable=False, now=True),
)
"""Which variants have a price to compare with that is higher than theirs."""
