"""Redemptions with nothing behind them in Shopify: how they end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

_OWN = "shop_id = %(shop)s AND id = %(id)s AND code_state = 'none'"


def capture(conn: Connection, shop_id: int, redemption_id: int, by: str, now: datetime) -> bool:
    """It is fulfilled; says whether it was waiting for that."""
    result = conn.exec_driver_sql(
        "UPDATE redemptions SET state = 'captured', ended_at = %(now)s, ended_by = %(by)s"
        f" WHERE {_OWN} AND state = 'reserved'",
        {"shop": shop_id, "id": redemption_id, "by": by, "now": now},
    )
    return result.rowcount == 1


def release(conn: Connection, shop_id: int, redemption_id: int, why: str, by: str, now: datetime) -> None:
    """It is taken back."""
    conn.exec_driver_sql(
        "UPDATE redemptions SET state = 'released', ended_at = %(now)s, ended_why = %(why)s, ended_by = %(by)s"
        f" WHERE {_OWN} AND state <> 'released'",
        {"shop": shop_id, "id": redemption_id, "why": why, "by": by, "now": now},
    )
