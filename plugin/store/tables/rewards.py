"""Redemptions, and what stands behind them beside a discount: work, causes, codes of partners, money, gifts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

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

_OPEN_REWARD = text("reward <> 'next_order_code' AND state = 'reserved'")
redemptions = Table(
    "redemptions",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("reward", Text, nullable=False),
    Column("subject", Text, nullable=False),
    count("points"),
    json_column("terms"),
    text_column("state", "reserved"),  # reserved | captured | released
    Column("code", Text, nullable=False),
    text_column("code_state", "wanted"),  # wanted | created | unwanted | disabled
    text_column("shopify_id"),
    Column("captured_by_order", BigInteger),
    time_column("created_at", nullable=False, now=True),
    time_column("issued_at"),
    time_column("expires_at"),
    time_column("ended_at"),
    flag("given_back"),  # the order that used it no longer stands, and the points went back
    count("back_points"),  # what came back for a part of the order
    text_column("ended_why"),
    text_column("ended_by"),
    Column("secret", LargeBinary),  # a gift card's own code, encrypted
    UniqueConstraint("shop_id", "reward", "subject", name="redemptions_once"),
    Index("redemptions_code", "shop_id", text("upper(code)"), unique=True),
    Index("redemptions_member", "shop_id", "member_id"),
    Index("redemptions_created", "shop_id", "created_at"),
    Index("redemptions_newest", "shop_id", "id"),
    Index("redemptions_order", "shop_id", "captured_by_order", postgresql_where=text("reward <> 'next_order_code'")),
    Index("redemptions_open", "shop_id", "expires_at", postgresql_where=_OPEN_REWARD),
)

fulfilments = Table(
    "fulfilments",
    metadata,
    key("shop_id"),
    key("redemption_id"),
    text_column("state", "open"),  # open | done | cancelled
    text_column("note"),  # for staff
    text_column("told"),  # for the member
    text_column("actor"),
    time_column("created_at", nullable=False),
    time_column("ended_at"),
    Index("fulfilments_state", "shop_id", "state", "redemption_id"),
)

donations = Table(
    "donations",
    metadata,
    key("shop_id"),
    key("redemption_id"),
    Column("cause", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("payout_id", BigInteger),
    Index("donations_due", "shop_id", "cause", "currency", postgresql_where=text("payout_id IS NULL")),
    Index("donations_payout", "shop_id", "payout_id", postgresql_where=text("payout_id IS NOT NULL")),
)

donation_payouts = Table(
    "donation_payouts",
    metadata,
    id_column(),
    shop(),
    Column("cause", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    text_column("note"),
    text_column("actor"),
    time_column("at", nullable=False),
    Index("donation_payouts_shop", "shop_id", "id"),
)

partner_codes = Table(
    "pool_codes",  # from before there were code pools: secrets are sealed to the name, so it stays
    metadata,
    id_column(),
    shop(),
    Column("reward", Text, nullable=False),
    Column("mark", LargeBinary, nullable=False),  # a keyed hash: the same code is not imported twice
    Column("secret", LargeBinary, nullable=False),  # the code, encrypted
    Column("redemption_id", BigInteger),
    time_column("added_at", nullable=False),
    UniqueConstraint("shop_id", "reward", "mark", name="pool_codes_once"),
    Index("pool_codes_shop", "shop_id", "id"),
    Index("pool_codes_free", "shop_id", "reward", "id", postgresql_where=text("redemption_id IS NULL")),
    Index(
        "pool_codes_given",
        "shop_id",
        "redemption_id",
        unique=True,
        postgresql_where=text("redemption_id IS NOT NULL"),
    ),
)

credits = Table(
    "credits",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),  # order:… (cashback) or redemption:… (points swapped)
    Column("line", Integer, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),  # what is due: credit above nought, debit below
    Column("currency", Text, nullable=False),
    text_column("state", "wanted"),  # wanted | sending (or nobody knows) | sent | refused
    Column("moved_minor", BigInteger),  # what the account is, or was, really moved by
    text_column("after_transaction"),  # the newest one of the account when this began
    time_column("after_at"),
    time_column("began_at"),
    text_column("shopify_id"),  # the transaction in Shopify
    flag("found"),  # its answer got lost, and it was found by its amount
    time_column("expires_at"),
    flag("notify"),
    json_column("reason"),
    time_column("created_at", nullable=False, now=True),
    time_column("done_at"),
    UniqueConstraint("shop_id", "subject", "line", name="credits_once"),
    Index("credits_member", "shop_id", "member_id", "id"),
    Index("credits_transaction", "shop_id", "shopify_id", unique=True, postgresql_where=text("shopify_id <> ''")),
)

gifts = Table(
    "gifts",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    time_column("at", nullable=False),  # when what it is given for happened
    Column("day", Date, nullable=False),  # the shop's day on which it was given
    text_column("state", "given"),  # given | back
    Column("round", SmallInteger, nullable=False, server_default=text("1")),  # given, taken back, given again
    count("points"),  # what entries say, kept at hand
    count("forgiven"),
    json_column("terms"),  # the rule as it was
    json_list("why"),
    time_column("changed_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "rule", "member_id", "occasion", name="gifts_once"),
    Index("gifts_member", "shop_id", "member_id"),
    Index("gifts_day", "shop_id", "rule", "day"),
)
