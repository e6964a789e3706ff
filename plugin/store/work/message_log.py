"""The log of messages: newest first, by state, kind, language and member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.work.messages import COLUMNS, Message

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages; what is empty, or None, leaves none out."""

    state: str = ""
    kind: str = ""
    language: str = ""
    member_ids: tuple[int, ...] | None = None


def page(conn: Connection, shop_id: int, wanted: Wanted, before_id: int | None) -> list[Message]:
    """One page of messages and one more, newest first."""
    where = {
        "state": "state = %(state)s",
        "kind": "kind = %(kind)s",
        "language": "language = %(language)s",
        "member_ids": "member_id = ANY(%(member_ids)s)",
    }
    asked = {name: getattr(wanted, name) for name in where}
    params = {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items() if value}
    if wanted.member_ids == ():
        return []
    chosen = "".join(f" AND {where[name]}" for name in params)
    before = " AND id < %(before)s" if before_id is not None else ""
    rows = conn.exec_driver_sql(
        f"SELECT {COLUMNS} FROM messages WHERE shop_id = %(shop)s{chosen}{before} ORDER BY id DESC LIMIT %(limit)s",
        {**params, "shop": shop_id, "before": before_id, "limit": PAGE + 1},
    )
    return [Message(*row) for row in rows]


def languages(conn: Connection, shop_id: int) -> list[str]:
    """The languages in which the shop's emails went, each looked up once, however many there are."""
    rows = conn.exec_driver_sql(
        "WITH RECURSIVE one AS ((SELECT language FROM messages WHERE shop_id = %(shop)s AND language <> ''"
        " ORDER BY language LIMIT 1) UNION ALL SELECT next.language FROM one CROSS JOIN LATERAL ("
        "SELECT m.language FROM messages m WHERE m.shop_id = %(shop)s AND m.language <> ''"
        " AND m.language > one.language ORDER BY m.language LIMIT 1) next) SELECT language FROM one",
        {"shop": shop_id},
    )
    return [row[0] for row in rows]


def noted_since(conn: Connection, shop_id: int, note: str, since: datetime) -> dict[str, tuple[int, datetime]]:
    """How many emails of each kind were sent since then with this note, and when the last one was."""
    rows = conn.exec_driver_sql(
        "SELECT kind, count(*), max(sent_at) FROM messages WHERE shop_id = %(shop)s AND state = 'sent'"
        " AND last_error <> '' AND last_error = %(note)s AND sent_at > %(since)s GROUP BY kind",
        {"shop": shop_id, "note": note, "since": since},
    )
    return {row[0]: (row[1], row[2]) for row in rows}
