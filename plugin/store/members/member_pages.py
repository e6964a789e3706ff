"""One member as the panel shows them: entries, lots, orders; fast with a million of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One ledger row as the panel shows it."""

    id: int
    kind: str
    points: int
    subject: str
    line: int
    programme_version: int | None
    effective_at: datetime
    created_at: datetime
    reason: Mapping[str, Any]
    actor: str
    message_id: int | None = None

    @property
    def messages(self) -> tuple[int, ...]:
        """The warning that came before it, and the message that tells of it."""
        warning = self.reason.get("warning")
        return tuple(number for number in (warning, self.message_id) if isinstance(number, int))


@dataclass(frozen=True, slots=True)
class ShownLot:
    """One lot of a member."""

    id: int
    points: int
    left: int
    available_at: datetime
    expires_at: datetime | None
    subject: str
    reason: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """One order of a member, with what it deserves and why."""

    order_id: int
    name: str
    placed_at: datetime | None
    financial_status: str
    total_minor: int
    deserved: int
    waiting_for: str
    deleted: bool
    explanation: Sequence[tuple[str, Mapping[str, Any]]]


def entries(conn: Connection, shop_id: int, member_id: int, before_id: int | None, limit: int) -> list[ShownEntry]:
    """The member's entries, newest first."""
    rows = conn.exec_driver_sql(
        "SELECT id, kind, points, subject, line, programme_version, effective_at, created_at, reason, actor,"
        " message_id"
        " FROM entries WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "before": before_id, "limit": limit},
    )
    return [ShownEntry(*row) for row in rows]


def written_at(conn: Connection, shop_id: int, member_id: int, entry_id: int) -> datetime | None:
    """When one of the member's entries was written."""
    row = conn.exec_driver_sql(
        "SELECT created_at FROM entries WHERE shop_id = %(shop)s AND member_id = %(member)s AND id = %(id)s",
        {"shop": shop_id, "member": member_id, "id": entry_id},
    ).one_or_none()
    return cast(datetime, row[0]) if row else None


def lots(conn: Connection, shop_id: int, member_id: int, limit: int) -> list[ShownLot]:
    """The member's lots that hold points, first expiring first."""
    rows = conn.exec_driver_sql(
        "SELECT l.id, l.points, l.points_left, l.available_at, l.expires_at, e.subject, e.reason"
        " FROM lots l JOIN entries e ON e.id = l.entry_id WHERE l.shop_id = %(shop)s"
        " AND l.member_id = %(member)s AND l.points_left > 0"
        " ORDER BY l.expires_at NULLS LAST, l.id LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "limit": limit},
    )
    return [ShownLot(*row) for row in rows]


def pending_from(conn: Connection, shop_id: int, member_id: int, now: datetime) -> datetime | None:
    """When the first of the points that are not usable yet will be; None where nothing waits."""
    row = conn.exec_driver_sql(
        "SELECT min(available_at) FROM lots WHERE shop_id = %(shop)s"
        " AND member_id = %(member)s AND points_left > 0 AND available_at > %(now)s",
        {"shop": shop_id, "member": member_id, "now": now},
    ).one()
    return cast(datetime | None, row[0])


def orders(conn: Connection, shop_id: int, member_id: int, limit: int) -> list[ShownOrder]:
    """The member's orders, newest first."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, name, placed_at, financial_status, total_minor, deserved, waiting_for, deleted,"
        " explanation FROM order_views WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " ORDER BY placed_at DESC NULLS LAST, order_id DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "limit": limit},
    )
    return [_order(row) for row in rows]


def orders_between(
    conn: Connection, shop_id: int, member_id: int, since: datetime | None, until: datetime | None, limit: int
) -> list[ShownOrder]:
    """The member's orders placed from a moment on and before another (None: no bound), newest first."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, name, placed_at, financial_status, total_minor, deserved, waiting_for, deleted,"
        " explanation FROM order_views WHERE shop_id = %(shop)s AND member_id = %(member)s AND placed_at IS NOT NULL"
        " AND placed_at >= coalesce(%(since)s::timestamptz, '-infinity')"
        " AND placed_at < coalesce(%(until)s::timestamptz, 'infinity') ORDER BY placed_at DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "since": since, "until": until, "limit": limit},
    )
    return [_order(row) for row in rows]


def _order(row: Any) -> ShownOrder:
    *values, explanation = row
    return ShownOrder(*[*values, [(code, reasons) for code, reasons in explanation or ()]])
