"""Donations: sums booked for causes, and what was paid out. One that was undone counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

_STANDS = (
    "d.shop_id = %(shop)s AND EXISTS (SELECT FROM redemptions r WHERE r.shop_id = d.shop_id"
    " AND r.id = d.redemption_id AND r.state = 'captured')"
)
EXPORT_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Total:
    """What one cause was given in one currency, and what of it is not paid out yet."""

    cause: str
    currency: str
    count: int
    amount_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class Payout:
    """One sum that staff paid to a cause."""

    id: int
    cause: str
    currency: str
    amount_minor: int
    note: str
    actor: str
    at: datetime


def add(conn: Connection, shop_id: int, redemption_id: int, cause: str, amount_minor: int, currency: str) -> None:
    """Book a sum for a cause."""
    conn.exec_driver_sql(
        "INSERT INTO donations (shop_id, redemption_id, cause, amount_minor, currency)"
        " VALUES (%(shop)s, %(id)s, %(cause)s, %(amount)s, %(currency)s) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "id": redemption_id, "cause": cause, "amount": amount_minor, "currency": currency},
    )


def totals(conn: Connection, shop_id: int) -> list[Total]:
    """Every cause with its sums, the one that is owed most first."""
    rows = conn.exec_driver_sql(
        "SELECT cause, currency, count(*), sum(amount_minor)::bigint,"
        " coalesce(sum(amount_minor) FILTER (WHERE payout_id IS NULL), 0)::bigint"
        f" FROM donations d WHERE {_STANDS} GROUP BY 1, 2 ORDER BY 5 DESC, 4 DESC, 1",
        {"shop": shop_id},
    )
    return [Total(*row) for row in rows]


_LATE = "r.created_at + make_interval(mins => coalesce((r.terms->>'undo_minutes')::int, 0)) <= %(before)s"
"""Nobody may take it back by themselves any more."""


def payable(conn: Connection, shop_id: int, now: datetime) -> dict[tuple[str, str], int]:
    """What can be paid out to each cause (and currency) now."""
    rows = conn.exec_driver_sql(
        "SELECT d.cause, d.currency, sum(d.amount_minor)::bigint FROM donations d JOIN redemptions r"
        " ON r.shop_id = d.shop_id AND r.id = d.redemption_id WHERE d.shop_id = %(shop)s AND d.payout_id IS NULL"
        f" AND r.state = 'captured' AND {_LATE} GROUP BY 1, 2",
        {"shop": shop_id, "before": now},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def payouts(conn: Connection, shop_id: int, limit: int = 50) -> list[Payout]:
    """What was paid out, newest first."""
    rows = conn.exec_driver_sql(
        "SELECT id, cause, currency, amount_minor, note, actor, at FROM donation_payouts WHERE shop_id = %(shop)s"
        " ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [Payout(*row) for row in rows]


def paid_out(conn: Connection, shop_id: int, redemption_id: int) -> bool:
    """Whether the donation of this redemption was paid out."""
    row = conn.exec_driver_sql(
        "SELECT payout_id FROM donations WHERE shop_id = %(shop)s AND redemption_id = %(id)s",
        {"shop": shop_id, "id": redemption_id},
    ).one_or_none()
    return row is not None and row[0] is not None


def due(conn: Connection, shop_id: int, cause: str, currency: str, before: datetime) -> tuple[list[int], int]:
    """Lock what a cause is owed and nobody may undo any more by themselves: the redemptions, and the sum.

    Locks the redemptions, so that nothing is undone meanwhile.
    """
    rows = conn.exec_driver_sql(
        "SELECT d.redemption_id, d.amount_minor FROM donations d JOIN redemptions r"
        " ON r.shop_id = d.shop_id AND r.id = d.redemption_id WHERE d.shop_id = %(shop)s AND d.cause = %(cause)s"
        " AND d.currency = %(currency)s AND d.payout_id IS NULL AND r.state = 'captured'"
        f" AND {_LATE} ORDER BY d.redemption_id FOR UPDATE OF d, r",
        {"shop": shop_id, "cause": cause, "currency": currency, "before": before},
    ).fetchall()
    return [row[0] for row in rows], sum(int(row[1]) for row in rows)


def pay(
    conn: Connection, shop_id: int, ids: list[int], cause: str, currency: str, amount_minor: int,
    note: str, actor: str, now: datetime,
) -> int:  # fmt: skip
    """Write a payout of these redemptions down; answers its number."""
    row = conn.exec_driver_sql(
        "INSERT INTO donation_payouts (shop_id, cause, currency, amount_minor, note, actor, at)"
        " VALUES (%(shop)s, %(cause)s, %(currency)s, %(amount)s, %(note)s, %(actor)s, %(now)s) RETURNING id",
        {"shop": shop_id, "cause": cause, "currency": currency, "amount": amount_minor, "note": note,
         "actor": actor, "now": now},
    ).one()  # fmt: skip
    conn.exec_driver_sql(
        "UPDATE donations SET payout_id = %(payout)s WHERE shop_id = %(shop)s AND redemption_id = ANY(%(ids)s)",
        {"shop": shop_id, "payout": row[0], "ids": ids},
    )
    return int(row[0])


def count(conn: Connection, shop_id: int) -> int:
    """How many rows the file of donations will have."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM donations d JOIN redemptions r ON r.shop_id = d.shop_id AND r.id = d.redemption_id"
        " WHERE d.shop_id = %(shop)s AND r.state = 'captured'",
        {"shop": shop_id},
    ).one()
    return int(row[0])


def export(conn: Connection, shop_id: int, after: int) -> Iterator[tuple[Any, ...]]:
    """One page of donations for a file, by redemption."""
    yield from conn.exec_driver_sql(
        "SELECT d.redemption_id, r.created_at, r.member_id, m.customer_id, m.email, d.cause, d.amount_minor,"
        " d.currency, r.points, d.payout_id"
        " FROM donations d JOIN redemptions r ON r.shop_id = d.shop_id AND r.id = d.redemption_id"
        " LEFT JOIN members m ON m.id = r.member_id"
        " WHERE d.shop_id = %(shop)s AND r.state = 'captured' AND d.redemption_id > %(after)s"
        " ORDER BY d.redemption_id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": EXPORT_PAGE},
    )
