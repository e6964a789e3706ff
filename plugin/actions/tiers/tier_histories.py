"""What members did and where they stood, loaded once for a batch: orders are judged by it in their order.

Within a batch, what one order counts is noted before the next is judged, so that cutting deliveries into
batches differently changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.tiers import placing as rules
from plugin.rules.tiers.placing import Done
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.types import OrderView
from plugin.store.members import member_origins
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import Counted, TierChange, TierState
from plugin.store.versions.programmes import Version


def has_tiers(versions: Sequence[Version]) -> bool:
    """Whether any version ever had tiers; without, nothing here is asked of the database."""
    return any(version.programme.tiers.levels for version in versions)


class Histories:
    """The counted orders, tier changes and states of some members."""

    def __init__(self, conn: Connection, shop: Shop, member_ids: Iterable[int]) -> None:
        ids = sorted(set(member_ids))
        self.members = ids
        self._shop = shop
        self._zone = ZoneInfo(shop.timezone)
        found = store.counted(conn, shop.id, ids)
        self._counted = {member: {each.order_id: each for each in found.get(member, ())} for member in ids}
        self._changes = store.changes(conn, shop.id, ids)
        self._states = store.states(conn, shop.id, ids)
        self._brought = member_origins.of(conn, shop.id, ids)
        self.fell: set[int] = set()

    def state(self, member_id: int) -> TierState:
        """Where the member stood before this batch."""
        return self._states.get(member_id) or TierState(member_id)

    def verdict(self, member_id: int, view: OrderView, version: Version) -> tuple[str, Decimal]:
        """The tier in which the member stood when the order was placed, and what it multiplies."""
        tiers = version.programme.tiers
        recorded = self._recorded(member_id, view.placed_at)
        rank = tiers.rank(recorded.to_tier) if recorded else -1
        if recorded is None or recorded.because != "staff":
            rank = max(rank, self._earned_before(member_id, view, tiers))
        if rank < 0:
            return "", Decimal(1)
        return tiers.levels[rank].key, tiers.levels[rank].multiplier

    def _recorded(self, member_id: int, moment: datetime) -> TierChange | None:
        past = [change for change in self._changes.get(member_id, ()) if change.at <= moment]
        return past[-1] if past else None

    def _earned_before(self, member_id: int, view: OrderView, tiers: Tiers) -> int:
        now = (view.placed_at, view.order_id)
        before = [each for each in self._counted[member_id].values() if (each.at, each.order_id) < now]
        done = self._done(before, tiers) + self._from_elsewhere(member_id, tiers, view.placed_at)
        steps = rules.marks(tiers, self._shop.currency)
        return rules.earned(done, tiers, steps, view.placed_at.astimezone(self._zone).date())

    def note(self, order: Counted, member_id: int | None, *, was_of: int | None) -> None:
        """What the order counts for now, and for whom; a member who counts less than before fell."""
        old = self._counted.get(was_of, {}).pop(order.order_id, None) if was_of is not None else None
        if member_id is not None and (order.minor > 0 or order.points > 0):
            self._counted[member_id][order.order_id] = order
        moved = was_of != member_id
        if old is not None and was_of is not None and (moved or order.minor < old.minor or order.points < old.points):
            self.fell.add(was_of)

    def done(self, member_id: int, tiers: Tiers) -> list[Done]:
        """What the member did, in what the tiers count."""
        return self._done(self._counted[member_id].values(), tiers) + self._from_elsewhere(member_id, tiers)

    def _from_elsewhere(self, member_id: int, tiers: Tiers, until: datetime | None = None) -> list[Done]:
        """Points of a lifetime that were brought from another app, up to then: they count where a lifetime does."""
        origin = self._brought.get(member_id)
        if origin is None or (tiers.metric, tiers.window) != ("points", "lifetime"):
            return []
        if until is not None and origin.brought_at > until:
            return []
        return [Done(origin.brought_at.astimezone(self._zone).date(), origin.lifetime_points)]

    def _done(self, orders: Iterable[Counted], tiers: Tiers) -> list[Done]:
        return [Done(each.at.astimezone(self._zone).date(), _amount(each, tiers)) for each in orders]


def _amount(order: Counted, tiers: Tiers) -> int:
    if tiers.metric == "spend":
        return order.minor
    return max(0, order.points) if tiers.metric == "points" else int(order.minor > 0)
