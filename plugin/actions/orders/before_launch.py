"""Orders that are stored and nothing more: the programme is not launched, or was not when they were placed."""

from __future__ import annotations

from dataclasses import replace

from plugin.rules import reach
from plugin.rules.orders.earning import BEFORE_LAUNCH
from plugin.rules.reach import Surface
from plugin.rules.types import READING, Reason
from plugin.store.members.members import Member
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops.shops import Shop


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
