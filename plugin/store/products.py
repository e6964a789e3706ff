"""What Shopify's order payloads do not say of products: tags and collections, fetched and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.rules.types import ProductFacts
from plugin.store import bulk
from plugin.store.tables import products

FRESH_FOR = timedelta(hours=24)
"""Tags and collections change; an order is judged by what they are when it comes, give or take a day."""


def facts(conn: Connection, shop_id: int, product_ids: Iterable[int], now: datetime) -> dict[int, ProductFacts]:
    """What is known, and still fresh, of these products."""
    rows = conn.exec_driver_sql(
        "SELECT product_id, tags, collections FROM products WHERE shop_id = %(shop)s"
        " AND product_id = ANY(%(ids)s) AND fetched_at > %(since)s",
        {"shop": shop_id, "ids": sorted(product_ids), "since": now - FRESH_FOR},
    )
    return {row[0]: ProductFacts(frozenset(row[1]), frozenset(row[2])) for row in rows}


def save(conn: Connection, shop_id: int, found: Mapping[int, ProductFacts], now: datetime) -> None:
    """Keep what was fetched."""
    rows = [
        {
            "shop_id": shop_id,
            "product_id": key,
            "tags": sorted(value.tags),
            "collections": sorted(value.collections),
            "fetched_at": now,
        }
        for key, value in sorted(found.items())
    ]
    conflict = (
        "(shop_id, product_id) DO UPDATE SET tags = excluded.tags, collections = excluded.collections,"
        " fetched_at = excluded.fetched_at"
    )
    bulk.insert(conn, products, rows, conflict=conflict)
