"""The access log: who read or changed personal data. Added to, never changed; the database refuses the rest.

Only two ways lead out, and both are conditions on the rows themselves that the database checks: a row that is
older than a year, and a shop that was erased, whose rows become counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

PAGE = 50
FILE_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Access:
    """One reading or change. `how_many` is None where nobody counted; `search` is a keyed hash, never the text."""

    actor: str
    kind: str
    what: str
    subject: str = ""
    how_many: int | None = 1
    fields: Sequence[str] = ()
    search: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A row of the log."""

    id: int
    at: datetime
    actor: str
    kind: str
    what: str
    subject: str
    how_many: int | None
    fields: Sequence[str]
    search: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the log is filtered by; empty is everything. Days are the shop's, from midnight on."""

    actor: str = ""
    kind: str = ""
    since: datetime | None = None
    before: datetime | None = None


def add(conn: Connection, shop_id: int, one: Access, at: datetime) -> bool:
    """Write one row; a change only if this transaction has changed something. Says whether it was written."""
    result = conn.exec_driver_sql(
        "INSERT INTO access_log (shop_id, at, actor, kind, what, subject, how_many, fields, search)"
        " SELECT %(shop)s, %(at)s, %(actor)s, %(kind)s, %(what)s, %(subject)s, %(many)s, %(fields)s::text[], %(search)s"
        " WHERE %(kind)s = 'read' OR pg_current_xact_id_if_assigned() IS NOT NULL",
        {
            "shop": shop_id,
            "at": at,
            "actor": one.actor,
            "kind": one.kind,
            "what": one.what,
            "subject": one.subject,
            "many": one.how_many,
            "fields": sorted(one.fields),
            "search": one.search,
        },
    )
    return result.rowcount == 1


_COLUMNS = "id, at, actor, kind, what, subject, how_many, fields, search"
_FILTERED = (
    "FROM access_log WHERE shop_id = %(shop)s"
    " AND (%(actor)s = '' OR actor = %(actor)s) AND (%(kind)s = '' OR kind = %(kind)s)"
    " AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)"
    " AND (%(start)s::bigint IS NULL OR id < %(start)s)"
)


def page(conn: Connection, shop_id: int, wanted: Wanted, before_id: int | None, limit: int = PAGE + 1) -> list[Noted]:
    """The rows that the filter leaves, newest first, from `before_id` on."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} {_FILTERED} ORDER BY id DESC LIMIT %(limit)s",
        _asked(shop_id, wanted, before_id) | {"limit": limit},
    )
    return [Noted(*row) for row in rows]


def count(conn: Connection, shop_id: int, wanted: Wanted) -> int:
    """How many rows the filter leaves."""
    found = conn.exec_driver_sql(f"SELECT count(*) {_FILTERED}", _asked(shop_id, wanted, None))
    return int(found.scalar_one())


def _asked(shop_id: int, wanted: Wanted, before_id: int | None) -> dict[str, object]:
    return {
        "shop": shop_id,
        "actor": wanted.actor,
        "kind": wanted.kind,
        "since": wanted.since,
        "until": wanted.before,
        "start": before_id,
    }


def digest(conn: Connection, shop_id: int) -> dict[str, int]:
    """How many rows there are of each kind: what stays of the log of an erased shop."""
    rows = conn.exec_driver_sql(
        "SELECT kind || ':' || what, count(*) FROM access_log WHERE shop_id = %(shop)s GROUP BY 1 ORDER BY 1",
        {"shop": shop_id},
    )
    return {row[0]: int(row[1]) for row in rows}


def actors(conn: Connection, shop_id: int) -> Iterable[str]:
    """Everybody who stands in the log, by skipping from one to the next in the index."""
    rows = conn.exec_driver_sql(
        "WITH RECURSIVE each AS ("
        "(SELECT actor FROM access_log WHERE shop_id = %(shop)s ORDER BY actor LIMIT 1) UNION ALL"
        " SELECT (SELECT a.actor FROM access_log a WHERE a.shop_id = %(shop)s AND a.actor > each.actor"
        " ORDER BY a.actor LIMIT 1) FROM each WHERE each.actor IS NOT NULL"
        ") SELECT actor FROM each WHERE actor IS NOT NULL",
        {"shop": shop_id},
    )
    return [row[0] for row in rows]
