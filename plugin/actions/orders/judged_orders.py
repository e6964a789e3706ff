"""What became of the orders of a batch: for whoever posts their points, and whoever follows up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.rules.types import Missing
from plugin.store.members.members import Member
from plugin.store.orders.orders import StoredOrder
from plugin.store.versions.programmes import Version


@dataclass(frozen=True, slots=True)
class Judged:
    """One order after this batch: as it is stored now, whose it is, and by which version. `stored`: it is no more
    than that, for the programme does not reach its buyer, or did not when it was placed."""

    order: StoredOrder
    member: Member | None
    version: Version
    before: StoredOrder
    missing: Missing | None = None
    stored: bool = False

    @property
    def points_moved(self) -> int:
        """How many points this batch posted for it, net."""
        return sum(one.points for one in self.order.posted.values()) - sum(
            one.points for one in self.before.posted.values()
        )

    @property
    def moved(self) -> set[int]:
        """Who got points for it in this batch, or lost some: also a member whose order it no longer is."""
        return {key for key, posted in self.order.posted.items() if posted != self.before.posted.get(key)}


@dataclass(frozen=True, slots=True)
class Settled:
    """The orders that a batch changed, and the versions of the programme, for whoever follows up."""

    orders: Sequence[Judged]
    versions: Sequence[Version]

    @property
    def reached(self) -> list[Judged]:
        """The orders from which something may follow."""
        return [one for one in self.orders if not one.stored]
