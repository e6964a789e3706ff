"""What reports read: facts of orders and of members, kept beside what they are computed from."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, SmallInteger, Table, text

from plugin.store.tables.columns import count, flag, id_column, key, metadata, shop, text_column, time_column

order_facts = Table(
    "order_facts",
    metadata,
    key("shop_id"),
    key("order_id"),
    Column("member_id", BigInteger),
    Column("day", Date, nullable=False),  # in the shop's zone
    flag("counts"),
    text_column("why_not"),  # deleted | test | cancelled | refunded | not_paid | nothing_kept
    text_column("currency"),
    count("net_minor"),
    count("gross_minor"),
    count("reward_discount_minor"),
    text_column("source"),
    Column("subscription", Boolean),
    text_column("country"),
    text_column("region"),
    Index("order_facts_member", "shop_id", "member_id", "day", postgresql_include=["counts", "net_minor"]),
    Index("order_facts_day", "shop_id", "day"),
)
"""One row for each order that was seen."""

order_items = Table(
    "order_items",
    metadata,
    key("shop_id"),
    key("order_id"),
    key("product_id"),
    Column("day", Date, nullable=False),
    count("quantity"),  # what is kept of it
    count("net_minor"),
    Index("order_items_product", "shop_id", "product_id", "day"),
)
"""The kept products of orders that count."""

member_stats = Table(
    "member_stats",
    metadata,
    key("shop_id"),
    key("member_id"),
    Column("first_day", Date),
    Column("second_day", Date),
    Column("last_day", Date),
    count("orders"),
    count("days"),  # on which they ordered
    count("net_minor"),  # in the shop's currency
    count("months"),  # bit k: ordered in the k-th month since the shop's first
    count("months_after"),  # the same from the 64th month
    Column("gap_days", Float),  # the median between order days
    Column("r", SmallInteger),  # from here on what the nightly scores say
    Column("f", SmallInteger),
    Column("m", SmallInteger),
    text_column("segment"),
    Column("p_alive", Float),
    Column("orders_90", Float),
    Column("value_12m_minor", BigInteger),
    Column("next_day", Date),
    Column("computed_on", Date),
    Index("member_stats_never", "shop_id", "member_id", postgresql_where=text("orders = 0")),
    Index("member_stats_once", "shop_id", "member_id", postgresql_where=text("orders = 1")),
    Index("member_stats_again", "shop_id", "member_id", postgresql_where=text("orders >= 2")),
)
"""One row for each person."""

member_months = Table(
    "member_months",
    metadata,
    key("shop_id"),
    Column("month", Date, primary_key=True),  # its first day
    key("member_id"),
    Column("orders", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    count("net_minor"),
    Index("member_months_member", "shop_id", "member_id"),
)
"""The months in which each person ordered."""

stats_dirty = Table(
    "stats_dirty",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Index("stats_dirty_shop", "shop_id", "id"),
)
"""Whose stats are to be computed again; a row for each time that something changed."""

shop_days = Table(
    "shop_days",
    metadata,
    key("shop_id"),
    Column("day", Date, primary_key=True),  # in the shop's zone
    count("orders"),
    count("net_minor"),  # in the shop's currency
    count("member_orders"),
    count("member_net_minor"),
    count("code_orders"),
    count("code_net_minor"),
    count("joined"),
    count("earned"),  # from here on points, with the ledger's sign
    count("adjusted"),
    count("reversed"),
    count("redeemed"),
    count("released"),
    count("expired"),
)
"""How the programme did on each day of the last half year on which anything happened."""

days_dirty = Table(
    "days_dirty",
    metadata,
    id_column(),
    shop(),
    Column("day", Date, nullable=False),
    Index("days_dirty_shop", "shop_id", "day"),
)
"""Which days are to be computed again; a row for each time that something changed."""

survey_answers = Table(
    "survey_answers",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    text_column("survey"),  # nps | csat
    Column("order_id", BigInteger),
    time_column("asked_at", nullable=False),
    time_column("answered_at"),
    Column("score", SmallInteger),
    text_column("tier"),  # as of the answer
    text_column("segment"),
    text_column("comment"),
    text_column("answer_key"),  # of the act that answered it
    Index("survey_answers_member", "shop_id", "member_id"),
    Index("survey_answers_answered", "shop_id", "survey", "answered_at"),
    Index("survey_answers_order", "shop_id", "order_id", unique=True, postgresql_where=text("order_id IS NOT NULL")),
)
"""Questions that were asked, and what was answered."""
