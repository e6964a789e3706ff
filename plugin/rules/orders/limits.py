"""Limits on what one member earns with orders in a period: earlier orders first, whatever arrived first.

The allotment is a function of the member's orders as they were placed. When an earlier order comes late, or gives
something back, the later ones of its periods are worth more or less; who keeps the books judges them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plugin.rules.orders.earning_rules import Limit
from plugin.rules.types import Reason


@dataclass(frozen=True, slots=True)
class Placed:
    """One order of a member: what it deserves before limits, and the limits of the version it is judged by."""

    order_id: int
    at: datetime
    points: int
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Allotted:
    """What is left of the points, and the limit that took the rest."""

    points: int
    by: Limit | None = None


def allot(orders: Iterable[Placed], zone: ZoneInfo) -> dict[int, Allotted]:
    """What each order may keep. An order that deserves nothing takes no place.

    >>> from datetime import UTC
    >>> day = (Limit(most=100, of="points", per="day"),)
    >>> two = [Placed(n, datetime(2026, 1, 1, n, tzinfo=UTC), 80, day) for n in (1, 2)]
    >>> [one.points for one in allot(reversed(two), ZoneInfo("UTC")).values()]
    [80, 20]
    """
    used: dict[tuple[str, date, str], int] = {}
    found = {}
    for order in sorted(orders, key=lambda one: (one.at, one.order_id)):
        day = order.at.astimezone(zone).date()
        kept = _kept(order, day, used)
        found[order.order_id] = kept
        for per in PERIODS:
            for of, amount in (("points", kept.points), ("orders", int(kept.points > 0))):
                key = per, start(per, day), of
                used[key] = used.get(key, 0) + amount
    return found


def _kept(order: Placed, day: date, used: Mapping[tuple[str, date, str], int]) -> Allotted:
    kept = Allotted(order.points)
    for limit in order.limits:
        before = used.get((limit.per, start(limit.per, day), limit.of), 0)
        room = max(0, limit.most - before)
        most = room if limit.of == "points" else (order.points if room else 0)
        if most < kept.points:
            kept = Allotted(most, limit)
    return kept


PERIODS = ("day", "week", "month", "total")


def start(per: str, day: date) -> date:
    """The first day of the period: weeks begin on Monday."""
    if per == "week":
        return day - timedelta(days=day.weekday())
    if per == "month":
        return day.replace(day=1)
    return day if per == "day" else date.min


def reason(kept: Allotted, before: int) -> tuple[Reason, ...]:
    """Why it is less, for the explanation; nothing where it is not."""
    if kept.by is None:
        return ()
    values = {"limit": kept.by.most, "points": kept.points, "before": before}
    return (Reason(f"limited_{kept.by.of}_{kept.by.per}", values),)
