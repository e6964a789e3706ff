"""Events: what happened, written once and never changed, in the order in which it was written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.events import Event, EventKind, Recorded
from plugin.store.database import bulk
from plugin.store.tables import events
from plugin.store.work import event_values

COLUMNS = "id, kind, member_id, subject, payload, happened_at"


def add(conn: Connection, shop_id: int, happened: Sequence[Event], now: datetime) -> None:
    """Write events down, in this order and with one statement. ValueError for a payload that is not of its type.

    The members are locked by the caller, so that the numbers of one member's events grow with time.
    """
    rows = [
        {
            "shop_id": shop_id,
            "kind": one.kind.value,
            "member_id": one.member_id,
            "subject": one.subject,
            "payload": event_values.written(one),
            "happened_at": one.happened_at or now,
        }
        for one in happened
    ]
    bulk.insert(conn, events, rows)


def recorded(row: Any) -> Recorded:
    """An event by its columns."""
    number, kind, member_id, subject, payload, happened_at = row
    return Recorded(number, EventKind(kind), member_id, subject, event_values.read(kind, payload), happened_at)


def between(
    conn: Connection,
    shop_id: int,
    member_id: int,
    kinds: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> list[Recorded]:
    """The member's events of these kinds from a moment on and before another (None: no bound), newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {COLUMNS} FROM events WHERE shop_id = %(shop)s AND member_id = %(member)s AND kind = ANY(%(kinds)s)"
        " AND happened_at >= coalesce(%(since)s::timestamptz, '-infinity')"
        " AND happened_at < coalesce(%(until)s::timestamptz, 'infinity') ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "kinds": list(kinds), "since": since, "until": until, "limit": limit},
    )
    return [recorded(row) for row in rows]
