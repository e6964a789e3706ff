"""customers/create, customers/update and customers/merge."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.enrol_member import enrol, refresh_member
from plugin.actions.merge_members import merge_customers
from plugin.store.deliveries import Delivery
from plugin.store.shops import Shop
from webhooks.customers import CustomersMerged, customer


def apply(conn: Connection, shop: Shop, delivery: Delivery, now: datetime) -> None:
    """Enrol a new customer, take over changes, or merge two members."""
    said = customer(delivery.topic, delivery.body)
    if isinstance(said, CustomersMerged):
        merge_customers(conn, shop, kept=said.kept, removed=said.removed, now=now)
        return
    found = enrol(conn, shop, [said], now)
    for member in found.values():
        refresh_member(conn, shop, member, said, now)
