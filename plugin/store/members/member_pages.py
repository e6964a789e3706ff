"""Members as the panel lists and shows them: fast with a million of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection

from plugin.store.members.members import Member
from plugin.store.reports.buyers import BOUGHT

PAGE = 50
SEARCH_LIMIT = 50
SORTS = {"activity": "last_activity_at", "points": "balance", "joined": "id"}
"""How the list can be sorted, always downwards: each by an index of (shop_id, column, id)."""
_ANY_MEMBER = "state IN ('member', 'guest', 'left')"
_COLUMNS = (
    "id, customer_id, email, first_name, last_name, locale, state, merged_into, balance, debt,"
    " joined_at, last_activity_at"
)
_LAST = "\U0010ffff"
_CASTS = {"last_activity_at": "timestamptz", "balance": "bigint", "id": "bigint"}


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


def _read(conn: Connection, sql: str, params: Mapping[str, object]) -> list[Member]:
    return [Member(*row) for row in conn.exec_driver_sql(sql, dict(params))]


def page(
    conn: Connection, shop_id: int, sort: str, after: tuple[object, int] | None, *, upwards: bool = False
) -> list[Member]:
    """One page and one member more, from the cursor (sort value, id) on; `upwards` gives the page before it."""
    column = SORTS[sort]
    key = f"{column}, id" if column != "id" else "id"
    sign, order = (">", "ASC") if upwards else ("<", "DESC")
    params: dict[str, object] = {"shop": shop_id, "limit": PAGE + 1}
    where = ""
    if after is not None:
        values = f"(%(value)s::{_CASTS[column]}, %(id)s::bigint)" if column != "id" else "%(id)s::bigint"
        where = f" AND ({key}) {sign} {values}"
        params |= {"value": after[0], "id": after[1]}
    ordering = ", ".join(f"{each.strip()} {order}" for each in key.split(","))
    return _read(
        conn,
        f"SELECT {_COLUMNS} FROM members WHERE shop_id = %(shop)s AND {_ANY_MEMBER}{where}"
        f" ORDER BY {ordering} LIMIT %(limit)s",
        params,
    )


def page_of_buyers(
    conn: Connection, shop_id: int, bought: str, beyond: int | None, *, upwards: bool = False
) -> list[Member]:
    """One page and one member more of those who bought so often, a key of BOUGHT, the newest members first.

    It begins beyond the member of that number; `upwards` gives the page before it.
    """
    sign, order = (">", "ASC") if upwards else ("<", "DESC")
    where = "" if beyond is None else f" AND s.member_id {sign} %(beyond)s"
    columns = ", ".join(f"m.{name.strip()}" for name in _COLUMNS.split(","))
    return _read(
        conn,
        f"SELECT {columns} FROM member_stats s JOIN members m ON m.shop_id = s.shop_id AND m.id = s.member_id"
        f" WHERE s.shop_id = %(shop)s AND {BOUGHT[bought]} AND m.{_ANY_MEMBER}{where}"
        f" ORDER BY s.member_id {order} LIMIT %(limit)s",
        {"shop": shop_id, "beyond": beyond, "limit": PAGE + 1},
    )


def search(conn: Connection, shop_id: int, text: str) -> list[Member]:
    """Up to SEARCH_LIMIT + 1 members whose e-mail, full name or last name begins with the text, or whose
    customer id it is. Each way uses an index that row-level security lets through (comparisons only)."""
    begins = " ".join(text.split())
    named = [{"from": form, "to": form + _LAST} for form in {begins.casefold(), begins.lower()}]
    params = {
        "shop": shop_id,
        "limit": SEARCH_LIMIT + 1,
        "customer": int(begins) if begins.isascii() and begins.isdigit() and len(begins) < 19 else None,
        **{f"{edge}{place}": value for place, edges in enumerate(named) for edge, value in edges.items()},
    }
    ways = " UNION ".join(
        "(SELECT member_id FROM member_names WHERE shop_id = %(shop)s"
        f" AND name >= %(from{place})s AND name < %(to{place})s ORDER BY name LIMIT %(limit)s)"
        for place in range(len(named))
    )
    return _read(
        conn,
        f"SELECT {_COLUMNS} FROM members WHERE shop_id = %(shop)s AND ((id = ANY(ARRAY({ways})) AND {_ANY_MEMBER})"
        " OR customer_id = %(customer)s::bigint) ORDER BY last_activity_at DESC, id DESC LIMIT %(limit)s",
        params,
    )


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


def _order(row: Any) -> ShownOrder:
    *values, explanation = row
    return ShownOrder(*[*values, [(code, reasons) for code, reasons in explanation or ()]])
