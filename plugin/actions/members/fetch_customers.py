"""Fetch what webhooks leave out of customers: tags, consent, number of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.members import customer_changes
from plugin.actions.orders.fetch_missing import judge_again, nodes_of
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.rules.types import CustomerFacts
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, members
from plugin.store.orders import orders
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

CUSTOMERS_PER_CALL = 100


def fetch_customers(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Fetch the customers, keep what is said of them, and judge the orders that waited for them."""
    asked_at = work.clock()
    found = {key: _facts(node) for key, node in nodes_of(work, shop, batch, "Customer", queries.CUSTOMER_FACTS).items()}
    with shop_transaction(work.engine, shop.id) as conn:
        _keep(conn, shop, found, asked_at)
    return {}


def _keep(conn: Connection, shop: Shop, found: Mapping[int, CustomerFacts], now: datetime) -> None:
    """Only of members: who was erased while we asked stays erased."""
    ours = members.by_customers(conn, shop.id, found)
    before = customer_facts.at_hand(conn, shop.id, ours)
    customer_facts.save(conn, shop.id, {key: found[key] for key in ours}, now)
    judge_again(conn, shop, orders.waiting_for_customers(conn, shop.id, ours), now)
    for key in ours:
        customer_changes.learned(conn, shop, key, before.get(key), found[key], now)


def _facts(node: Mapping[str, Any] | None) -> CustomerFacts:
    """A customer who no longer exists has no tags and consents to nothing."""
    if node is None or "tags" not in node:
        return CustomerFacts()
    consent = str((node["defaultEmailAddress"] or {}).get("marketingState", "")).lower()
    return CustomerFacts(frozenset(node["tags"]), consent, int(node["numberOfOrders"]))
