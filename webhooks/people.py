"""Everything that webhooks tell of customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.customer_changes import consent_changed, tags_changed
from plugin.actions.members.enrol_member import enrol, refresh_member
from plugin.actions.members.merge_members import merge_customers
from plugin.rules.types import Buyer
from plugin.store.shops.shops import Shop
from plugin.store.work.deliveries import Delivery
from webhooks.customers import ConsentChanged, CustomersMerged, TagsChanged, customer


def apply(conn: Connection, shop: Shop, delivery: Delivery, now: datetime) -> None:
    """Enrol a new customer, take over changes, or merge two members."""
    said = customer(delivery.topic, delivery.body)
    if isinstance(said, CustomersMerged):
        merge_customers(conn, shop, kept=said.kept, removed=said.removed, now=now)
    elif isinstance(said, TagsChanged):
        tags_changed(conn, shop, said.customer_id, said.added, said.removed, said.at, now)
    elif isinstance(said, ConsentChanged):
        consent_changed(conn, shop, said.customer_id, said.consent, said.at or delivery.triggered_at, now)
    else:
        _take_over(conn, shop, replace(said, told_at=said.told_at or delivery.triggered_at), now)


def _take_over(conn: Connection, shop: Shop, said: Buyer, now: datetime) -> None:
    found = enrol(conn, shop, [said], now)
    for member in found.values():
        refresh_member(conn, shop, member, said, now)
