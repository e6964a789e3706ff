"""What an order's points are after each delivery: the production code's reading, merging and judging, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from plugin.actions.orders.fetch_missing import ORDER_TOPIC
from plugin.actions.orders.order_news import merge
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.payloads.order_payload import as_webhook_payload
from plugin.rules.programme import Programme
from plugin.rules.worth.tenders import tenders_needed
from plugin.store.orders.orders import StoredOrder
from webhooks.orders import order as read

Delivery = tuple[str, datetime, bytes]
"""Topic, triggered at, body."""


def points_after(deliveries: Iterable[Delivery], programme: Programme, shop_currency: str) -> list[int]:
    """The points that the one order has after each of its deliveries, in this sequence.

    A delivery of `suki/order` is one that we fetched: see `fetched`.
    """
    order: StoredOrder | None = None
    found = []
    for topic, triggered_at, body in deliveries:
        fact = read(topic, triggered_at, body, shop_currency)
        order = judged(merge(order or StoredOrder(fact.order_id), fact), programme)
        found.append(order.deserved)
    return found


def points_of_node(node: Mapping[str, Any], programme: Programme, shop_currency: str) -> int:
    """The points of an order that is known only as `OneOrder` answers it."""
    return points_after([fetched(node)], programme, shop_currency)[-1]


def fetched(node: Mapping[str, Any], at: datetime | None = None) -> Delivery:
    """A GraphQL order as the delivery that we make of it ourselves."""
    seen_at = at or datetime.fromisoformat(node["updatedAt"])
    return ORDER_TOPIC, seen_at, orjson.dumps(as_webhook_payload(dict(node)))


def judged(order: StoredOrder, programme: Programme) -> StoredOrder:
    """The order with what it deserves now; one that waits for how it was paid keeps what it had."""
    view = order.effective
    if view is None or order.deleted:
        return replace(order, deserved=0)
    if tenders_needed(view, programme.basis):
        return order
    result = deserved(view, programme, order.snapshot or Snapshot(1), {})
    return replace(order, deserved=result.points, snapshot=result.snapshot, reasons=result.reasons)
