"""Links by which members confirm what the storefront's signature alone is not enough for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Step:
    """One link: for one customer and one purpose, about one thing (`subject`), until `ends_at`, and once.

    `prefix` is where the app stands in the storefront, as the visit that asked for it proved.
    """

    id: int
    member_id: int
    customer_id: int
    purpose: str
    subject: str
    prefix: str
    ends_at: datetime
    used_at: datetime | None = None


_COLUMNS = "id, member_id, customer_id, purpose, subject, prefix, ends_at, used_at"


def add(conn: Connection, shop_id: int, step: Step, now: datetime) -> int:
    """Write a link down; answers its number. Its `id` is not read."""
    row = conn.exec_driver_sql(
        "INSERT INTO second_steps (shop_id, member_id, customer_id, purpose, subject, prefix, asked_at, ends_at)"
        " VALUES (%(shop)s, %(member)s, %(customer)s, %(purpose)s, %(subject)s, %(prefix)s, %(now)s, %(ends)s)"
        " RETURNING id",
        {
            "shop": shop_id,
            "member": step.member_id,
            "customer": step.customer_id,
            "purpose": step.purpose,
            "subject": step.subject,
            "prefix": step.prefix,
            "now": now,
            "ends": step.ends_at,
        },
    ).one()
    return int(row[0])


def get(conn: Connection, shop_id: int, number: int) -> Step | None:
    """One link of this shop."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM second_steps WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": number},
    ).one_or_none()
    return Step(*row) if row else None


def use(conn: Connection, shop_id: int, number: int, now: datetime) -> bool:
    """Use it up; says whether it could be used. Of two at once the second waits, and may not."""
    done = conn.exec_driver_sql(
        "UPDATE second_steps SET used_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s AND used_at IS NULL"
        " AND ends_at > %(now)s",
        {"shop": shop_id, "id": number, "now": now},
    )
    return done.rowcount == 1
