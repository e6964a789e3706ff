"""What a shop's newest orders say of those to come: the rate of a currency, and whether prices include tax."""

from __future__ import annotations

from sqlalchemy import Connection

LOOKED_AT = 200
"""So many of the newest; an older rate is none to go by."""
_NEWEST = (
    "SELECT view FROM order_views WHERE shop_id = %(shop)s AND placed_at IS NOT NULL AND view IS NOT NULL"
    " AND NOT deleted ORDER BY placed_at DESC LIMIT %(limit)s"
)


def rate_of(conn: Connection, shop_id: int, currency: str) -> tuple[int, int] | None:
    """Minor units of the shop's currency, and of this one for the same things, as Shopify converted them last; None
    where nobody paid in it lately."""
    found = conn.exec_driver_sql(
        f"SELECT view->'rate' FROM ({_NEWEST}) AS newest WHERE view->>'presented_currency' = %(currency)s"
        " AND jsonb_typeof(view->'rate') = 'array' LIMIT 1",
        {"shop": shop_id, "currency": currency, "limit": LOOKED_AT},
    ).scalar_one_or_none()
    rate = (int(found[0]), int(found[1])) if found else None
    return rate if rate and rate[0] > 0 and rate[1] > 0 else None


def taxes_included(conn: Connection, shop_id: int) -> bool:
    """Whether the shop's prices include tax, as its newest order says."""
    found = conn.exec_driver_sql(
        f"SELECT view->>'taxes_included' = 'true' FROM ({_NEWEST}) AS newest", {"shop": shop_id, "limit": 1}
    ).scalar_one_or_none()
    return bool(found)
