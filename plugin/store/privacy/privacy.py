"""Privacy requests: what was asked, how far it has come, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.store.database.bulk import to_json


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """One request. `result` says whom it is about until it is done, then what was done."""

    id: int
    kind: str
    received_at: datetime
    done_at: datetime | None
    result: Mapping[str, Any]
    opened_at: datetime | None = None
    opened_by: str = ""


_COLUMNS = "id, kind, received_at, done_at, result, opened_at, opened_by"


def add(
    conn: Connection, shop_id: int, kind: str, subject: str, who: Mapping[str, object], now: datetime
) -> int | None:
    """Write a request down; None when it is there already."""
    row = conn.exec_driver_sql(
        "INSERT INTO privacy_requests (shop_id, kind, subject, result, received_at)"
        " VALUES (%(shop)s, %(kind)s, %(subject)s, %(who)s::jsonb, %(now)s) ON CONFLICT DO NOTHING RETURNING id",
        {"shop": shop_id, "kind": kind, "subject": subject, "who": to_json(who), "now": now},
    ).one_or_none()
    return int(row[0]) if row else None


def get(conn: Connection, shop_id: int, request_id: int, *, lock: bool = False) -> PrivacyRequest | None:
    """One request of this shop; locked on demand."""
    suffix = " FOR UPDATE" if lock else ""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM privacy_requests WHERE shop_id = %(shop)s AND id = %(id)s{suffix}",
        {"shop": shop_id, "id": request_id},
    ).one_or_none()
    return PrivacyRequest(*row) if row else None


def latest(conn: Connection, shop_id: int, limit: int = 50) -> list[PrivacyRequest]:
    """The shop's requests, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM privacy_requests WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [PrivacyRequest(*row) for row in rows]


def done_since(conn: Connection, shop_id: int, kind: str, since: datetime) -> list[datetime]:
    """When requests of one kind were carried out since then."""
    rows = conn.exec_driver_sql(
        "SELECT done_at FROM privacy_requests WHERE shop_id = %(shop)s AND kind = %(kind)s AND done_at >= %(since)s"
        " AND NOT jsonb_exists(result, 'came_back') ORDER BY done_at",
        {"shop": shop_id, "kind": kind, "since": since},
    )
    return list(rows.scalars())


def newest_of(conn: Connection, shop_id: int, kind: str, subject: str) -> PrivacyRequest | None:
    """The newest request of one kind whose subject begins so."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM privacy_requests WHERE shop_id = %(shop)s AND kind = %(kind)s"
        " AND starts_with(subject, %(subject)s) ORDER BY id DESC LIMIT 1",
        {"shop": shop_id, "kind": kind, "subject": subject},
    ).one_or_none()
    return PrivacyRequest(*row) if row else None


def save(conn: Connection, shop_id: int, request_id: int, state: Mapping[str, object]) -> None:
    """How far a request has come that is carried out in steps."""
    conn.exec_driver_sql(
        "UPDATE privacy_requests SET result = %(state)s::jsonb WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": request_id, "state": to_json(state)},
    )


def tells_of(conn: Connection, shop_id: int, request_id: int, marks: Iterable[int]) -> None:
    """Whom an export is about, so that it goes when they are forgotten."""
    conn.exec_driver_sql(
        "UPDATE privacy_requests SET marks = %(marks)s WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": request_id, "marks": sorted(set(marks))},
    )


def open_requests(conn: Connection, shop_id: int, kind: str) -> list[int]:
    """The ids of the shop's requests of one kind that are not carried out yet."""
    rows = conn.exec_driver_sql(
        "SELECT id FROM privacy_requests WHERE shop_id = %(shop)s AND kind = %(kind)s AND done_at IS NULL ORDER BY id",
        {"shop": shop_id, "kind": kind},
    )
    return [row[0] for row in rows]


def finish(conn: Connection, shop_id: int, request_id: int, result: Mapping[str, object], now: datetime) -> None:
    """Carried out; the result replaces whom it was about."""
    conn.exec_driver_sql(
        "UPDATE privacy_requests SET done_at = %(now)s, result = %(result)s::jsonb"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": request_id, "now": now, "result": to_json(result)},
    )
