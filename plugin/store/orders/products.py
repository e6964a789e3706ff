"""What order payloads do not say of products: tags, collections and reduced prices, fetched and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.rules.types import ProductFacts
from plugin.store.database import bulk
from plugin.store.tables import products, variants

FRESH_FOR = timedelta(hours=24)
"""Tags and collections change; an order is judged by what they are when it comes, give or take a day."""
SALE_FRESH_FOR = timedelta(minutes=30)
"""A sale begins and ends at once for everybody."""


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


def on_sale(conn: Connection, shop_id: int, variant_ids: Iterable[int], now: datetime) -> dict[int, bool]:
    """Which of these variants are reduced, as far as that is known and still fresh."""
    rows = conn.exec_driver_sql(
        "SELECT variant_id, on_sale FROM variants WHERE shop_id = %(shop)s"
        " AND variant_id = ANY(%(ids)s) AND fetched_at > %(since)s",
        {"shop": shop_id, "ids": sorted(variant_ids), "since": now - SALE_FRESH_FOR},
    )
    return {row[0]: row[1] for row in rows}


def save_sales(conn: Connection, shop_id: int, found: Mapping[int, bool], now: datetime) -> None:
    """Keep what was fetched of variants."""
    rows = [
        {"shop_id": shop_id, "variant_id": key, "on_sale": value, "fetched_at": now}
        for key, value in sorted(found.items())
    ]
    conflict = "(shop_id, variant_id) DO UPDATE SET on_sale = excluded.on_sale, fetched_at = excluded.fetched_at"
    bulk.insert(conn, variants, rows, conflict=conflict)
