"""What the shop's orders come to: the newest that count, for whoever prices a programme."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

NEWEST: Final = 200


def newest_amounts(conn: Connection, shop_id: int, currency: str) -> list[int]:
    """What is kept of the newest orders that count and cost something, in minor units of the currency."""
    rows = conn.exec_driver_sql(
        "SELECT net_minor FROM (SELECT net_minor, currency FROM order_facts WHERE shop_id = %(shop)s AND counts"
        f" AND net_minor > 0 ORDER BY day DESC LIMIT {NEWEST}) f WHERE currency = %(currency)s",
        {"shop": shop_id, "currency": currency},
    )
    return list(rows.scalars())
