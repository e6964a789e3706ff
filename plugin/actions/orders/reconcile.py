"""Webhooks are not guaranteed: compare the shop's recent orders with ours and fetch what differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from plugin.actions.orders.fetch_missing import put_in_inbox
from plugin.actions.shops.install_shop import learn_number
from plugin.actions.work.work import Work
from plugin.clients.shopify import orders as order_client
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.orders import orders
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

OFTEN = timedelta(hours=2)
NIGHTLY = timedelta(hours=48)
OVERLAP = timedelta(minutes=10)
FURTHEST = timedelta(days=59)
"""Without read_all_orders Shopify shows 60 days."""


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Sweep the window that the job names ("often" or "nightly"), longer after an outage of ours."""
    learn_number(work, shop)
    now = work.clock()
    since = window_start(shop, now, NIGHTLY if job.subject == "nightly" else OFTEN)
    for order_id in _differing(work, shop, since):
        put_in_inbox(work, shop, order_id)
    with system_transaction(work.engine) as conn:
        shops.set_reconciled(conn, shop.id, now)


def window_start(shop: Shop, now: datetime, window: timedelta) -> datetime:
    """From when to compare: the window, or back to the last time it was done."""
    since = now - window
    if shop.reconciled_until is not None:
        since = min(since, shop.reconciled_until - OVERLAP)
    return max(since, now - FURTHEST, shop.counts_from)


def _differing(work: Work, shop: Shop, since: datetime) -> list[int]:
    """Orders whose `updatedAt` is newer than what we hold, or that we do not hold."""

    def execute(document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        return work.execute(shop, document, variables)

    seen = {
        int(row["legacyResourceId"]): datetime.fromisoformat(row["updatedAt"])
        for row in order_client.changed_since(execute, since.isoformat())
    }
    with shop_transaction(work.engine, shop.id) as conn:
        ours = orders.updated_at(conn, shop.id, seen)
    return [key for key, at in seen.items() if (have := ours.get(key)) is None or have < at]
