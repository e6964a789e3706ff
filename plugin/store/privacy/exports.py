"""Everything of a kind, a few members at a time, for a file: short queries by index, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

MEMBERS_A_PAGE = 500
HEADINGS: dict[str, Sequence[str]] = {
    "members": (
        *"member,customer id,email,first name,last name,state,balance,owed,joined,last activity".split(","),
        *"birthday,tier,tier since".split(","),
    ),
    "entries": tuple("entry,member,kind,points,subject,line,programme version,effective,written,by".split(",")),
    "lots": tuple("lot,member,points,left,earned,usable from,ends,warnings".split(",")),
}
_SELECT = {
    "members": "SELECT id, customer_id, email, first_name, last_name, state, balance, debt, joined_at,"
    " last_activity_at, (SELECT to_char(make_date(2000, p.birth_month, p.birth_day), 'MM-DD') FROM member_profiles p"
    " WHERE p.shop_id = m.shop_id AND p.member_id = m.id), coalesce(t.tier, ''), t.since FROM members m"
    " LEFT JOIN member_tiers t ON t.shop_id = m.shop_id AND t.member_id = m.id"
    " WHERE m.shop_id = %(shop)s AND m.id = ANY(%(ids)s) ORDER BY m.id",
    "entries": "SELECT id, member_id, kind, points, subject, line, programme_version, effective_at, created_at,"
    " actor FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) ORDER BY member_id, id",
    "lots": "SELECT id, member_id, points, points_left, earned_at, available_at, expires_at, warnings FROM lots"
    " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) ORDER BY member_id, id",
}


MOST_COUNTED = 1_000_000
"""For the access log: a file of more rows than this is written down as one of so many."""


def count(conn: Connection, shop_id: int, what: str) -> int:
    """How many rows the file will have, up to MOST_COUNTED."""
    rows = f"SELECT FROM {what} WHERE shop_id = %(shop)s LIMIT %(most)s"
    found = conn.exec_driver_sql(f"SELECT count(*) FROM ({rows}) AS r", {"shop": shop_id, "most": MOST_COUNTED})
    return int(found.scalar_one())


def of_members(conn: Connection, shop_id: int, ids: Sequence[int]) -> list[list[Any]]:
    """The rows of these members, as the file of all of them has them."""
    return [list(row) for row in conn.exec_driver_sql(_SELECT["members"], {"shop": shop_id, "ids": list(ids)})]


def page(conn: Connection, shop_id: int, what: str, after: int) -> tuple[int | None, list[list[Any]]]:
    """The rows of the next members after an id, and the last of their ids; None when there are no more."""
    found = conn.exec_driver_sql(
        "SELECT id FROM members WHERE shop_id = %(shop)s AND id > %(after)s AND state NOT IN ('merged', 'erased')"
        " ORDER BY id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": MEMBERS_A_PAGE},
    )
    ids = [row[0] for row in found]
    if not ids:
        return None, []
    return ids[-1], [list(row) for row in conn.exec_driver_sql(_SELECT[what], {"shop": shop_id, "ids": ids})]
