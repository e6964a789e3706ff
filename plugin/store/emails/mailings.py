"""Mailings as they are stored: what they say, to whom, when, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.reports.buyers import BOUGHT

PAGE = 500


@dataclass(frozen=True, slots=True)
class Mailing:
    """One mailing. `bought` is a key of BOUGHT, or empty for all members; `most` is 0 for all of them."""

    id: int
    subject: str
    title: str
    body: str
    code: str
    bought: str
    most: int
    written: int
    state: str
    made_by: str
    created_at: datetime
    send_at: datetime
    ended_at: datetime | None


_COLUMNS = "id, subject, title, body, code, bought, most, written, state, made_by, created_at, send_at, ended_at"


def add(
    conn: Connection,
    shop_id: int,
    said: tuple[str, str, str, str],
    bought: str,
    most: int,
    made_by: str,
    send_at: datetime,
    now: datetime,
) -> int:
    """Plan one; `said` is its subject, title, body and code. Answers its number."""
    subject, title, body, code = said
    number: int = conn.exec_driver_sql(
        "INSERT INTO mailings (shop_id, subject, title, body, code, bought, most, made_by, created_at, send_at) VALUES"
        " (%(shop)s, %(subject)s, %(title)s, %(body)s, %(code)s, %(bought)s, %(most)s, %(by)s, %(now)s, %(at)s)"
        " RETURNING id",
        {
            "shop": shop_id,
            "subject": subject,
            "title": title,
            "body": body,
            "code": code,
            "bought": bought,
            "most": most,
            "by": made_by,
            "now": now,
            "at": send_at,
        },
    ).scalar_one()
    return number


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Mailing]:
    """Mailings by their numbers."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM mailings WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(ids))},
    )
    return {row[0]: Mailing(*row) for row in rows}


def newest(conn: Connection, shop_id: int, limit: int = 50) -> list[Mailing]:
    """The shop's mailings, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM mailings WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [Mailing(*row) for row in rows]


def wrote(conn: Connection, shop_id: int, mailing_id: int, more: int) -> None:
    """So many more of its emails are written down."""
    conn.exec_driver_sql(
        "UPDATE mailings SET written = written + %(more)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": mailing_id, "more": more},
    )


def end(conn: Connection, shop_id: int, mailing_id: int, state: str, now: datetime) -> bool:
    """All of it is written down, or it is canceled; says whether it was still planned, or is canceled in time."""
    result = conn.exec_driver_sql(
        "UPDATE mailings SET state = %(state)s, ended_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s"
        " AND (state = 'planned' OR (state = 'written' AND %(state)s = 'canceled'))",
        {"shop": shop_id, "id": mailing_id, "state": state, "now": now},
    )
    return result.rowcount == 1


def audience(conn: Connection, shop_id: int, bought: str, after: int, limit: int = PAGE) -> list[int]:
    """The members whom it is for, by their numbers from one on, as the list of members filters them."""
    where = f"m.state = 'member' AND {BOUGHT[bought]}" if bought else "m.state = 'member'"
    joined = " JOIN member_stats s ON s.shop_id = m.shop_id AND s.member_id = m.id" if bought else ""
    rows = conn.exec_driver_sql(
        f"SELECT m.id FROM members m{joined} WHERE m.shop_id = %(shop)s AND m.id > %(after)s AND {where}"
        " ORDER BY m.id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    return [row[0] for row in rows]


def audience_size(conn: Connection, shop_id: int, bought: str) -> int:
    """How many members it would go to, whoever of them agreed to marketing."""
    where = f"m.state = 'member' AND {BOUGHT[bought]}" if bought else "m.state = 'member'"
    joined = " JOIN member_stats s ON s.shop_id = m.shop_id AND s.member_id = m.id" if bought else ""
    found: int = conn.exec_driver_sql(
        f"SELECT count(*) FROM members m{joined} WHERE m.shop_id = %(shop)s AND {where}", {"shop": shop_id}
    ).scalar_one()
    return found
