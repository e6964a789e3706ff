"""Deliveries as they came, immutable; and the inbox, the deliveries not yet processed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
import zstandard
from sqlalchemy import Connection

from plugin.observe import get_logger
from plugin.rules.values.quick import quickly_made

NOTIFY_CHANNEL = "suki_inbox"
log = get_logger()
MAX_BODY_BYTES = 16 * 2**20
CLAIMED_BYTES = 8 * 2**20
"""How much is read and unpacked at once; one delivery may be larger. Parsed it takes about ten times as much."""

_ARRIVED = (
    "SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::timestamptz[],"
    " %b::bytea[]) WITH ORDINALITY AS a(domain, webhook_id, topic, event_id, api_version, triggered_at, body, place)"
)
_RECORD = f"""
WITH arrived AS ({_ARRIVED}),
known AS (
  SELECT a.*, s.id AS shop_id, %s::timestamptz AS received_at FROM arrived a JOIN shops s ON s.domain = a.domain
  WHERE s.state = 'installed' OR (s.state = 'uninstalled' AND a.topic = ANY(%s))),
once AS (
  SELECT DISTINCT ON (shop_id, webhook_id) * FROM known ORDER BY shop_id, webhook_id, place),
unheard AS (
  INSERT INTO delivery_ids (shop_id, webhook_id, received_at) SELECT shop_id, webhook_id, received_at FROM once
  ON CONFLICT DO NOTHING RETURNING shop_id, webhook_id),
fresh AS (
  INSERT INTO deliveries (shop_id, webhook_id, topic, event_id, api_version, triggered_at, received_at, body)
  SELECT shop_id, webhook_id, topic, event_id, api_version, triggered_at, received_at, body
  FROM once JOIN unheard USING (shop_id, webhook_id) ORDER BY place RETURNING shop_id, id),
queued AS (
  INSERT INTO inbox (delivery_id, shop_id) SELECT id, shop_id FROM fresh RETURNING 1)
SELECT (SELECT coalesce(array_agg(place), '{{}}') FROM known), (SELECT count(*) FROM queued),
  pg_notify('{NOTIFY_CHANNEL}', '')
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One verified webhook. `body` is compressed."""

    domain: str
    webhook_id: str
    topic: str
    event_id: str
    api_version: str
    triggered_at: datetime
    body: bytes


@quickly_made
@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery to process; `body` as Shopify sent it."""

    id: int
    webhook_id: str
    topic: str
    triggered_at: datetime
    body: bytes
    attempts: int = 0
    names_shop: bool = True  # whether the body says whose it is, or we fetched it ourselves


def record(
    conn: psycopg.Connection[Any], arrivals: Sequence[Arrival], after_uninstall: list[str], now: datetime
) -> tuple[set[int], int]:
    """Store the arrivals and put the new ones in the inbox, in one statement.

    Answers the places of those whose shop is known, and how many were new. The connection is the
    intake's own (autocommit, `suki.scope` = intake): when this returns, everything is on disk.
    """
    columns = [list(column) for column in zip(*(_columns(arrival) for arrival in arrivals), strict=True)]
    row = conn.execute(_RECORD, [*columns, now, after_uninstall], binary=True).fetchone()
    assert row is not None
    return {place - 1 for place in row[0]}, row[1]


def _columns(arrival: Arrival) -> tuple[object, ...]:
    return (
        arrival.domain,
        arrival.webhook_id,
        arrival.topic,
        arrival.event_id,
        arrival.api_version,
        arrival.triggered_at,
        arrival.body,
    )


def once_here(conn: psycopg.Connection[Any], domains: Iterable[str]) -> set[str]:
    """Those of the domains that have, or had, the app here."""
    rows = conn.execute("SELECT domain FROM shops WHERE domain = ANY(%s)", (sorted(domains),))
    return {row[0] for row in rows}


def count_refused(conn: psycopg.Connection[Any], reason: str, seen: int) -> None:
    """Add to the day's counter: all that is kept of what belongs to no shop."""
    conn.execute(
        "INSERT INTO intake_counters (day, reason, seen) VALUES (current_date, %s, %s)"
        " ON CONFLICT (day, reason) DO UPDATE SET seen = intake_counters.seen + excluded.seen",
        (reason, seen),
    )


def add(conn: Connection, shop_id: int, webhook_id: str, topic: str, found_at: datetime, body: bytes) -> None:
    """Put something that reconciling found into the inbox, as if Shopify had sent it then."""
    conn.exec_driver_sql(
        "WITH unheard AS (INSERT INTO delivery_ids (shop_id, webhook_id, received_at)"
        " VALUES (%(shop)s, %(webhook)s, %(at)s) ON CONFLICT DO NOTHING RETURNING shop_id),"
        " fresh AS (INSERT INTO deliveries (shop_id, webhook_id, topic, triggered_at, received_at, body)"
        " SELECT shop_id, %(webhook)s, %(topic)s, %(at)s, %(at)s, %(body)s FROM unheard RETURNING id)"
        " INSERT INTO inbox (delivery_id, shop_id) SELECT id, %(shop)s FROM fresh",
        {
            "shop": shop_id,
            "webhook": webhook_id,
            "topic": topic,
            "at": found_at,
            "body": zstandard.compress(body, 1),
        },
    )
    conn.exec_driver_sql(f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')")


def shops_waiting(conn: Connection, now: datetime) -> list[int]:
    """Shops with something to process now. Runs in a dispatch transaction."""
    rows = conn.exec_driver_sql(
        "WITH RECURSIVE shop AS ("
        " (SELECT shop_id FROM inbox ORDER BY shop_id LIMIT 1)"
        " UNION ALL SELECT (SELECT i.shop_id FROM inbox i WHERE i.shop_id > shop.shop_id"
        " ORDER BY i.shop_id LIMIT 1) FROM shop WHERE shop.shop_id IS NOT NULL)"
        " SELECT shop_id FROM shop WHERE shop_id IS NOT NULL AND EXISTS (SELECT FROM inbox i"
        " WHERE i.shop_id = shop.shop_id AND i.state = 'new' AND i.not_before <= %(now)s)",
        {"now": now},
    )
    return [row[0] for row in rows]


def claim(conn: Connection, shop_id: int, limit: int, now: datetime) -> list[Delivery]:
    """The oldest waiting deliveries of the shop, locked; what another worker holds is passed over.

    At most `limit`, and only so many that their bodies have `CLAIMED_BYTES` together, but at least one.
    """
    rows = conn.exec_driver_sql(
        "WITH claimed AS MATERIALIZED (SELECT delivery_id, attempts FROM inbox WHERE shop_id = %(shop)s"
        " AND state = 'new' AND not_before <= %(now)s ORDER BY delivery_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
        " SELECT id, webhook_id, topic, triggered_at, body, attempts FROM ("
        " SELECT d.id, d.webhook_id, d.topic, d.triggered_at, d.body, c.attempts,"
        " coalesce(sum(octet_length(d.body)) OVER (ORDER BY d.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
        " AS before FROM claimed c CROSS JOIN LATERAL (SELECT * FROM deliveries"
        " WHERE shop_id = %(shop)s AND id = c.delivery_id OFFSET 0) d) each"
        " WHERE before < %(bytes)s ORDER BY id",
        {"shop": shop_id, "limit": limit, "now": now, "bytes": CLAIMED_BYTES},
    )
    return list(_unpacked(rows))


def _unpacked(rows: Iterable[Any]) -> Iterator[Delivery]:
    """The deliveries, up to `CLAIMED_BYTES` of bodies: a few packed bytes can be megabytes."""
    unpack, taken = zstandard.ZstdDecompressor().decompress, 0
    for row in rows:
        try:
            size = zstandard.frame_content_size(row[4])
            if taken and taken + max(size, 0) > CLAIMED_BYTES:
                return
            body = unpack(row[4], MAX_BODY_BYTES)
        except zstandard.ZstdError:
            log.error("body_not_readable", delivery=row[0])
            body = b""  # fails alone, and not the batch that it stands in
        taken += max(1, len(body))
        yield Delivery(row[0], row[1], row[2], row[3], body, row[5])


def only_worker(conn: Connection, shop_id: int) -> bool:
    """Have the shop's inbox to oneself until the transaction ends; False while somebody else has it."""
    row = conn.exec_driver_sql(
        "SELECT pg_try_advisory_xact_lock(%(shop)s::int, hashtext('inbox'))", {"shop": shop_id}
    ).one()
    return bool(row[0])


def wait_for_inbox(conn: Connection, shop_id: int) -> None:
    """The same, waiting for whoever has it now."""
    conn.exec_driver_sql("SELECT pg_advisory_xact_lock(%(shop)s::int, hashtext('inbox'))", {"shop": shop_id})


def put_off(conn: Connection, shop_id: int, ids: Sequence[int], until: Sequence[datetime]) -> None:
    """Have each tried again at its time; no attempt is counted."""
    conn.exec_driver_sql(
        "UPDATE inbox i SET not_before = p.until"
        " FROM unnest(%(ids)s::bigint[], %(until)s::timestamptz[]) AS p(id, until)"
        " WHERE i.shop_id = %(shop)s AND i.delivery_id = p.id AND i.delivery_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(ids), "until": list(until)},
    )


def processed(conn: Connection, shop_id: int, ids: Iterable[int]) -> None:
    """Take them out of the inbox."""
    conn.exec_driver_sql(
        "DELETE FROM inbox WHERE shop_id = %(shop)s AND delivery_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(ids)},
    )


def put_back(
    conn: Connection, shop_id: int, delivery_id: int, error: str, not_before: datetime, *, give_up: bool
) -> None:
    """Keep a delivery that could not be processed: for another try, or as failed."""
    said = error[:500].replace("\0", "")
    conn.exec_driver_sql(
        "UPDATE inbox SET attempts = attempts + 1, last_error = %(error)s, not_before = %(at)s,"
        " state = CASE WHEN %(give_up)s THEN 'failed' ELSE 'new' END"
        " WHERE shop_id = %(shop)s AND delivery_id = %(id)s",
        {
            "shop": shop_id,
            "id": delivery_id,
            "error": said,
            "at": not_before,
            "give_up": give_up,
        },
    )


def refuse(conn: Connection, shop_id: int, ids: Iterable[int], why: str) -> None:
    """Another shop's: not to be tried again, and nothing of the body is kept."""
    params = {"shop": shop_id, "ids": list(ids), "why": why, "nothing": zstandard.compress(b"{}", 1)}
    conn.exec_driver_sql(
        "UPDATE inbox SET attempts = attempts + 1, last_error = %(why)s, state = 'refused'"
        " WHERE shop_id = %(shop)s AND delivery_id = ANY(%(ids)s)",
        params,
    )
    conn.exec_driver_sql(
        "UPDATE deliveries SET body = %(nothing)s, body_state = 'empty' WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",
        params,
    )


def retry(conn: Connection, shop_id: int, ids: Iterable[int], now: datetime) -> int:
    """Put failed deliveries back; answers how many there were."""
    result = conn.exec_driver_sql(
        "UPDATE inbox SET state = 'new', attempts = 0, not_before = %(now)s"
        " WHERE shop_id = %(shop)s AND delivery_id = ANY(%(ids)s) AND state = 'failed'",
        {"shop": shop_id, "ids": list(ids), "now": now},
    )
    conn.exec_driver_sql(f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')")
    return result.rowcount


def stored(conn: Connection, shop_id: int, after: int, limit: int) -> list[Delivery]:
    """Deliveries that have been processed, in the order in which they came, `after` an id."""
    rows = conn.exec_driver_sql(
        "SELECT d.id, d.webhook_id, d.topic, d.triggered_at, d.body FROM deliveries d"
        " WHERE d.shop_id = %(shop)s AND d.id > %(after)s AND NOT EXISTS (SELECT FROM inbox i"
        " WHERE i.shop_id = d.shop_id AND i.delivery_id = d.id) ORDER BY d.id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    unpack = zstandard.ZstdDecompressor().decompress
    return [Delivery(r[0], r[1], r[2], r[3], unpack(r[4], MAX_BODY_BYTES)) for r in rows]
