"""Deliveries, jobs, messages and the staff log as the panel lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard
from sqlalchemy import Connection

from plugin.rules import subjects
from plugin.rules.names import staff_log
from plugin.store.database.bulk import to_json
from plugin.store.work.deliveries import MAX_BODY_BYTES

PAGE = 50
RETRY_AT_ONCE = 10_000
LOOKED_AT = 20_000
"""So many acts of a shop's staff are looked through for those on one member."""


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """One delivery; `state` is processed, new, failed or refused; `body_state` whole, stripped or empty."""

    id: int
    webhook_id: str
    topic: str
    event_id: str
    api_version: str
    triggered_at: datetime
    received_at: datetime
    state: str
    attempts: int
    not_before: datetime | None
    last_error: str
    body_state: str


@dataclass(frozen=True, slots=True)
class StaffAct:
    """Something that a member of staff did here."""

    id: int
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    at: datetime


_DELIVERY = (
    "d.id, d.webhook_id, d.topic, d.event_id, d.api_version, d.triggered_at, d.received_at,"
    " coalesce(i.state, 'processed'), coalesce(i.attempts, 0), i.not_before, coalesce(i.last_error, ''), d.body_state"
)
_BY_STATE = {
    "all": "deliveries d LEFT JOIN inbox i ON i.shop_id = d.shop_id AND i.delivery_id = d.id WHERE true",
    "waiting": "inbox i JOIN deliveries d ON d.shop_id = i.shop_id AND d.id = i.delivery_id"
    " WHERE i.shop_id = %(shop)s AND i.state = 'new'",
    "failed": "inbox i JOIN deliveries d ON d.shop_id = i.shop_id AND d.id = i.delivery_id"
    " WHERE i.shop_id = %(shop)s AND i.state = 'failed'",
    "refused": "inbox i JOIN deliveries d ON d.shop_id = i.shop_id AND d.id = i.delivery_id"
    " WHERE i.shop_id = %(shop)s AND i.state = 'refused'",
}


def deliveries(
    conn: Connection, shop_id: int, state: str, before_id: int | None, webhook_id: str = ""
) -> list[ShownDelivery]:
    """One page of deliveries and one more, newest first; `webhook_id` finds one."""
    id_column = "d.id" if state == "all" else "i.delivery_id"
    rows = conn.exec_driver_sql(
        f"SELECT {_DELIVERY} FROM {_BY_STATE[state]} AND d.shop_id = %(shop)s"
        f" AND (%(before)s::bigint IS NULL OR {id_column} < %(before)s)"
        " AND (%(webhook)s = '' OR d.webhook_id = %(webhook)s)"
        f" ORDER BY {id_column} DESC LIMIT %(limit)s",
        {"shop": shop_id, "before": before_id, "webhook": webhook_id, "limit": PAGE + 1},
    )
    return [ShownDelivery(*row) for row in rows]


def delivery(conn: Connection, shop_id: int, delivery_id: int) -> tuple[ShownDelivery, bytes] | None:
    """One delivery with its body as Shopify sent it."""
    row = conn.exec_driver_sql(
        f"SELECT {_DELIVERY}, d.body FROM {_BY_STATE['all']} AND d.shop_id = %(shop)s AND d.id = %(id)s",
        {"shop": shop_id, "id": delivery_id},
    ).one_or_none()
    if row is None:
        return None
    body = zstandard.ZstdDecompressor().decompress(row[12], MAX_BODY_BYTES)
    return ShownDelivery(*row[:12]), body


def failed(conn: Connection, shop_id: int, table: str, ids: Iterable[int] | None) -> list[int]:
    """The ids of what failed in `inbox` or `jobs`: those of `ids`, or the oldest ten thousand."""
    key = {"inbox": "delivery_id", "jobs": "id"}[table]
    rows = conn.exec_driver_sql(
        f"SELECT {key} FROM {table} WHERE shop_id = %(shop)s AND state = 'failed'"
        f" AND (%(ids)s::bigint[] IS NULL OR {key} = ANY(%(ids)s)) ORDER BY {key} LIMIT %(limit)s",
        {"shop": shop_id, "ids": None if ids is None else list(ids), "limit": RETRY_AT_ONCE},
    )
    return [row[0] for row in rows]


def refused_since(conn: Connection, shop_id: int, moment: datetime) -> int:
    """How many deliveries of another shop came since the moment."""
    found = conn.exec_driver_sql(
        f"SELECT count(*) FROM {_BY_STATE['refused']} AND d.received_at >= %(moment)s",
        {"shop": shop_id, "moment": moment},
    )
    return int(found.scalar_one())


def counts(conn: Connection, shop_id: int, table: str) -> dict[str, int]:
    """How many there are in `inbox` or `jobs`, by state."""
    sql = f"SELECT state, count(*) FROM {table} WHERE shop_id = %(shop)s GROUP BY state"
    return {row[0]: row[1] for row in conn.exec_driver_sql(sql, {"shop": shop_id})}


def note_staff_act(
    conn: Connection, shop_id: int, actor: str, action: str, subject: str, detail: Mapping[str, object], now: datetime
) -> None:
    """Write down what a member of staff did."""
    conn.exec_driver_sql(
        "INSERT INTO staff_log (shop_id, actor, action, subject, detail, at)"
        " VALUES (%(shop)s, %(actor)s, %(action)s, %(subject)s, %(detail)s::jsonb, %(now)s)",
        {"shop": shop_id, "actor": actor, "action": action, "subject": subject, "detail": to_json(detail), "now": now},
    )


def name_saving(conn: Connection, shop_id: int, action: str, subject: str, number: int) -> None:
    """The version that was saved a moment ago, in this transaction, was this act: the log says it once."""
    conn.exec_driver_sql(
        "UPDATE staff_log SET action = %(action)s, subject = %(subject)s,"
        " detail = detail || jsonb_build_object('version', %(number)s::int)"
        " WHERE shop_id = %(shop)s AND action = 'save_programme' AND subject = %(version)s",
        {"shop": shop_id, "action": action, "subject": subject, "number": number, "version": f"version {number}"},
    )


def staff_acts(conn: Connection, shop_id: int, before_id: int | None) -> list[StaffAct]:
    """One page of the staff log and one more, newest first."""
    rows = conn.exec_driver_sql(
        "SELECT id, actor, action, subject, detail, at FROM staff_log WHERE shop_id = %(shop)s"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "before": before_id, "limit": PAGE + 1},
    )
    return [StaffAct(*row) for row in rows]


def staff_acts_on(
    conn: Connection,
    shop_id: int,
    member_id: int,
    without: Iterable[str],
    since: datetime | None,
    until: datetime | None,
) -> list[StaffAct]:
    """What staff did to one member, newest first, of the newest LOOKED_AT acts then; `without` these actions."""
    names = [str(staff_log.Member(member_id)), str(subjects.Member(member_id))]
    rows = conn.exec_driver_sql(
        "SELECT id, actor, action, subject, detail, at FROM (SELECT * FROM staff_log WHERE shop_id = %(shop)s"
        " AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)"
        " AND (%(until)s::timestamptz IS NULL OR at < %(until)s) ORDER BY id DESC"
        " LIMIT %(looked_at)s) log WHERE action <> ALL(%(without)s)"
        " AND (subject = ANY(%(names)s) OR detail->>'member' = %(member)s) ORDER BY id DESC LIMIT %(limit)s",
        {
            "shop": shop_id,
            "member": str(member_id),
            "names": names,
            "without": list(without),
            "since": since,
            "until": until,
            "looked_at": LOOKED_AT,
            "limit": PAGE,
        },  # fmt: skip
    )
    return [StaffAct(*row) for row in rows]
