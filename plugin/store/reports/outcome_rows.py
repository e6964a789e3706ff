"""The orders and ledger entries that a figure of Home is made of, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.rules.retention.outcomes import COLUMNS, Period
from plugin.store.reports.outcomes import BETWEEN, JUDGED_ORDERS, By, bounds

PAGE: Final = 50
LOOKED_AT: Final = 600
"""So many orders or entries are looked through for a page; a figure of few rows among many has shorter pages."""
KINDS: Final = {
    "given": (*COLUMNS["earned"], *COLUMNS["adjusted"], *COLUMNS["reversed"]),
    "used": (*COLUMNS["redeemed"], *COLUMNS["released"]),
}
_WHO: Final = {"all": "true", "members": "by_member", "codes": "with_code"}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order that counts; `net_minor` in minor units of `currency`."""

    order_id: int
    day: date
    name: str
    net_minor: int
    currency: str
    member_id: int | None
    by_member: bool
    with_code: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the ledger."""

    id: int
    effective_at: datetime
    kind: str
    points: int
    reason: Mapping[str, Any]
    member_id: int


def orders_of(
    conn: Connection, shop_id: int, period: Period, by: By, who: str, before: tuple[date, int] | None
) -> tuple[list[OrderRow], tuple[date, int] | None]:
    """The orders before a place, and the place to go on from; None at the end."""
    day, order = before or (period.last, 2**63 - 1)
    values = {"shop": shop_id, **bounds(period, by), "day": day, "order": order}
    judged = JUDGED_ORDERS + " AND (t.day, t.order_id) < (%(day)s, %(order)s)"
    rows = conn.exec_driver_sql(
        "SELECT f.order_id, f.day, coalesce(o.view->>'name', ''), f.net_minor, f.currency, f.member_id, f.by_member,"
        f" f.with_code, {_WHO[who]} AS wanted FROM ({judged} ORDER BY t.day DESC, t.order_id DESC LIMIT {LOOKED_AT}) f"
        " LEFT JOIN order_views o ON o.shop_id = %(shop)s AND o.order_id = f.order_id"
        " ORDER BY f.day DESC, f.order_id DESC",
        values,
    ).all()
    found, goes_on = _page(rows)
    shown = [OrderRow(*row[:-1]) for row in found]
    return shown, (goes_on[1], goes_on[0]) if goes_on else None


def entries_of(
    conn: Connection, shop_id: int, period: Period, by: By, which: str, before: tuple[datetime, int] | None
) -> tuple[list[EntryRow], tuple[datetime, int] | None]:
    """The entries before a place, and the place to go on from; None at the end."""
    at, number = before or (None, 0)
    values = {"shop": shop_id, **bounds(period, by), "kinds": list(KINDS[which]), "at": at, "id": number}
    behind = " AND effective_at <= %(at)s AND (effective_at, id) < (%(at)s, %(id)s)" if before else ""
    rows = conn.exec_driver_sql(
        "SELECT id, effective_at, kind, points, reason, member_id, kind = ANY(%(kinds)s) AS wanted FROM entries"
        f" WHERE shop_id = %(shop)s AND effective_at {BETWEEN.format('effective_at')}{behind}"
        f" ORDER BY effective_at DESC, id DESC LIMIT {LOOKED_AT}",
        values,
    ).all()
    found, goes_on = _page(rows)
    return [EntryRow(*row[:-1]) for row in found], (goes_on[1], goes_on[0]) if goes_on else None


def _page(rows: Any) -> tuple[list[Any], Any]:
    """The wanted ones of a page, and the last row that was looked at for it where more may follow."""
    wanted = [row for row in rows if row[-1]]
    if len(wanted) > PAGE:
        return wanted[:PAGE], wanted[PAGE - 1]
    return wanted, rows[-1] if len(rows) == LOOKED_AT else None
