"""Events on their way to endpoints: queued, claimed in the order of each member, sent, kept as a log, sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.events import EventKind, Recorded
from plugin.store.database import bulk
from plugin.store.tables import outgoing_webhooks
from plugin.store.work import events

PAGE = 50


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event for one endpoint. `log` is a list of tries: at, status, wrong, text, seconds."""

    event_id: int
    kind: EventKind
    member_id: int | None
    happened_at: datetime
    state: str
    tries: int
    next_at: datetime
    log: Sequence[Mapping[str, Any]]
    seconds: float | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one that was tried; `next_at` where it waits for another try."""

    event_id: int
    member_id: int | None
    state: str
    tries: int
    next_at: datetime
    tried: Mapping[str, Any]
    seconds: float
    ended_at: datetime | None


_COLUMNS = "event_id, kind, member_id, happened_at, state, tries, next_at, log, seconds, ended_at"


def _outgoing(row: Any) -> Outgoing:
    number, kind, *rest = row
    return Outgoing(number, EventKind(kind), *rest)


def queue(conn: Connection, shop_id: int, found: Mapping[int, Sequence[Recorded]], now: datetime) -> None:
    """Events for endpoints, by endpoint; one that is there already is left alone.

    An event behind one of the same member that waits for another try waits as long.
    """
    rows = [
        {
            "shop_id": shop_id,
            "endpoint_id": endpoint,
            "event_id": one.id,
            "kind": one.kind.value,
            "member_id": one.member_id,
            "happened_at": one.happened_at,
            "next_at": now,
        }
        for endpoint, some in found.items()
        for one in some
    ]
    bulk.insert(conn, outgoing_webhooks, rows, conflict="DO NOTHING")
    members = {one.member_id for some in found.values() for one in some if one.member_id is not None}
    for endpoint in found:
        _behind(conn, shop_id, endpoint, members)


def _behind(conn: Connection, shop_id: int, endpoint: int, members: Iterable[int]) -> None:
    """Of these members, what waits behind an event that is put off is put off as long."""
    conn.exec_driver_sql(
        "UPDATE outgoing_webhooks o SET next_at = late.next_at FROM (SELECT member_id, max(next_at) AS next_at"
        " FROM outgoing_webhooks WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s AND state = 'waiting'"
        " AND member_id = ANY(%(members)s) AND tries > 0 GROUP BY member_id) late"
        " WHERE o.shop_id = %(shop)s AND o.endpoint_id = %(endpoint)s AND o.state = 'waiting'"
        " AND o.member_id = late.member_id AND o.next_at < late.next_at",
        {"shop": shop_id, "endpoint": endpoint, "members": sorted(members)},
    )


def due(conn: Connection, shop_id: int, endpoint: int, now: datetime, most: int) -> list[Outgoing]:
    """What is to be sent now, oldest first, in the order of each member.

    Somebody who queued an event while one before it was being tried may not have seen that it is put off: such an event
    is put off here.
    """
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS}, EXISTS (SELECT FROM outgoing_webhooks e WHERE e.shop_id = %(shop)s"
        " AND e.endpoint_id = %(endpoint)s AND e.state = 'waiting' AND e.member_id = o.member_id"
        " AND e.event_id < o.event_id AND e.next_at > %(now)s) AS blocked FROM (SELECT * FROM outgoing_webhooks"
        " WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s AND state = 'waiting' AND next_at <= %(now)s"
        " ORDER BY next_at, event_id LIMIT %(most)s) o ORDER BY event_id",
        {"shop": shop_id, "endpoint": endpoint, "now": now, "most": most},
    ).fetchall()
    if blocked := {row[2] for row in rows if row[-1]}:
        _behind(conn, shop_id, endpoint, blocked)
    return [_outgoing(row[:-1]) for row in rows if not row[-1]]


def next_due(conn: Connection, shop_id: int, endpoint: int) -> datetime | None:
    """When the next one is to be sent; None: nothing waits."""
    asked = conn.exec_driver_sql(
        "SELECT min(next_at) FROM outgoing_webhooks WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s"
        " AND state = 'waiting'",
        {"shop": shop_id, "endpoint": endpoint},
    )
    found: datetime | None = asked.scalar_one()
    return found


def record(conn: Connection, shop_id: int, endpoint: int, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of them; what waits behind those that are put off is put off as long."""
    rows = [
        {
            "event_id": one.event_id,
            "state": one.state,
            "tries": one.tries,
            "next_at": one.next_at,
            "tried": [one.tried],
            "seconds": one.seconds,
            "ended_at": one.ended_at,
        }
        for one in outcomes
    ]
    conn.exec_driver_sql(
        "UPDATE outgoing_webhooks o SET state = r.state, tries = r.tries, next_at = r.next_at, log = o.log || r.tried,"
        " seconds = r.seconds, ended_at = r.ended_at FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(event_id bigint,"
        " state text, tries smallint, next_at timestamptz, tried jsonb, seconds double precision, ended_at timestamptz)"
        " WHERE o.shop_id = %(shop)s AND o.endpoint_id = %(endpoint)s AND o.event_id = r.event_id",
        {"shop": shop_id, "endpoint": endpoint, "rows": bulk.to_json(rows)},
    )
    late = {one.member_id for one in outcomes if one.state == "waiting" and one.member_id is not None}
    if late:
        _behind(conn, shop_id, endpoint, late)


def events_of(conn: Connection, shop_id: int, wanted: Sequence[Outgoing]) -> dict[int, Recorded]:
    """The events themselves, by number; one that is no longer kept is missing."""
    if not wanted:
        return {}
    rows = conn.exec_driver_sql(
        f"SELECT {events.COLUMNS} FROM events WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)"
        " AND happened_at BETWEEN %(first)s AND %(last)s",
        {
            "shop": shop_id,
            "ids": [one.event_id for one in wanted],
            "first": min(one.happened_at for one in wanted),
            "last": max(one.happened_at for one in wanted),
        },
    )
    return {row[0]: events.recorded(row) for row in rows}


def page(
    conn: Connection, shop_id: int, endpoint: int, state: str, kind: str, before: int | None, most: int = PAGE
) -> list[Outgoing]:
    """What was sent and what waits, newest first; `state` and `kind` may be empty for all."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM outgoing_webhooks WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s"
        " AND (%(state)s = '' OR state = %(state)s) AND (%(kind)s = '' OR kind = %(kind)s)"
        " AND event_id < coalesce(%(before)s::bigint, 9223372036854775807) ORDER BY event_id DESC LIMIT %(most)s",
        {"shop": shop_id, "endpoint": endpoint, "state": state, "kind": kind, "before": before, "most": most},
    )
    return [_outgoing(row) for row in rows]


def get(conn: Connection, shop_id: int, endpoint: int, event_id: int) -> Outgoing | None:
    """One of them."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM outgoing_webhooks WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s"
        " AND event_id = %(event)s",
        {"shop": shop_id, "endpoint": endpoint, "event": event_id},
    ).one_or_none()
    return _outgoing(row) if row else None


def counts(conn: Connection, shop_id: int, endpoint: int) -> dict[str, int]:
    """How many there are in each state."""
    rows = conn.exec_driver_sql(
        "SELECT state, count(*) FROM outgoing_webhooks WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s"
        " GROUP BY state",
        {"shop": shop_id, "endpoint": endpoint},
    )
    return {row[0]: int(row[1]) for row in rows}


def again(conn: Connection, shop_id: int, endpoint: int, event_id: int, now: datetime) -> bool:
    """Send one once more, as if it had not been tried; says whether there is one, and it does not wait already."""
    done = conn.exec_driver_sql(
        "UPDATE outgoing_webhooks SET state = 'waiting', tries = 0, next_at = %(now)s, ended_at = NULL"
        " WHERE shop_id = %(shop)s AND endpoint_id = %(endpoint)s AND event_id = %(event)s AND state <> 'waiting'",
        {"shop": shop_id, "endpoint": endpoint, "event": event_id, "now": now},
    )
    return done.rowcount > 0


def happened_from(
    conn: Connection, shop_id: int, kinds: Sequence[EventKind], since: datetime, until: datetime, after: int, most: int
) -> list[Recorded]:
    """The shop's events of these kinds from a moment on, in their order, behind a number."""
    rows = conn.exec_driver_sql(
        f"SELECT {events.COLUMNS} FROM events WHERE shop_id = %(shop)s AND kind = ANY(%(kinds)s) AND id > %(after)s"
        " AND happened_at >= %(since)s AND happened_at < %(until)s ORDER BY id LIMIT %(most)s",
        {
            "shop": shop_id,
            "kinds": [kind.value for kind in kinds],
            "since": since,
            "until": until,
            "after": after,
            "most": most,
        },
    )
    return [events.recorded(row) for row in rows]


def send_again(conn: Connection, shop_id: int, endpoint: int, found: Sequence[Recorded], now: datetime) -> None:
    """Queue these once more, whether they were sent or not; what waits already keeps its time."""
    rows = [
        {
            "shop_id": shop_id,
            "endpoint_id": endpoint,
            "event_id": one.id,
            "kind": one.kind.value,
            "member_id": one.member_id,
            "happened_at": one.happened_at,
            "next_at": now,
        }
        for one in found
    ]
    bulk.insert(
        conn,
        outgoing_webhooks,
        rows,
        conflict="(shop_id, endpoint_id, event_id) DO UPDATE SET state = 'waiting', tries = 0,"
        " next_at = excluded.next_at, ended_at = NULL WHERE outgoing_webhooks.state <> 'waiting'",
    )
