"""Order views: the newest state of each order, and what has been posted for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection

from plugin.rules.orders.earning import Snapshot
from plugin.rules.orders.settle import Posted
from plugin.rules.types import OrderView, Reason, Refund
from plugin.store.database import bulk
from plugin.store.tables import order_views

VIEW = TypeAdapter(OrderView)
_REFUND = TypeAdapter(Refund)


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """What is stored of one order. `refunds` came on their own, before or beside the view's."""

    order_id: int
    member_id: int | None = None
    view: OrderView | None = None
    triggered_at: datetime | None = None
    refunds: Mapping[int, Refund] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    posted: Mapping[int, Posted] = field(default_factory=dict)
    deleted: bool = False
    deserved: int = 0
    waiting_for: str = ""
    reasons: tuple[Reason, ...] = ()
    counted_minor: int = 0
    before_limits: int | None = None

    @property
    def effective(self) -> OrderView | None:
        """The view with every refund we know of."""
        if self.view is None or not self.refunds:
            return self.view
        known = {refund.id for refund in self.view.refunds}
        extra = tuple(self.refunds[key] for key in sorted(self.refunds) if key not in known)
        return replace(self.view, refunds=self.view.refunds + extra) if extra else self.view


_COLUMNS = (
    "order_id, member_id, view, triggered_at, refunds, snapshot, posted, deleted, deserved, waiting_for, explanation,"
    " counted_minor, before_limits"
)


def lock(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, StoredOrder]:
    """The orders, locked until the transaction ends; unknown ones are begun as empty rows.

    Always in ascending order, so that two workers never wait for each other in a circle.
    """
    ids = sorted(set(order_ids))
    params = {"shop": shop_id, "ids": ids}
    conn.exec_driver_sql(
        "INSERT INTO order_views (shop_id, order_id) SELECT %(shop)s, unnest(%(ids)s::bigint[]) ON CONFLICT DO NOTHING",
        params,
    )
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM {bulk.by_keys('order_views', 'order_id', lock=True)}",
        params,
    )
    return {row.order_id: stored(row) for row in rows.fetchall()}


def get(conn: Connection, shop_id: int, order_id: int) -> StoredOrder | None:
    """One order, not locked."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM order_views WHERE shop_id = %(shop)s AND order_id = %(id)s",
        {"shop": shop_id, "id": order_id},
    ).one_or_none()
    return stored(row) if row else None


def names(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, str]:
    """What these orders are called in the shop, where that is known."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, name FROM order_views WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s) AND name <> ''",
        {"shop": shop_id, "ids": sorted(set(order_ids))},
    )
    return {row[0]: row[1] for row in rows}


def recent(conn: Connection, shop_id: int, limit: int) -> list[StoredOrder]:
    """The orders that were placed last, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM order_views WHERE shop_id = %(shop)s AND created_at IS NOT NULL"
        " AND view IS NOT NULL AND NOT deleted ORDER BY created_at DESC, order_id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [stored(row) for row in rows]


def stored(row: Any) -> StoredOrder:
    """A row of order_views as values."""
    if row.view is None and row.refunds is None and row.posted is None:
        return StoredOrder(row.order_id, snapshot=_snapshot(row.snapshot), deleted=row.deleted)
    return StoredOrder(
        order_id=row.order_id,
        member_id=row.member_id,
        view=VIEW.validate_python(row.view) if row.view else None,
        triggered_at=row.triggered_at,
        refunds={int(key): _REFUND.validate_python(value) for key, value in (row.refunds or {}).items()},
        snapshot=_snapshot(row.snapshot),
        posted={int(key): Posted(*value) for key, value in (row.posted or {}).items()},
        deleted=row.deleted,
        deserved=row.deserved,
        waiting_for=row.waiting_for,
        reasons=tuple(Reason(code, values) for code, values in (row.explanation or [])),
        counted_minor=row.counted_minor,
        before_limits=row.before_limits,
    )


def _snapshot(kept: Mapping[str, Any] | None) -> Snapshot | None:
    if not kept:
        return None
    verdicts = _int_keys(kept["verdicts"])
    tier, multiplier = kept.get("tier"), Decimal(kept.get("multiplier", 1))
    if "about" not in kept:
        return Snapshot(kept["version"], verdicts, tier, multiplier)
    about = {int(line): tuple(keys) for line, keys in kept["about"].items()}
    welcome = kept.get("welcome")
    return Snapshot(kept["version"], verdicts, tier, multiplier, about, None if welcome is None else tuple(welcome))


def _snapshot_row(snapshot: Snapshot | None) -> dict[str, object] | None:
    if snapshot is None:
        return None
    tier = {} if snapshot.tier is None else {"tier": snapshot.tier, "multiplier": str(snapshot.multiplier)}
    welcome = {} if snapshot.welcome is None else {"welcome": snapshot.welcome}
    rules = {"about": snapshot.about, **welcome} if snapshot.about or welcome else {}
    return {"version": snapshot.version, "verdicts": snapshot.verdicts, **tier, **rules}


def _int_keys(values: Mapping[str, str]) -> dict[int, str]:
    return {int(key): value for key, value in values.items()}


def save(conn: Connection, shop_id: int, orders: Sequence[StoredOrder]) -> None:
    """Write the orders back."""
    bulk.update(conn, order_views, [_row(shop_id, order) for order in orders], ("shop_id", "order_id"))


def _view_json(view: OrderView) -> orjson.Fragment:
    """What differs from the defaults of the types, which for that reason never change: half as much to write."""
    return orjson.Fragment(VIEW.dump_json(view, exclude_defaults=True))


def _row(shop_id: int, order: StoredOrder) -> dict[str, object]:
    view = order.view
    return {
        "shop_id": shop_id,
        "order_id": order.order_id,
        "member_id": order.member_id,
        "name": view.name if view else "",
        "updated_at": view.updated_at if view else None,
        "triggered_at": order.triggered_at,
        "created_at": view.created_at if view else None,
        "view": _view_json(view) if view else None,
        "refunds": {str(key): value for key, value in order.refunds.items()} or None,
        "snapshot": _snapshot_row(order.snapshot),
        "posted": {key: (p.points, p.line, p.forgiven) for key, p in order.posted.items()} or None,
        "deleted": order.deleted,
        "financial_status": view.financial_status if view else "",
        "waiting_for": order.waiting_for,
        "total_minor": view.total_minor if view else 0,
        "deserved": order.deserved,
        "explanation": [(reason.code, reason.values) for reason in order.reasons],
        "counted_minor": order.counted_minor,
        "before_limits": order.before_limits,
    }


def paid_in(conn: Connection, shop_id: int, member_id: int) -> str:
    """The currency that a member's newest order was paid in; empty for somebody without one."""
    found = conn.exec_driver_sql(
        "SELECT coalesce(nullif(view->>'presented_currency', ''), view->>'currency') FROM order_views"
        " WHERE shop_id = %(shop)s AND member_id = %(member)s AND view IS NOT NULL AND NOT deleted"
        " ORDER BY created_at DESC NULLS LAST, order_id DESC LIMIT 1",
        {"shop": shop_id, "member": member_id},
    ).scalar_one_or_none()
    return str(found or "")


def languages(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, str]:
    """The language of each member's newest order that says one."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT ON (member_id) member_id, view->'buyer'->>'locale' FROM order_views"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND NOT deleted"
        " AND view->'buyer'->>'locale' <> '' ORDER BY member_id, created_at DESC, order_id DESC",
        {"shop": shop_id, "ids": sorted(member_ids)},
    )
    return {row[0]: row[1] for row in rows}


def waiting(conn: Connection, shop_id: int, what: str) -> list[int]:
    """The ids of orders that wait for `what` before they can be judged."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND waiting_for = %(what)s",
        {"shop": shop_id, "what": what},
    )
    return [row[0] for row in rows]


def waiting_for_customers(conn: Connection, shop_id: int, customer_ids: Iterable[int]) -> list[int]:
    """The ids of orders of these customers that wait for what is to be fetched of them."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND waiting_for = 'customers'"
        " AND (view->'buyer'->>'customer_id')::bigint = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(customer_ids)},
    )
    return [row[0] for row in rows]


def lock_of_members(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> None:
    """Lock every order of these members, in ascending order."""
    conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " ORDER BY order_id FOR UPDATE",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """Orders follow a merged customer, with what was posted for them."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM order_views WHERE shop_id = %(shop)s AND (member_id = %(from)s OR order_id IN ("
        " SELECT split_part(subject, ':', 2)::bigint FROM entries WHERE shop_id = %(shop)s"
        " AND member_id = %(from)s AND subject LIKE 'order:%%')) ORDER BY order_id FOR UPDATE",
        {"shop": shop_id, "from": from_member},
    )
    save(conn, shop_id, [_moved(stored(row), from_member, to_member) for row in rows.fetchall()])


def _moved(order: StoredOrder, from_member: int, to_member: int) -> StoredOrder:
    posted = dict(order.posted)
    old = posted.pop(from_member, Posted())
    new = posted.get(to_member, Posted())
    if old.line or new.line:
        posted[to_member] = Posted(old.points + new.points, max(old.line, new.line), old.forgiven + new.forgiven)
    member = to_member if order.member_id == from_member else order.member_id
    return replace(order, posted=posted, member_id=member)


def updated_at(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, datetime]:
    """When the states that we hold of these orders are from; deleted ones are up to date for ever."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, CASE WHEN deleted THEN timestamptz '9999-01-01Z' ELSE updated_at END FROM order_views"
        " WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s) AND (deleted OR updated_at IS NOT NULL)",
        {"shop": shop_id, "ids": list(order_ids)},
    )
    return {row[0]: row[1] for row in rows}
