"""The draft of each kind of email, one a shop: what staff have changed and not published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.emails.design import Content
from plugin.store.emails.versions import content_of, stored


@dataclass(frozen=True, slots=True)
class Draft:
    """One kind's draft. `before` is what the last saving took the place of; None stands for the email that comes with
    the app. `revision` is another one with every saving."""

    kind: str
    content: Content | None
    before: Content | None
    based_on: int
    revision: int
    author: str
    saved_at: datetime


_COLUMNS = "kind, content, before, based_on, revision, author, saved_at"


def _draft(row: tuple[object, ...]) -> Draft:
    kind, content, before, *rest = row
    return Draft(kind, content_of(content), content_of(before), *rest)  # type: ignore[arg-type]  # a row of these columns


def all_of(conn: Connection, shop_id: int) -> dict[str, Draft]:
    """Every draft of the shop, by kind."""
    rows = conn.exec_driver_sql(f"SELECT {_COLUMNS} FROM email_drafts WHERE shop_id = %(shop)s", {"shop": shop_id})
    return {one.kind: one for one in map(_draft, rows)}


def get(conn: Connection, shop_id: int, kind: str) -> Draft | None:
    """One kind's draft, if there is one."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM email_drafts WHERE shop_id = %(shop)s AND kind = %(kind)s",
        {"shop": shop_id, "kind": kind},
    ).one_or_none()
    return None if row is None else _draft(row)


def save(
    conn: Connection,
    shop_id: int,
    kind: str,
    content: Content | None,
    before: Content | None,
    based_on: int,
    author: str,
    now: datetime,
) -> int:
    """Store the kind's draft in place of the one there is; returns its revision."""
    row = conn.exec_driver_sql(
        "INSERT INTO email_drafts (shop_id, kind, content, before, based_on, author, saved_at)"
        " VALUES (%(shop)s, %(kind)s, %(content)s::jsonb, %(before)s::jsonb, %(based_on)s, %(author)s, %(now)s)"
        " ON CONFLICT (shop_id, kind) DO UPDATE SET content = excluded.content, before = excluded.before,"
        " based_on = excluded.based_on, revision = excluded.revision, author = excluded.author,"
        " saved_at = excluded.saved_at RETURNING revision",
        {
            "shop": shop_id,
            "kind": kind,
            "content": stored(content),
            "before": stored(before),
            "based_on": based_on,
            "author": author,
            "now": now,
        },
    ).one()
    return int(row[0])


def remove(conn: Connection, shop_id: int, kind: str) -> None:
    """There is no draft of this kind any more."""
    conn.exec_driver_sql(
        "DELETE FROM email_drafts WHERE shop_id = %(shop)s AND kind = %(kind)s", {"shop": shop_id, "kind": kind}
    )
