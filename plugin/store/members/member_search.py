"""Whom a text means: by part of a name or an address, a customer's number, an order, or a code of any kind.

Each way uses an index that row-level security lets through, which plain comparisons are. Only a text from the middle of
a word, which nothing begins with, is looked for in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from plugin.errors import BadInput
from plugin.rules.words.texts import Said
from plugin.store.members.member_list import COLUMNS
from plugin.store.members.members import Member

LIMIT: Final = 50
SHORTEST_CODE: Final = 4
GIFT_CARD: Final = 16
"""So long is a gift card's code, of which only the last characters are known in plain."""
SHORTEST_MIDDLE: Final = 3
MIDDLE_MS: Final = 3000
"""So long all names are looked through for a text from the middle of a word."""
_LAST: Final = "\U0010ffff"


def search(conn: Connection, shop_id: int, text: str, also: Iterable[int] = ()) -> list[Member]:
    """Up to LIMIT + 1 members whom the text may mean, and the members of the numbers in `also`; the newest activity
    first."""
    asked = " ".join(text.split())
    found = {*also, *_by_names(conn, shop_id, asked.lstrip("@")), *_by_number(conn, shop_id, asked)}
    found |= {*_by_order(conn, shop_id, asked), *_by_code(conn, shop_id, asked)}
    if not found and len(asked) >= SHORTEST_MIDDLE:
        found = _by_middle(conn, shop_id, asked)
    people = _read(conn, shop_id, found) if found else []
    return sorted(people, key=lambda one: str(one.customer_id) != asked)  # whose number it is comes first


def called(conn: Connection, shop_id: int, text: str) -> list[Member]:
    """The same by name, address and customer's number only."""
    asked = " ".join(text.split())
    found = {*_by_names(conn, shop_id, asked.lstrip("@")), *_by_number(conn, shop_id, asked)}
    return _read(conn, shop_id, found) if found else []


def _read(conn: Connection, shop_id: int, ids: set[int]) -> list[Member]:
    rows = conn.exec_driver_sql(
        f"SELECT {COLUMNS} FROM members m WHERE m.shop_id = %(shop)s AND m.id = ANY(%(ids)s)"
        " AND m.state IN ('member', 'guest', 'left') ORDER BY m.last_activity_at DESC, m.id DESC LIMIT %(limit)s",
        {"shop": shop_id, "ids": sorted(ids), "limit": LIMIT + 1},
    )
    return [Member(*row) for row in rows]


def _numbers(conn: Connection, sql: str, **params: Any) -> set[int]:
    return {row[0] for row in conn.exec_driver_sql(sql, params | {"limit": LIMIT + 1}) if row[0] is not None}


def _by_names(conn: Connection, shop_id: int, text: str) -> set[int]:
    """Whose name or address has a word from which on it reads so."""
    found: set[int] = set()
    for begins in {text.casefold(), text.lower()} - {""}:
        found |= _numbers(
            conn,
            "SELECT member_id FROM member_names WHERE shop_id = %(shop)s AND name >= %(first)s AND name < %(last)s"
            " ORDER BY name LIMIT %(limit)s",
            shop=shop_id,
            first=begins,
            last=begins + _LAST,
        )
    return found


def _by_number(conn: Connection, shop_id: int, text: str) -> set[int]:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return set()
    sql = "SELECT id FROM members WHERE shop_id = %(shop)s AND customer_id = %(customer)s::bigint LIMIT %(limit)s"
    return _numbers(conn, sql, shop=shop_id, customer=int(text))


def _by_order(conn: Connection, shop_id: int, text: str) -> set[int]:
    """Whose order is called so, with or without the sign before its number."""
    bare = text.removeprefix("#").strip()
    if not bare or not any(letter.isdigit() for letter in bare):
        return set()
    names = [sign + form for form in {bare, bare.upper(), bare.lower()} for sign in ("", "#")]
    sql = "SELECT member_id FROM order_views WHERE shop_id = %(shop)s AND name = ANY(%(names)s) LIMIT %(limit)s"
    return _numbers(conn, sql, shop=shop_id, names=names)


def code_key(text: str) -> str:
    """A code, or a part of one, as it is compared: capitals and digits only."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _by_code(conn: Connection, shop_id: int, text: str) -> set[int]:
    begins = code_key(text)
    if len(begins) < SHORTEST_CODE:
        return set()
    known = _numbers(
        conn,
        "SELECT member_id FROM member_codes WHERE shop_id = %(shop)s AND code >= %(first)s AND code < %(last)s"
        " ORDER BY code LIMIT %(limit)s",
        shop=shop_id,
        first=begins,
        last=begins + _LAST,
    )
    if known or len(begins) != GIFT_CARD:
        return known
    sql = "SELECT member_id FROM member_codes WHERE shop_id = %(shop)s AND code = %(ending)s LIMIT %(limit)s"
    return _numbers(conn, sql, shop=shop_id, ending=begins[-SHORTEST_CODE:])


def _by_middle(conn: Connection, shop_id: int, text: str) -> set[int]:
    """Whose name or address has this anywhere. BadInput: it would take longer than somebody waits for it."""
    like = text.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    saved = conn.begin_nested()
    try:
        conn.exec_driver_sql(f"SET LOCAL statement_timeout = {MIDDLE_MS}")
        found = _numbers(
            conn,
            "SELECT id FROM members WHERE shop_id = %(shop)s"
            " AND (email_key LIKE %(like)s OR lower(first_name || ' ' || last_name) LIKE %(like)s) LIMIT %(limit)s",
            shop=shop_id,
            like=f"%{like}%",
        )
    except OperationalError as error:
        saved.rollback()
        if getattr(error.orig, "sqlstate", "") != "57014":
            raise
        raise BadInput(Said("members.error.search_middle")) from error
    saved.rollback()
    return found
