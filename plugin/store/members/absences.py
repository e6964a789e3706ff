"""When customers were out of the programme by their own wish: what they order meanwhile earns nothing, ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

Absence = tuple[datetime, datetime | None]
"""From when, and until when; None while it lasts."""


def begin(conn: Connection, shop_id: int, customer_id: int, now: datetime) -> None:
    """They leave."""
    conn.exec_driver_sql(
        "INSERT INTO absences (shop_id, customer_id, left_at) VALUES (%(shop)s, %(customer)s, %(now)s)"
        " ON CONFLICT DO NOTHING",
        {"shop": shop_id, "customer": customer_id, "now": now},
    )


def end(conn: Connection, shop_id: int, customer_id: int, now: datetime) -> None:
    """They are back."""
    conn.exec_driver_sql(
        "UPDATE absences SET back_at = %(now)s WHERE shop_id = %(shop)s AND customer_id = %(customer)s"
        " AND back_at IS NULL",
        {"shop": shop_id, "customer": customer_id, "now": now},
    )


def of(conn: Connection, shop_id: int, customer_ids: Iterable[int]) -> Mapping[int, Sequence[Absence]]:
    """The absences of these customers, by customer."""
    rows = conn.exec_driver_sql(
        "SELECT customer_id, left_at, back_at FROM absences WHERE shop_id = %(shop)s AND customer_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(customer_ids))},
    )
    found: dict[int, list[Absence]] = {}
    for customer, left_at, back_at in rows:
        found.setdefault(customer, []).append((left_at, back_at))
    return found


def everyones(conn: Connection, shop_id: int) -> list[tuple[int, datetime, datetime | None]]:
    """Every absence in the shop, for a ledger that is rebuilt elsewhere."""
    rows = conn.exec_driver_sql(
        "SELECT customer_id, left_at, back_at FROM absences WHERE shop_id = %(shop)s", {"shop": shop_id}
    )
    return [(row[0], row[1], row[2]) for row in rows]


def take_over(conn: Connection, shop_id: int, found: Iterable[tuple[int, datetime, datetime | None]]) -> None:
    """Note these absences in the rebuilt ledger."""
    for customer, left_at, back_at in found:
        begin(conn, shop_id, customer, left_at)
        if back_at is not None:
            end(conn, shop_id, customer, back_at)
