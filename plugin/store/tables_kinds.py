"""The tables of rewards that need nothing from Shopify: what staff fulfil, donations and their payouts, and
the codes of partners."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Index, LargeBinary, MetaData, Table, Text, UniqueConstraint, text


def _words(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


def _key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _id() -> Column[int]:
    return Column("id", BigInteger, primary_key=True, autoincrement=True)


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False)


def add_to(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """`fulfilments`, `donations`, `donation_payouts` and `pool_codes`."""
    fulfilments = Table(
        "fulfilments",
        metadata,
        _key("shop_id"),
        _key("redemption_id"),
        _words("state", "open"),  # open | done | cancelled
        _words("note"),  # for staff
        _words("told"),  # for the member
        _words("actor"),
        _moment("created_at"),
        Column("ended_at", DateTime(timezone=True)),
        Index("fulfilments_state", "shop_id", "state", "redemption_id"),
    )
    donations = Table(
        "donations",
        metadata,
        _key("shop_id"),
        _key("redemption_id"),
        Column("cause", Text, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        Column("currency", Text, nullable=False),
        Column("payout_id", BigInteger),
        Index("donations_due", "shop_id", "cause", "currency", postgresql_where=text("payout_id IS NULL")),
        Index("donations_payout", "shop_id", "payout_id", postgresql_where=text("payout_id IS NOT NULL")),
    )
    payouts = Table(
        "donation_payouts",
        metadata,
        _id(),
        Column("shop_id", BigInteger, nullable=False),
        Column("cause", Text, nullable=False),
        Column("currency", Text, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        _words("note"),
        _words("actor"),
        _moment("at"),
        Index("donation_payouts_shop", "shop_id", "id"),
    )
    codes = Table(
        "pool_codes",
        metadata,
        _id(),
        Column("shop_id", BigInteger, nullable=False),
        Column("reward", Text, nullable=False),
        Column("mark", LargeBinary, nullable=False),  # a keyed hash: the same code is not imported twice
        Column("secret", LargeBinary, nullable=False),  # the code, encrypted
        Column("redemption_id", BigInteger),
        _moment("added_at"),
        UniqueConstraint("shop_id", "reward", "mark", name="pool_codes_once"),
        Index("pool_codes_free", "shop_id", "reward", "id", postgresql_where=text("redemption_id IS NULL")),
        Index(
            "pool_codes_given", "shop_id", "redemption_id", unique=True,
            postgresql_where=text("redemption_id IS NOT NULL"),
        ),
    )  # fmt: skip
    return fulfilments, donations, payouts, codes
