"""Referrals: an advocate's link, each claim of it by a friend, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.referrals.judging import Decision, State
from plugin.rules.types import Reason
from plugin.store.database import bulk
from plugin.store.tables import referrals


@dataclass(frozen=True, slots=True)
class Link:
    """One advocate's link."""

    member_id: int
    word: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Referral:
    """One claim of a link by one friend."""

    id: int
    member_id: int
    friend_id: int
    friend_key: str
    version: int
    redemption_id: int | None
    state: State
    why: Reason | None
    signs: frozenset[str]
    score: int
    decision: Decision
    decided_by: str
    note: str
    order_id: int | None
    ordered_at: datetime | None
    due_at: datetime | None
    counts: bool
    posted: int
    line: int
    forgiven: int
    gift_id: int | None
    gifts: int
    claimed_at: datetime
    changed_at: datetime


_COLUMNS = (
    "id, member_id, friend_id, friend_key, version, redemption_id, state, why, signs, score, decision, decided_by,"
    " note, order_id, ordered_at, due_at, counts, posted, line, forgiven, gift_id, gifts, claimed_at, changed_at"
)


def _referral(row: Any) -> Referral:
    values = list(row)
    values[7] = Reason(str(values[7][0]), values[7][1]) if values[7] else None
    values[8] = frozenset(values[8])
    return Referral(*values)


def select(conn: Connection, where: str, params: Mapping[str, object]) -> list[Referral]:
    """Referrals by a condition of this part's own; the shop's id is `%(shop)s`."""
    sql = f"SELECT {_COLUMNS} FROM referrals WHERE shop_id = %(shop)s AND {where}"
    return [_referral(row) for row in conn.exec_driver_sql(sql, dict(params))]


def get(conn: Connection, shop_id: int, referral_id: int, *, lock: bool = False) -> Referral | None:
    """One referral of this shop."""
    where = "id = %(id)s" + (" FOR UPDATE" if lock else "")
    found = select(conn, where, {"shop": shop_id, "id": referral_id})
    return found[0] if found else None


def link_of(conn: Connection, shop_id: int, member_id: int) -> Link | None:
    """The member's link, if there is one yet."""
    row = conn.exec_driver_sql(
        "SELECT member_id, word, created_at FROM referral_links WHERE shop_id = %(shop)s AND member_id = %(member)s",
        {"shop": shop_id, "member": member_id},
    ).one_or_none()
    return Link(*row) if row else None


def words_of(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, str]:
    """The word of each member's link, of those who have one."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, word FROM referral_links WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    return {row[0]: row[1] for row in rows}


def link_by_word(conn: Connection, shop_id: int, word: str) -> Link | None:
    """Whose link it is, also by a word of another app from which they were brought."""
    row = conn.exec_driver_sql(
        "SELECT member_id, word, created_at FROM referral_links WHERE shop_id = %(shop)s AND word = %(word)s UNION ALL"
        " SELECT member_id, word, created_at FROM referral_aliases WHERE shop_id = %(shop)s AND word = %(word)s"
        " LIMIT 1",
        {"shop": shop_id, "word": word.lower()[:64]},
    ).one_or_none()
    return Link(*row) if row else None


def add_link(conn: Connection, shop_id: int, member_id: int, word: str, now: datetime) -> bool:
    """Give the member a link; says whether there is one of theirs now (not where the word is another's)."""
    conn.exec_driver_sql(
        "INSERT INTO referral_links (shop_id, member_id, word, created_at)"
        " VALUES (%(shop)s, %(member)s, %(word)s, %(now)s) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "member": member_id, "word": word, "now": now},
    )
    return link_of(conn, shop_id, member_id) is not None


def add_links(conn: Connection, shop_id: int, words: Mapping[int, str], now: datetime) -> None:
    """Give members links by their words, all at once; who has one keeps it, and so does whoever has the word."""
    conn.exec_driver_sql(
        "INSERT INTO referral_links (shop_id, member_id, word, created_at) SELECT %(shop)s, w.member, w.word, %(now)s"
        " FROM unnest(%(members)s::bigint[], %(words)s::text[]) AS w(member, word) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "members": list(words), "words": list(words.values()), "now": now},
    )


def add(conn: Connection, shop_id: int, values: Mapping[str, object]) -> int | None:
    """Write a claim down; None when the friend has one already."""
    made = bulk.insert(conn, referrals, [{"shop_id": shop_id, **values}], conflict="DO NOTHING", returning="id")
    return int(made[0][0]) if made else None


def change(conn: Connection, shop_id: int, referral_id: int, values: Mapping[str, object], now: datetime) -> None:
    """Set some columns of one referral."""
    row = {"shop_id": shop_id, "id": referral_id, **values, "changed_at": now}
    bulk.update(conn, referrals, [row], ("shop_id", "id"))


def claims_between(
    conn: Connection, shop_id: int, member_id: int, since: datetime, until: datetime | None = None
) -> int:
    """How often the member's link was claimed in that time; without an end, since then."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM referrals WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND claimed_at BETWEEN %(since)s AND coalesce(%(until)s, 'infinity'::timestamptz)",
        {"shop": shop_id, "member": member_id, "since": since, "until": until},
    ).one()
    return int(row[0])


def of_friend_key(conn: Connection, shop_id: int, key: str) -> Referral | None:
    """The claim of this mailbox that has not expired."""
    where = "friend_key = %(key)s AND friend_key <> '' AND state <> 'expired'"
    found = select(conn, where, {"shop": shop_id, "key": key})
    return found[0] if found else None


def of_advocate(conn: Connection, shop_id: int, member_id: int, limit: int = 50) -> list[Referral]:
    """The member's referrals, newest first."""
    params = {"shop": shop_id, "member": member_id, "limit": limit}
    return select(conn, "member_id = %(member)s ORDER BY id DESC LIMIT %(limit)s", params)


def of_friend(conn: Connection, shop_id: int, member_id: int) -> list[Referral]:
    """The claims that the member made as a friend."""
    return select(conn, "friend_id = %(member)s ORDER BY id", {"shop": shop_id, "member": member_id})


def counting(conn: Connection, shop_id: int, member_id: int) -> list[tuple[int, datetime]]:
    """(id, ordered at) of the advocate's referrals that count for the caps, earliest order first."""
    rows = conn.exec_driver_sql(
        "SELECT id, ordered_at FROM referrals WHERE shop_id = %(shop)s AND member_id = %(member)s AND counts"
        " AND ordered_at IS NOT NULL ORDER BY ordered_at, id",
        {"shop": shop_id, "member": member_id},
    )
    return [(row[0], row[1]) for row in rows]


def by_orders(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> list[int]:
    """The referrals whose friend's code one of these orders used."""
    rows = conn.exec_driver_sql(
        "SELECT r.id FROM redemptions d JOIN referrals r ON r.shop_id = d.shop_id AND r.redemption_id = d.id"
        " WHERE d.shop_id = %(shop)s AND d.captured_by_order = ANY(%(ids)s)"
        " AND d.reward <> 'next_order_code'",
        {"shop": shop_id, "ids": list(order_ids)},
    )
    return [row[0] for row in rows]


def of_buyers(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> list[int]:
    """The referrals with an order whose friend is one of these members."""
    rows = conn.exec_driver_sql(
        "SELECT id FROM referrals WHERE shop_id = %(shop)s AND friend_id = ANY(%(ids)s) AND order_id IS NOT NULL",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    return [row[0] for row in rows]


def is_only_a_friend(conn: Connection, shop_id: int, member_id: int) -> bool:
    """Whether all that is known of the member is one claim that has expired: no order, no entry, no other claim."""
    row = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM members WHERE shop_id = %(shop)s AND id = %(member)s AND state = 'guest')"
        " AND NOT EXISTS (SELECT FROM order_views WHERE shop_id = %(shop)s AND member_id = %(member)s)"
        " AND NOT EXISTS (SELECT FROM entries WHERE shop_id = %(shop)s AND member_id = %(member)s)"
        " AND NOT EXISTS (SELECT FROM referrals WHERE shop_id = %(shop)s AND friend_id = %(member)s"
        " AND state <> 'expired')",
        {"shop": shop_id, "member": member_id},
    ).one()
    return bool(row[0])


def earlier_orders(conn: Connection, shop_id: int, member_id: int, order_id: int, before: datetime) -> int:
    """How many orders the member placed before this one; cancelled and test orders are none."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM order_views WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND order_id <> %(order)s AND (placed_at, order_id) < (%(before)s, %(order)s) AND NOT deleted"
        " AND view->>'cancelled_at' IS NULL AND NOT coalesce((view->>'test')::boolean, false)",
        {"shop": shop_id, "member": member_id, "order": order_id, "before": before},
    ).one()
    return int(row[0])


def orders_known(conn: Connection, shop_id: int, member_id: int) -> int:
    """How many orders of the member we know, of every kind."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM order_views WHERE shop_id = %(shop)s AND member_id = %(member)s AND view IS NOT NULL",
        {"shop": shop_id, "member": member_id},
    ).one()
    return int(row[0])


def has_ordered(conn: Connection, shop_id: int, member_id: int) -> bool:
    """Whether the member has an order that was not cancelled."""
    row = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM order_views WHERE shop_id = %(shop)s AND member_id = %(member)s AND NOT deleted"
        " AND view IS NOT NULL AND view->>'cancelled_at' IS NULL AND NOT coalesce((view->>'test')::boolean, false))",
        {"shop": shop_id, "member": member_id},
    ).one()
    return bool(row[0])


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> list[int]:
    """Links and referrals follow a merged customer; answers the referrals that are to be judged again."""
    params = {"shop": shop_id, "from": from_member, "to": to_member}
    conn.exec_driver_sql(
        "UPDATE referral_links SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s"
        " AND NOT EXISTS (SELECT FROM referral_links WHERE shop_id = %(shop)s AND member_id = %(to)s)",
        params,
    )
    conn.exec_driver_sql(
        "UPDATE referral_marks SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s", params
    )
    rows = conn.exec_driver_sql(
        "UPDATE referrals SET member_id = CASE WHEN member_id = %(from)s THEN %(to)s ELSE member_id END,"
        " friend_id = CASE WHEN friend_id = %(from)s THEN %(to)s ELSE friend_id END"
        " WHERE shop_id = %(shop)s AND (member_id = %(from)s OR friend_id = %(from)s) RETURNING id",
        params,
    )
    return [row[0] for row in rows]


def as_json(reason: Reason | None) -> list[object] | None:
    """A reason as it is stored."""
    return [reason.code, dict(reason.values)] if reason else None


def page(conn: Connection, shop_id: int, states: Iterable[str], before: int | None, limit: int) -> list[Referral]:
    """Referrals in these states, newest first."""
    params = {"shop": shop_id, "states": list(states), "before": before or 2**62, "limit": limit}
    return select(conn, "state = ANY(%(states)s) AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s", params)


def counts(conn: Connection, shop_id: int) -> dict[str, int]:
    """How many referrals are in each state, and `links`."""
    rows = conn.exec_driver_sql(
        "SELECT state, count(*) FROM referrals WHERE shop_id = %(shop)s GROUP BY state"
        " UNION ALL SELECT 'links', count(*) FROM referral_links WHERE shop_id = %(shop)s",
        {"shop": shop_id},
    )
    return {row[0]: row[1] for row in rows}
