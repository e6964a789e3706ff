"""The published versions of a shop's emails: numbered by kind, never changed; the newest is what is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.emails.design import Content
from plugin.rules.emails.stored import read_stored, to_stored
from plugin.store.database.bulk import to_json


@dataclass(frozen=True, slots=True)
class EmailVersion:
    """One published version of one kind; `content` is None where it is the email that comes with the app."""

    kind: str
    number: int
    content: Content | None
    author: str
    note: str
    created_at: datetime


_COLUMNS = "kind, number, content, author, note, created_at"


def _version(row: tuple[object, ...]) -> EmailVersion:
    kind, number, content, *rest = row
    return EmailVersion(kind, number, content_of(content), *rest)  # type: ignore[arg-type]  # a row of these columns


def content_of(stored: object) -> Content | None:
    """What a column of contents holds."""
    return None if stored is None else read_stored(stored)


def stored(content: Content | None) -> str | None:
    """A content as its columns hold it."""
    return None if content is None else to_json(to_stored(content))


def published(conn: Connection, shop_id: int) -> dict[str, Content]:
    """What the shop's emails are made of, by kind; one that is as it comes with the app is absent."""
    return {one.kind: one.content for one in newest(conn, shop_id).values() if one.content is not None}


def newest(conn: Connection, shop_id: int) -> dict[str, EmailVersion]:
    """The version in force of each kind that has one."""
    rows = conn.exec_driver_sql(
        f"SELECT DISTINCT ON (kind) {_COLUMNS} FROM email_versions WHERE shop_id = %(shop)s ORDER BY kind, number DESC",
        {"shop": shop_id},
    )
    return {one.kind: one for one in map(_version, rows)}


def of_kind(conn: Connection, shop_id: int, kind: str) -> list[EmailVersion]:
    """All versions of one kind, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM email_versions WHERE shop_id = %(shop)s AND kind = %(kind)s ORDER BY number DESC",
        {"shop": shop_id, "kind": kind},
    )
    return [_version(row) for row in rows]


def get(conn: Connection, shop_id: int, kind: str, number: int) -> EmailVersion | None:
    """One version."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM email_versions WHERE shop_id = %(shop)s AND kind = %(kind)s AND number = %(number)s",
        {"shop": shop_id, "kind": kind, "number": number},
    ).one_or_none()
    return None if row is None else _version(row)


def add(
    conn: Connection, shop_id: int, kind: str, content: Content | None, author: str, note: str, now: datetime
) -> int:
    """Store the next version of the kind; returns its number. The caller has the turn at it."""
    row = conn.exec_driver_sql(
        "INSERT INTO email_versions (shop_id, kind, number, content, author, note, created_at)"
        " SELECT %(shop)s, %(kind)s, coalesce(max(number), 0) + 1, %(content)s::jsonb, %(author)s, %(note)s, %(now)s"
        " FROM email_versions WHERE shop_id = %(shop)s AND kind = %(kind)s RETURNING number",
        {
            "shop": shop_id,
            "kind": kind,
            "content": stored(content),
            "author": author,
            "note": note,
            "now": now,
        },
    ).one()
    return int(row[0])
