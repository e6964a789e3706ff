"""Limits a member and period: each order is allotted its share as it is judged; later ones are judged again.

Two workers may judge two orders of one member at once and not see each other's. So whatever changed is looked at
once more, in a job that runs when both are written down, until nothing changes any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.orders import limits
from plugin.rules.orders.earning import Deserved
from plugin.rules.orders.limits import Placed
from plugin.rules.types import OrderView
from plugin.store.rewards import allowances as store
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

SOON = timedelta(seconds=1)


def has_limits(versions: Sequence[Version]) -> bool:
    """Whether any version ever limited what a member earns; without, nothing here is asked of the database."""
    return any(version.programme.orders.limits for version in versions)


@dataclass(frozen=True, slots=True)
class Share:
    """What an order deserves after limits, and before."""

    result: Deserved
    before: int | None


class Allowances:
    """The orders of some members; what one deserves is noted before the next, later one is judged."""

    def __init__(self, conn: Connection, shop: Shop, member_ids: Iterable[int], versions: Sequence[Version]) -> None:
        self._zone = ZoneInfo(shop.timezone)
        self._limits = {version.number: version.programme.orders.limits for version in versions}
        self._placed = {
            member: {one.order_id: self._stored(one) for one in found}
            for member, found in store.given(conn, shop.id, member_ids).items()
        }

    def _stored(self, one: store.Given) -> Placed:
        return Placed(one.order_id, one.at, one.before, self._limits[one.version])

    def share(self, view: OrderView, member_id: int | None, was_of: int | None, result: Deserved) -> Share:
        """The order's share of what its member may earn."""
        self.leave(view.order_id, was_of)
        if member_id is None or not result.points:
            return Share(result, None)
        mine = self._placed.setdefault(member_id, {})
        mine[view.order_id] = Placed(
            view.order_id, view.placed_at, result.points, self._limits[result.snapshot.version]
        )
        kept = limits.allot(mine.values(), self._zone)[view.order_id]
        if kept.by is None:
            return Share(result, None)
        why = (*result.reasons, *limits.reason(kept, result.points))
        return Share(replace(result, points=kept.points, reasons=why), result.points)

    def leave(self, order_id: int, member_id: int | None) -> None:
        """The order is no longer this member's, or deserves nothing."""
        if member_id is not None and member_id in self._placed:
            self._placed[member_id].pop(order_id, None)


def look_again(conn: Connection, shop: Shop, changed: Iterable[int], now: datetime) -> None:
    """Have the other orders of these members looked at, when all of this is written down."""
    jobs.queue(conn, shop.id, JobKind.LIMITS, changed, now + SOON)


def uneven(conn: Connection, shop: Shop, member_ids: Iterable[int]) -> list[int]:
    """The orders whose share is another now than they were given."""
    versions = programmes.versions(conn, shop.id)
    if not has_limits(versions):
        return []
    by_version = {version.number: version.programme.orders.limits for version in versions}
    zone, found = ZoneInfo(shop.timezone), []
    for orders in store.given(conn, shop.id, member_ids).values():
        placed = [Placed(one.order_id, one.at, one.before, by_version[one.version]) for one in orders]
        shares = limits.allot(placed, zone)
        found += [one.order_id for one in orders if shares[one.order_id].points != one.after]
    return found
