"""One order as it is kept in a row of order_views: its newest view, refunds told alone, snapshot, what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from pydantic import TypeAdapter

from plugin.rules.orders.earning import Snapshot
from plugin.rules.orders.settle import Posted
from plugin.rules.types import READING, OrderView, Reason, Refund
from plugin.rules.values.quick import quickly_made
from plugin.rules.worth.known_refunds import unclear, with_refunds

_VIEW = TypeAdapter(OrderView)
_REFUND = TypeAdapter(Refund)
_FLAGS = ("by_created", "away", "paused", "tried")
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@quickly_made
@dataclass(frozen=True, slots=True)
class StoredOrder:
    """What is stored of one order. `refunds` came on their own, before or beside the view's. `reading`: by which
    reading of payloads it was last judged; nought, when it never was."""

    order_id: int
    member_id: int | None = None
    view: OrderView | None = None
    triggered_at: datetime | None = None
    refunds: Mapping[int, Refund] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    posted: Mapping[int, Posted] = field(default_factory=dict)
    deleted_at: datetime | None = None
    deserved: int = 0
    waiting_for: str = ""
    reasons: tuple[Reason, ...] = ()
    counted_minor: int = 0
    before_limits: int | None = None
    reading: int = 0

    @property
    def deleted(self) -> bool:
        """Whether the shop said that it no longer exists, and nothing was seen of it since."""
        return self.deleted_at is not None and self.deleted_at >= self.seen_until

    @property
    def seen_until(self) -> datetime:
        """When the newest view was told, or is from."""
        if self.view is None:
            return _LONG_AGO
        return max(self.view.updated_at, self.triggered_at or self.view.updated_at)

    @property
    def effective(self) -> OrderView | None:
        """The view with every refund we know of, but for those that wait for the order."""
        return self.view if self.view is None else with_refunds(self.view, self.refunds)

    @property
    def unclear(self) -> frozenset[int]:
        """The ids of refunds that wait for the order."""
        return unclear(self.view, self.refunds) if self.view is not None and self.refunds else frozenset()


def stored(row: Any) -> StoredOrder:
    """A row of order_views as values."""
    if row.view is None and row.refunds is None and row.posted is None:
        return StoredOrder(row.order_id, snapshot=_snapshot(row.snapshot), deleted_at=_deleted_at(row, None))
    view = view_of(row.view)
    return StoredOrder(
        order_id=row.order_id,
        member_id=row.member_id,
        view=view,
        triggered_at=row.triggered_at,
        refunds={int(key): _refund(value) for key, value in (row.refunds or {}).items()},
        snapshot=_snapshot(row.snapshot),
        posted={int(key): Posted(*value) for key, value in (row.posted or {}).items()},
        deleted_at=_deleted_at(row, view),
        deserved=row.deserved,
        waiting_for=row.waiting_for,
        reasons=tuple(Reason(code, values) for code, values in (row.explanation or [])),
        counted_minor=row.counted_minor,
        before_limits=row.before_limits,
        reading=row.reading,
    )


def _deleted_at(row: Any, view: OrderView | None) -> datetime | None:
    """Rows from before the moment was kept: deleted until something newer than what is known is heard."""
    at: datetime | None = row.deleted_at
    if at is not None or not row.deleted:
        return at
    return row.seen_at if view is None else max(view.updated_at, row.triggered_at or view.updated_at)


def view_of(kept: Mapping[str, Any] | None) -> OrderView | None:
    """The view as it is kept; one of the first reading carries no number, and its refunds had other fields."""
    if not kept:
        return None
    if "reading" in kept:
        return _VIEW.validate_python(kept)
    refunds = [_first_refund(each) for each in kept.get("refunds") or ()]
    return _VIEW.validate_python({**kept, "refunds": refunds, "reading": 1})


def _refund(kept: Mapping[str, Any]) -> Refund:
    return _REFUND.validate_python(_first_refund(kept) if "beyond_lines_minor" in kept else kept)


def _first_refund(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A refund of the first reading: what went back beyond its lines is a discrepancy below nothing."""
    beyond, shipping = kept.get("beyond_lines_minor", 0), kept.get("shipping_minor", 0)
    told: dict[str, Any] = {"id": kept["id"], "lines": kept.get("lines", ())}
    told |= {"discrepancy_minor": -beyond} if beyond else {}
    return told | ({"shipping": [{"parcel_id": 0, "minor": shipping}]} if shipping else {})


def _snapshot(kept: Mapping[str, Any] | None) -> Snapshot | None:
    if not kept:
        return None
    verdicts = _int_keys(kept["verdicts"])
    tier, multiplier = kept.get("tier"), Decimal(kept.get("multiplier", 1))
    about = {int(line): tuple(keys) for line, keys in kept.get("about", {}).items()}
    welcome = None if kept.get("welcome") is None else tuple(kept["welcome"])
    flags = {name: True for name in _FLAGS if kept.get(name)}
    brought = int(kept.get("brought", 0))
    return Snapshot(kept["version"], verdicts, tier, multiplier, about, welcome, **flags, brought=brought)


def _int_keys(values: Mapping[str, str]) -> dict[int, str]:
    return {int(key): value for key, value in values.items()}


def _snapshot_row(snapshot: Snapshot | None) -> dict[str, object] | None:
    if snapshot is None:
        return None
    tier = {} if snapshot.tier is None else {"tier": snapshot.tier, "multiplier": str(snapshot.multiplier)}
    welcome = {} if snapshot.welcome is None else {"welcome": snapshot.welcome}
    rules = {"about": snapshot.about, **welcome} if snapshot.about or welcome else {}
    flags: dict[str, object] = {name: True for name in _FLAGS if getattr(snapshot, name)}
    flags |= {"brought": snapshot.brought} if snapshot.brought else {}
    return {"version": snapshot.version, "verdicts": snapshot.verdicts, **tier, **rules, **flags}


def view_json(view: OrderView) -> orjson.Fragment:
    """The view to keep: what differs from the defaults of the types, which for that reason never change, half as much
    to write. The number of the reading always stands first, though it is a default."""
    told = _VIEW.dump_json(view, exclude_defaults=True, exclude={"reading"})
    return orjson.Fragment(b'{"reading":%d,%s' % (view.reading, told[1:]))


def row_of(shop_id: int, order: StoredOrder) -> dict[str, object]:
    """The order as a row of order_views."""
    view = order.view
    return {
        "shop_id": shop_id,
        "order_id": order.order_id,
        "member_id": order.member_id,
        "name": view.name if view else "",
        "updated_at": view.updated_at if view else None,
        "triggered_at": order.triggered_at,
        "placed_at": view.placed_at if view else None,
        "view": view_json(view) if view else None,
        "refunds": {str(key): value for key, value in order.refunds.items()} or None,
        "snapshot": _snapshot_row(order.snapshot),
        "posted": {key: (p.points, p.line, p.forgiven) for key, p in order.posted.items()} or None,
        "deleted": order.deleted,
        "deleted_at": order.deleted_at,
        "financial_status": view.financial_status if view else "",
        "waiting_for": order.waiting_for,
        "total_minor": view.total_minor if view else 0,
        "deserved": order.deserved,
        "explanation": [(reason.code, reason.values) for reason in order.reasons],
        "counted_minor": order.counted_minor,
        "before_limits": order.before_limits,
        "reading": order.reading,
    }


__all__ = ["READING", "StoredOrder", "row_of", "stored"]
