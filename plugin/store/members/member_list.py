"""Members as the panel lists them: any combination of filters, sorted, page by page both ways, counted up to a bound.

`member_facets` holds what is filtered by. Where few fit, they are read as a whole and sorted; where many fit, the list
goes along the index of its sort, where the next page is near.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.members.members import Member

PAGE: Final = 50
COUNTED_UP_TO: Final = 10_000
WHO: Final = ("member", "guest", "invited", "left")
SOURCES: Final = ("joined", "order", "imported", "invited")
CONSENTS: Final = ("subscribed", "not_subscribed", "pending", "unsubscribed")
BOUGHT: Final = {"never": "orders = 0", "once": "orders = 1", "again": "orders >= 2"}
SORTS: Final[Mapping[str, str]] = {
    "activity": "last_activity_at",
    "points": "points",
    "ordered": "last_order_on",
    "joined": "member_id",
}
"""How the list can be sorted, downwards or upwards: each by an index of (shop_id, column, member_id)."""
_CASTS: Final = {"last_activity_at": "timestamptz", "points": "bigint", "last_order_on": "date", "member_id": "bigint"}
UNKNOWN: Final = "unknown"
"""Chosen where a filter asks for those of whom it is not known."""
NO_TIER: Final = "none"
COLUMNS: Final = (
    "m.id, m.customer_id, m.email, m.first_name, m.last_name, m.locale, m.state, m.merged_into, m.balance, m.debt,"
    " m.joined_at, m.last_activity_at"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which members; what is empty, or None, leaves nobody out. `who` empty: everybody but those who are gone.

    Points are inclusive; `ordered_from`, `ordered_to` and `joined_from` are days in the shop, inclusive, and `zone` is
    where they begin; who joined is a member, or left since. `up_to`: no member newer.
    """

    who: str = ""
    tier: str = ""
    points_from: int | None = None
    points_to: int | None = None
    ordered_from: date | None = None
    ordered_to: date | None = None
    joined_from: date | None = None
    zone: str = "UTC"
    bought: str = ""
    source: str = ""
    language: str = ""
    consent: str = ""
    up_to: int | None = None

    @property
    def where(self) -> str:
        """The condition, for `params`, of rows of `member_facets`."""
        asked = ["shop_id = %(shop)s", "who = %(who)s" if self.who else "who IN ('member', 'guest', 'invited', 'left')"]
        asked += [f"{name} = %({name})s" for name in ("tier", "source", "language", "consent") if getattr(self, name)]
        asked += [rule for name, rule in _RANGES.items() if getattr(self, name) is not None]
        asked += [BOUGHT[self.bought]] if self.bought else []
        return " AND ".join(asked)

    def params(self, shop_id: int) -> dict[str, Any]:
        """What stands for its places."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        unknown = {name: "" for name in ("source", "language", "consent") if values[name] == UNKNOWN}
        unknown |= {"tier": ""} if self.tier == NO_TIER else {}
        return {**values, **unknown, "shop": shop_id}


_RANGES: Final = {
    "points_from": "points >= %(points_from)s",
    "points_to": "points <= %(points_to)s",
    "ordered_from": "last_order_on >= %(ordered_from)s",
    "ordered_to": "last_order_on <= %(ordered_to)s AND last_order_on > '1970-01-01'",
    "joined_from": "member_id IN (SELECT m.id FROM members m WHERE m.shop_id = %(shop)s"
    " AND m.state IN ('member', 'left') AND m.joined_at >= %(joined_from)s::date::timestamp AT TIME ZONE %(zone)s)",
    "up_to": "member_id <= %(up_to)s",
}


def count(conn: Connection, shop_id: int, wanted: Wanted) -> int:
    """How many fit, exactly up to COUNTED_UP_TO; one more means more than that."""
    rows = conn.exec_driver_sql(
        f"SELECT count(*) FROM (SELECT FROM member_facets WHERE {wanted.where} LIMIT %(most)s) AS fitting",
        wanted.params(shop_id) | {"most": COUNTED_UP_TO + 1},
    )
    return int(rows.scalar_one())


def count_all(conn: Connection, shop_id: int, wanted: Wanted) -> int:
    """How many fit, exactly, however many they are: before something is done to all of them."""
    sql = f"SELECT count(*) FROM member_facets WHERE {wanted.where}"
    return int(conn.exec_driver_sql(sql, wanted.params(shop_id)).scalar_one())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the member of this number, whose sorted value this is."""

    value: datetime | date | int
    member_id: int


def page(
    conn: Connection,
    shop_id: int,
    wanted: Wanted,
    sort: str,
    beyond: Place | None,
    *,
    rising: bool = False,
    back: bool = False,
    few: bool = False,
) -> list[tuple[Place, Member]]:
    """One page and one member more, from a place on, each with their own place; `back` gives those before it, nearest
    first. `few`: so few fit that reading all of them is the quickest way.
    """
    column = SORTS[sort]
    upwards = rising is not back
    params = wanted.params(shop_id) | {"limit": PAGE + 1}
    where = wanted.where
    if beyond is not None:
        sign, cast = ">" if upwards else "<", _CASTS[column]
        where += f" AND ({column}, member_id) {sign} (%(value)s::{cast}, %(place)s::bigint)"
        params |= {"value": beyond.value, "place": beyond.member_id}
    way = "ASC" if upwards else "DESC"
    order = f"ORDER BY {column} {way}, member_id {way}"
    these = f"SELECT {column} AS value, * FROM member_facets WHERE {where}"
    these = f"SELECT * FROM ({these} OFFSET 0) AS fitting {order}" if few else f"{these} {order}"
    rows = conn.exec_driver_sql(
        "WITH these AS MATERIALIZED (SELECT row_number() OVER () AS nth, value, member_id FROM"
        f" ({these} LIMIT %(limit)s) AS page) SELECT f.value, {COLUMNS} FROM these f CROSS JOIN LATERAL"
        " (SELECT * FROM members t WHERE t.shop_id = %(shop)s AND t.id = f.member_id OFFSET 0) m ORDER BY f.nth",
        params,
    )
    return [(Place(row[0], row[1]), Member(*row[1:])) for row in rows]


def latest(conn: Connection, shop_id: int) -> list[Member]:
    """A page of those who did something last."""
    return [one for _, one in page(conn, shop_id, Wanted(), "activity", None)[:PAGE]]


def numbers(conn: Connection, shop_id: int, wanted: Wanted, after: int, limit: int) -> list[int]:
    """The next members who fit, by their number."""
    rows = conn.exec_driver_sql(
        f"SELECT member_id FROM member_facets WHERE {wanted.where} AND member_id > %(after)s"
        " ORDER BY member_id LIMIT %(limit)s",
        wanted.params(shop_id) | {"after": after, "limit": limit},
    )
    return [row[0] for row in rows]


def known_of(conn: Connection, shop_id: int, member_id: int) -> tuple[str, str]:
    """Whether one member agreed to marketing emails, and how they came; empty where it is not known."""
    sql = "SELECT consent, source FROM member_facets WHERE shop_id = %(shop)s AND member_id = %(member)s"
    row = conn.exec_driver_sql(sql, {"shop": shop_id, "member": member_id}).one_or_none()
    return (row[0], row[1]) if row else ("", "")


def newest(conn: Connection, shop_id: int) -> int:
    """The number of the shop's newest member; 0 where there is none."""
    sql = "SELECT coalesce(max(member_id), 0) FROM member_facets WHERE shop_id = %(shop)s"
    return int(conn.exec_driver_sql(sql, {"shop": shop_id}).scalar_one())


def languages(conn: Connection, shop_id: int) -> list[str]:
    """The languages that members have, each looked up once, however many there are."""
    rows = conn.exec_driver_sql(
        "WITH RECURSIVE one AS ((SELECT language FROM member_facets WHERE shop_id = %(shop)s AND language <> ''"
        " ORDER BY language LIMIT 1) UNION ALL SELECT next.language FROM one CROSS JOIN LATERAL ("
        "SELECT f.language FROM member_facets f WHERE f.shop_id = %(shop)s AND f.language > one.language"
        " ORDER BY f.language LIMIT 1) next) SELECT language FROM one LIMIT 200",
        {"shop": shop_id},
    )
    return [row[0] for row in rows]


def is_complete(conn: Connection, shop_id: int) -> bool:
    """Whether everybody is listed: those from before the list was kept are, from the newest to the oldest."""
    rows = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM member_facets f WHERE f.shop_id = %(shop)s AND f.member_id = m.id)"
        " FROM members m WHERE m.shop_id = %(shop)s ORDER BY m.id LIMIT 1",
        {"shop": shop_id},
    )
    return bool(rows.scalar_one_or_none() is not False)


def add_older(conn: Connection, shop_id: int, before: int | None, limit: int) -> int | None:
    """List the next members downwards from a number, with their names and codes; answers the lowest, None at the end.

    They are locked, so that nothing of them changes in between.
    """
    rows = conn.exec_driver_sql(
        "SELECT id FROM members WHERE shop_id = %(shop)s AND (%(before)s::bigint IS NULL OR id < %(before)s)"
        " ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "before": before, "limit": limit},
    )
    ids = sorted(rows.scalars())
    values = {"shop": shop_id, "ids": ids}
    conn.exec_driver_sql(f"SELECT FROM {bulk.by_keys('members', lock=True)}", values)
    for statement in _LISTED:
        conn.exec_driver_sql(statement, values)
    return ids[0] if ids else None


_THESE: Final = f"FROM {bulk.by_keys('members')}"
_LISTED: Final = (
    "INSERT INTO member_facets (shop_id, member_id, customer_id, state, source, tier, language, consent, points,"
    " orders, last_order_on, last_activity_at) SELECT members.shop_id, members.id, members.customer_id, members.state,"
    " CASE WHEN members.source <> '' THEN members.source WHEN f.invited THEN 'invited' ELSE '' END,"
    " coalesce(t.tier, ''), suki_language(members.chosen_locale, members.locale), coalesce(c.email_consent, ''),"
    f" members.balance, coalesce(s.orders, 0), coalesce(s.last_day, '1970-01-01'), members.last_activity_at {_THESE}"
    " LEFT JOIN LATERAL (SELECT tier FROM member_tiers WHERE shop_id = members.shop_id AND member_id = members.id"
    " OFFSET 0) t ON true LEFT JOIN LATERAL (SELECT orders, last_day FROM member_stats"
    " WHERE shop_id = members.shop_id AND member_id = members.id OFFSET 0) s ON true LEFT JOIN LATERAL ("
    "SELECT email_consent FROM customer_facts WHERE shop_id = members.shop_id AND customer_id = members.customer_id"
    " OFFSET 0) c ON true CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM referrals WHERE shop_id = members.shop_id"
    " AND friend_id = members.id) AS invited) f ORDER BY members.id ON CONFLICT (shop_id, member_id) DO NOTHING",
    "INSERT INTO member_names (shop_id, name, member_id) SELECT members.shop_id, part, members.id"
    f" {_THESE}, suki_name_parts(members.email_key, members.first_name, members.last_name) AS part"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO member_codes (shop_id, code, member_id) SELECT members.shop_id, part, members.id"
    f" {_THESE} CROSS JOIN LATERAL (SELECT code FROM redemptions WHERE shop_id = members.shop_id"
    " AND member_id = members.id UNION ALL SELECT word FROM referral_links WHERE shop_id = members.shop_id"
    " AND member_id = members.id) AS known (code), suki_code_parts(known.code) AS part ON CONFLICT DO NOTHING",
)
