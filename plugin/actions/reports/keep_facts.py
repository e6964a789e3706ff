"""Keep the facts that reports read beside each order, in the transaction that changes the order.

Whatever writes an order view calls `keep`, or `refresh` with its number, so that what is kept is what a rebuild finds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.retention.counted_by import zone_of_days
from plugin.rules.retention.order_fact import OrderFact, fact_of
from plugin.rules.types import OrderView
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.reports import order_facts
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version


def keep(conn: Connection, shop: Shop, changed: Iterable[StoredOrder], versions: Sequence[Version]) -> list[int]:
    """Keep the facts of these orders, which are locked; answers of which they were others before."""
    seen = [(order, view) for order in changed if (view := order.effective) is not None]
    named = {code for _, view in seen for code in view.codes_minor or ()}
    ours = order_facts.codes_of_ours(conn, shop.id, named) if named else frozenset()
    zone = ZoneInfo(zone_of_days(shop.settings, shop.timezone))
    facts = [(_fact(zone, order, view, versions, ours), order.member_id) for order, view in seen]
    return order_facts.write(conn, shop.id, facts)


def refresh(conn: Connection, shop: Shop, order_ids: Collection[int]) -> list[int]:
    """Keep the facts of these orders as they are stored; answers of which they were others. Locks the orders."""
    if not order_ids:
        return []
    stored = orders.lock_known(conn, shop.id, order_ids)
    return keep(conn, shop, stored.values(), programmes.versions(conn, shop.id))


def _fact(
    zone: ZoneInfo, order: StoredOrder, view: OrderView, versions: Sequence[Version], ours: Collection[str]
) -> OrderFact:
    """An order that was not judged yet waits for its payment: no version says yet that it counts before."""
    judged_by = versions[order.snapshot.version - 1].programme if order.snapshot else None
    at_once = judged_by is not None and judged_by.earning.award_on == "created"
    return fact_of(view, zone, deleted=order.deleted, at_once=at_once, ours=ours)
