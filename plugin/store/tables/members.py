"""Members, what is known of them beside their orders, and what staff wrote and brought in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from plugin.store.tables.columns import (
    count,
    flag,
    id_column,
    json_column,
    key,
    metadata,
    shop,
    text_column,
    time_column,
)

_WHO = (
    "CASE WHEN state IN ('merged', 'erased') THEN 'gone'"
    " WHEN state = 'guest' AND source = 'invited' AND orders = 0 THEN 'invited' ELSE state END"
)
members = Table(
    "members",
    metadata,
    id_column(),
    shop(),
    Column("customer_id", BigInteger),
    text_column("email"),
    text_column("email_key"),
    text_column("first_name"),
    text_column("last_name"),
    text_column("locale"),
    text_column("state", "member"),  # member | guest | left | merged | erased
    Column("merged_into", BigInteger),
    count("balance"),  # sum of entries
    flag("verified"),  # the address was proved to be theirs
    flag("no_profiling"),  # rules that look at what somebody buys pass them over
    flag("no_emails"),  # they want none of the programme's
    text_column("chosen_locale"),  # the language they chose for emails; empty: as Shopify says
    flag("test_member"),  # staff try the programme as this customer: it reaches them before the launch, too
    flag("welcomed"),  # welcome points were given, once per person
    count("debt"),  # points owed: balance = sum(lots.points_left) - debt
    time_column("joined_at", nullable=False, now=True),
    time_column("last_activity_at", nullable=False, now=True),
    time_column("told_at"),  # when Shopify last changed the customer's record that name and address are from
    text_column("source"),  # joined | order | imported | invited; empty: from before this was kept
    Index(
        "members_customer",
        "shop_id",
        "customer_id",
        unique=True,
        postgresql_where=text("customer_id IS NOT NULL"),
    ),
    Index(
        "members_guest",
        "shop_id",
        "email_key",
        unique=True,
        postgresql_where=text("customer_id IS NULL AND state = 'guest'"),
    ),
    Index("members_email", "shop_id", "email_key"),
    Index("members_merged", "shop_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index("members_newest", "shop_id", "id"),
    Index("members_joined", "shop_id", "joined_at"),
    Index("members_test", "shop_id", postgresql_where=text("test_member")),
)

member_facets = Table(
    "member_facets",
    metadata,
    key("shop_id"),
    key("member_id"),
    Column("customer_id", BigInteger),
    text_column("state"),
    text_column("source"),
    text_column("tier"),
    text_column("language"),
    text_column("consent"),
    count("points"),
    count("orders"),
    Column("last_order_on", Date, nullable=False, server_default=text("'1970-01-01'")),  # the default: never
    time_column("last_activity_at", nullable=False, now=True),
    Column("who", Text, Computed(_WHO), nullable=False),  # member | guest | invited | left | gone
    Index("member_facets_customer", "shop_id", "customer_id", postgresql_where=text("customer_id IS NOT NULL")),
    Index("member_facets_activity", "shop_id", "last_activity_at", "member_id"),
    Index("member_facets_points", "shop_id", "points", "member_id"),
    Index("member_facets_ordered", "shop_id", "last_order_on", "member_id"),
    Index("member_facets_language", "shop_id", "language"),
    Index(
        "member_facets_together",
        *("shop_id", "who", "tier", "source", "language", "consent", "orders", "last_order_on", "points"),
    ),
)
"""What the list of members is filtered and sorted by, kept by triggers on `members`, `member_tiers`, `member_stats` and
`customer_facts`: a narrow row, so that any combination of filters reads little."""

member_codes = Table(
    "member_codes",
    metadata,
    key("shop_id"),
    Column("code", Text(collation="C"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
    Index("member_codes_member", "shop_id", "member_id"),
)
"""Whose codes begin so, or have a later part that does: capitals and digits only. Kept by triggers."""

member_names = Table(
    "member_names",
    metadata,
    key("shop_id"),
    Column("name", Text(collation="C"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
)
"""What a search for members compares with: address and name from each of their words on, in small letters; kept by
triggers. Beside `members`, whose rows change with every order, and without a function in the way:
row-level security lets only plain comparisons use an index."""

absences = Table(
    "absences",
    metadata,
    key("shop_id"),
    key("customer_id"),
    Column("left_at", DateTime(timezone=True), primary_key=True),
    time_column("back_at"),
)
"""When customers were out of the programme by their own wish."""

paces = Table(
    "paces",
    metadata,
    key("shop_id"),
    Column("who", Text, primary_key=True),  # what it is, and a number or a keyed hash
    Column("at", ARRAY(DateTime(timezone=True)), nullable=False),  # within the last hour
    time_column("last_at", nullable=False),
    Index("paces_last", "shop_id", "last_at"),
)
"""How often somebody did what has a limit an hour."""

member_profiles = Table(
    "member_profiles",
    metadata,
    key("shop_id"),
    key("member_id"),
    Column("birth_month", SmallInteger),
    Column("birth_day", SmallInteger),
    time_column("birthday_set_at"),
    flag("birthday_by_staff"),
    json_column("answers"),
    Index("member_profiles_birthday", "shop_id", "birth_month", "birth_day"),
)

customer_facts = Table(
    "customer_facts",
    metadata,
    key("shop_id"),
    key("customer_id"),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    text_column("email_consent"),  # subscribed | not_subscribed | pending | unsubscribed; empty: not known
    count("orders_count"),
    time_column("fetched_at", nullable=False, now=True),
    time_column("tags_at"),  # the newest change of tags that a webhook told
    time_column("consent_at"),
)

entry_notes = Table(
    "entry_notes",
    metadata,
    key("shop_id"),
    key("member_id"),
    Column("subject", Text, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("shown", Boolean, nullable=False),  # whether the member may read it
)


member_views = Table(
    "member_views",
    metadata,
    id_column(),
    shop(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # case-folded: two views are not called the same
    json_column("asked"),  # filters and order, as an address says them
    text_column("made_by"),
    time_column("created_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "name_key", name="member_views_once"),
)

bulk_acts = Table(
    "bulk_acts",
    metadata,
    id_column(),
    shop(),
    Column("key", Text, nullable=False),  # of the form: the same one is carried out once
    Column("act", Text, nullable=False),  # points | tier | tag | reward
    json_column("terms"),
    json_column("wanted"),  # the filters; not used where members were ticked
    Column("member_ids", ARRAY(BigInteger)),
    text_column("note"),
    text_column("state", "running"),  # running | stopped | done | undoing | undone
    count("expected"),
    count("done"),
    count("left_out"),
    count("undone"),
    count("reached"),  # the last member it came to
    text_column("actor"),
    time_column("created_at", nullable=False, now=True),
    time_column("done_at"),
    time_column("undone_at"),
    UniqueConstraint("shop_id", "key", name="bulk_acts_once"),
)
"""What staff did to many members at once: a job goes from member to member, each step committed with how far it is."""

bulk_act_members = Table(
    "bulk_act_members",
    metadata,
    key("shop_id"),
    key("act_id"),
    key("member_id"),
    text_column("why"),  # they were left out; empty: it was done
    json_column("before", nullable=True),  # what undoing gives back
    Index("bulk_act_members_member", "shop_id", "member_id"),
)
