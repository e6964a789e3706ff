"""Links, what became of each claim, what was seen of people as keyed hashes, and blocks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from plugin.store.tables.columns import count, flag, id_column, json_list, key, metadata, shop, text_column, time_column

referral_links = Table(
    "referral_links",
    metadata,
    key("shop_id"),
    key("member_id"),
    Column("word", Text, nullable=False),
    time_column("created_at", nullable=False, now=True),
    Index("referral_links_word", "shop_id", "word", unique=True),
)

referral_aliases = Table(
    "referral_aliases",
    metadata,
    key("shop_id"),
    Column("word", Text(collation="C"), primary_key=True),
    Column("member_id", BigInteger, nullable=False),
    Column("import_id", BigInteger, nullable=False),
    time_column("created_at", nullable=False),
    Index("referral_aliases_member", "shop_id", "member_id"),
)
"""Words of another app's links, which lead to the member here."""

referrals = Table(
    "referrals",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),  # the advocate
    Column("friend_id", BigInteger, nullable=False),
    text_column("friend_key"),  # the mailbox; one friend is referred once
    Column("version", Integer, nullable=False),
    Column("redemption_id", BigInteger),  # the friend's code
    text_column("state", "claimed"),
    Column("why", JSONB, nullable=True),  # [code, values]
    json_list("signs"),
    Column("score", Integer, nullable=False, server_default=text("0")),
    text_column("decision"),  # approved | refused, by staff
    text_column("decided_by"),
    text_column("note"),
    Column("order_id", BigInteger),
    time_column("ordered_at"),
    time_column("due_at"),
    flag("counts"),  # for the advocate's caps
    count("posted"),  # points that the entries gave and took: kept at hand
    Column("line", Integer, nullable=False, server_default=text("0")),
    count("forgiven"),  # of a clawback, in programmes that clamp at zero
    Column("gift_id", BigInteger),  # the advocate's code, where that is the reward
    Column("gifts", SmallInteger, nullable=False, server_default=text("0")),
    time_column("claimed_at", nullable=False, now=True),
    time_column("changed_at", nullable=False, now=True),
    Index(
        "referrals_friend",
        "shop_id",
        "friend_key",
        unique=True,
        postgresql_where=text("friend_key <> '' AND state <> 'expired'"),
    ),
    Index("referrals_member", "shop_id", "member_id", "claimed_at"),
    Index("referrals_friend_member", "shop_id", "friend_id"),
    Index("referrals_code", "shop_id", "redemption_id"),
    Index("referrals_state", "shop_id", "state", "id"),
)

referral_marks = Table(
    "referral_marks",
    metadata,
    id_column(),
    shop(),
    Column("kind", Text, nullable=False),  # order | claim | visit
    Column("subject", Text, nullable=False),
    Column("member_id", BigInteger),
    text_column("name"),
    text_column("address"),
    text_column("phone"),
    text_column("net"),
    text_column("ip"),
    time_column("at", nullable=False, now=True),
    Index("referral_marks_once", "shop_id", "kind", "subject", unique=True),
    Index("referral_marks_member", "shop_id", "member_id"),
    Index("referral_marks_net", "shop_id", "net", "at", postgresql_where=text("kind = 'claim'")),
    Index("referral_marks_at", "shop_id", "at"),
)

referral_blocks = Table(
    "referral_blocks",
    metadata,
    key("shop_id"),
    Column("value", Text, primary_key=True),  # domain:… | member:…
    text_column("note"),
    text_column("actor"),
    time_column("at", nullable=False, now=True),
)

referral_claims = Table(
    "referral_claims",
    metadata,
    id_column(),
    shop(),
    Column("nonce", Text, nullable=False),  # of the form: the same click twice is one claim
    Column("word", Text, nullable=False),
    Column("email", Text, nullable=False),
    text_column("net"),
    text_column("ip"),
    Column("customer_id", BigInteger),  # who was signed in
    text_column("locale"),
    time_column("asked_at", nullable=False),
    Index("referral_claims_once", "shop_id", "nonce", "email", unique=True),
)
"""What friends asked for and a job has not looked at yet; gone as soon as it has."""
