"""Orders that are stored and nothing more: the programme is not launched, or was not when they were placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from plugin.rules import reach
from plugin.rules.orders.earning import BEFORE_LAUNCH, Snapshot
from plugin.rules.reach import Surface
from plugin.rules.types import READING, Reason
from plugin.store.members.members import Member
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version


@dataclass(frozen=True, slots=True)
class Past:
    """A run over orders from before they counted: it takes up those that nobody judged, by the rules of one `version`
    or (None) of their time; `undo` lets go of those that it took up."""

    run: int
    version: int | None = None
    undo: bool = False

    def taken_up(self, shop: Shop, order: StoredOrder, versions: Sequence[Version]) -> StoredOrder:
        """The order as it is judged now: an early one counts from here on."""
        if self.undo or order.snapshot is not None or order.view is None or order.deleted:
            return order
        version = self.version or programmes.at(versions, order.view.placed_at, shop.past_version).number
        return replace(order, snapshot=Snapshot(version, brought=self.run))

    def lets_go(self, order: StoredOrder) -> bool:
        """Whether the order no longer counts: as it was before the run."""
        return self.undo and order.snapshot is not None and order.snapshot.brought == self.run


def is_settled(shop: Shop, order: StoredOrder, member: Member | None) -> bool:
    """Whether the order may bring or lose something; one that did once is followed for good. One from before the
    launch does not, unless staff let it count."""
    if order.snapshot is not None:
        return True
    person = member.person if member else reach.NOBODY
    return reach.ask(shop.launch, person, Surface.SETTLING).reaches and not (_is_early(shop, order) and not person.test)


def _is_early(shop: Shop, order: StoredOrder) -> bool:
    since = min(shop.launched_at, shop.counts_from) if shop.launched_at else None
    return since is not None and order.view is not None and order.view.placed_at < since


def only_stored(order: StoredOrder, member: Member | None) -> StoredOrder:
    """As it is kept before the launch: not judged by any version, so that it can be judged later."""
    reading = order.view.reading if order.view else READING
    whose = member.id if member else None
    return replace(order, member_id=whose, waiting_for="", reasons=(Reason(BEFORE_LAUNCH),), reading=reading)
