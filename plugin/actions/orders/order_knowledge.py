"""What must be known beside the order itself before it can be judged, and what of that is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules import reach
from plugin.rules.orders.basis import tenders_needed
from plugin.rules.orders.earning import Snapshot
from plugin.rules.programme import Programme
from plugin.rules.reach import Interval
from plugin.rules.rewards import money_rewards
from plugin.rules.types import PLACED_SINCE, CustomerFacts, Facts, Known, Missing, OrderView, ProductFacts
from plugin.store.members import absences, customer_facts
from plugin.store.members.absences import Absence
from plugin.store.members.members import Member
from plugin.store.orders import products
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the shop was asked, for a whole batch of orders."""

    zone: str = "UTC"
    products: Mapping[int, ProductFacts] = field(default_factory=dict)
    on_sale: Mapping[int, bool] = field(default_factory=dict)
    customers: Mapping[int, CustomerFacts] = field(default_factory=dict)
    unvouched: frozenset[int] = frozenset()
    absences: Mapping[int, Sequence[Absence]] = field(default_factory=dict)
    pauses: Sequence[Interval] = ()

    def away(self, view: OrderView, member: Member | None) -> bool:
        """Whether it was placed while its buyer, or whose it is by the address, was out of the programme."""
        people = {view.buyer.customer_id or 0, (member.customer_id if member else None) or 0}
        return any(reach.covers(self.absences.get(one, ()), view.placed_at) for one in people)

    def of(self, view: OrderView) -> Known:
        """What is known beside the order and its products. A guest carries no tags."""
        buyer = self.customers.get(view.buyer.customer_id or 0)
        return Known(self.on_sale, buyer.tags if buyer else None, self.zone)

    def missing(self, view: OrderView, version: Version, snapshot: Snapshot | None) -> Missing | None:
        """What must be fetched before the order can be judged; None when nothing is."""
        programme = version.programme
        if view.order_id in self.unvouched and moves_money(programme):
            return Missing(Facts.ORDER)
        if tenders_needed(view, programme.basis):
            return Missing(Facts.TENDERS)
        if programme.orders.needs_subscription and view.subscription is None:
            return Missing(Facts.SUBSCRIPTION)
        judged = snapshot.verdicts if snapshot else {}
        fresh = [line for line in view.lines if line.id not in judged]
        goods = programme.basis.needs_product_facts or programme.orders.needs_products
        if unknown := {line.product_id for line in fresh if goods and line.product_id} - set(self.products):
            return Missing(Facts.PRODUCTS, frozenset(unknown))
        sales = programme.orders.needs_sales
        if unknown := {line.variant_id for line in fresh if sales and line.variant_id} - set(self.on_sale):
            return Missing(Facts.VARIANTS, frozenset(unknown))
        return self._customer_missing(view, version, snapshot)

    def _customer_missing(self, view: OrderView, version: Version, snapshot: Snapshot | None) -> Missing | None:
        asked = version.programme.orders.needs_customer_tags and (snapshot is None or snapshot.welcome is None)
        customer = view.buyer.customer_id
        if asked and customer and customer not in self.customers:
            return Missing(Facts.CUSTOMERS, frozenset([customer]))
        return None


def moves_money(programme: Programme) -> bool:
    """Whether an order can bring money that leaves the shop: cashback, gift cards, store credit."""
    return programme.cashback.enabled or any(reward.kind in money_rewards.NEEDS for reward in programme.rewards)


def absences_of(
    conn: Connection, shop: Shop, views: Sequence[OrderView | None], found: Iterable[Member]
) -> Mapping[int, Sequence[Absence]]:
    """When those who may be behind these orders were out of the programme."""
    people = {view.buyer.customer_id for view in views if view} | {member.customer_id for member in found}
    return absences.of(conn, shop.id, filter(None, people))


def gather(
    conn: Connection, shop: Shop, versions: Sequence[Version], views: Sequence[OrderView | None], now: datetime
) -> Knowledge:
    """What is at hand for these orders. Of what no version asks for, not one query is made."""
    programmes = [version.programme for version in versions]
    lines = [line for view in views if view for line in view.lines]
    goods: Mapping[int, ProductFacts] = {}
    if any(one.basis.needs_product_facts or one.orders.needs_products for one in programmes):
        goods = products.facts(conn, shop.id, {line.product_id for line in lines if line.product_id}, now)
    sales: Mapping[int, bool] = {}
    if any(one.orders.needs_sales for one in programmes):
        sales = products.on_sale(conn, shop.id, {line.variant_id for line in lines if line.variant_id}, now)
    people: Mapping[int, CustomerFacts] = {}
    if any(one.orders.needs_customer_tags for one in programmes):
        buyers = {view.buyer.customer_id for view in views if view and view.buyer.customer_id}
        people = customer_facts.known(conn, shop.id, buyers, now)
    return Knowledge(shop.timezone, goods, sales, people)


def version_of(
    shop: Shop, order: StoredOrder, view: OrderView | None, versions: Sequence[Version], now: datetime
) -> Version:
    """By which the order was judged, or is to be; of one that was deleted before it was seen, today's."""
    if order.snapshot is not None:
        return versions[order.snapshot.version - 1]
    return programmes.at(versions, view.placed_at if view else now, shop.past_version)


def snapshot_of(
    shop: Shop, order: StoredOrder, view: OrderView, version: Version, known: Knowledge, member: Member | None
) -> Snapshot:
    """What the order is judged by: kept from when it was first judged, also if an order's day was another then.

    An order of a test member from before the launch, or from a pause, counts for good; one that was judged as placed
    while earning was paused does not begin to count when its buyer becomes one.
    """
    kept = order.snapshot or Snapshot(version.number)
    kept = replace(kept, away=True) if known.away(view, member) else kept
    paused = reach.covers(known.pauses, view.placed_at)
    tries = member is not None and member.test_member and not kept.paused
    if tries and (paused or not shop.launch.launched):
        kept = replace(kept, tried=True)
    if kept.paused != (paused and not kept.tried):
        kept = replace(kept, paused=not kept.paused)
    before = 0 < order.reading < PLACED_SINCE and order.snapshot is not None and view.placed_at != view.created_at
    return replace(kept, by_created=True) if before else kept
