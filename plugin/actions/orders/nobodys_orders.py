"""Orders of people who were forgotten: what arrives later keeps their sums up, and posts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from plugin.rules.privacy.nobodys import nobodys_view
from plugin.store.orders.orders import StoredOrder
from plugin.store.privacy import forgotten


def set_aside(
    conn: Connection, shop_id: int, changed: Sequence[StoredOrder]
) -> tuple[list[StoredOrder], list[StoredOrder]]:
    """The orders to judge; and those that belong to nobody any more, without what is said of anybody."""
    frozen = forgotten.frozen_orders(conn, shop_id, {order.order_id for order in changed}) if changed else set()
    nobodys = [
        replace(order, view=nobodys_view(order.view) if order.view else None, reasons=())
        for order in changed
        if order.order_id in frozen
    ]
    return [order for order in changed if order.order_id not in frozen], nobodys
