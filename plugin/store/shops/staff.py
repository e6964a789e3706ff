"""Accounts of a shop's staff: who they are, which role they have, and how much they corrected today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.rules.access.roles import Role


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `ask_at`: from when Shopify is to be asked who it is; None once it has said so."""

    id: str
    role: Role
    name: str
    email: str
    ask_at: datetime | None
    seen_at: datetime
    corrected_on: date | None = None
    corrected_points: int = 0


_COLUMNS = "account, role, name, email, ask_at, seen_at, corrected_on, corrected_points"


def all_of(conn: Connection, shop_id: int) -> list[Account]:
    """Everybody who ever opened the app in this shop, latest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM staff WHERE shop_id = %(shop)s ORDER BY seen_at DESC, account", {"shop": shop_id}
    )
    return [Account(*row) for row in rows]


def get(conn: Connection, shop_id: int, account: str) -> Account | None:
    """One account."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM staff WHERE shop_id = %(shop)s AND account = %(account)s",
        {"shop": shop_id, "account": account},
    ).one_or_none()
    return Account(*row) if row else None


def keep(conn: Connection, shop_id: int, one: Account) -> None:
    """Write an account down, or what is new about it; what it corrected stays."""
    conn.exec_driver_sql(
        "INSERT INTO staff (shop_id, account, role, name, email, ask_at, seen_at, added_at)"
        " VALUES (%(shop)s, %(account)s, %(role)s, %(name)s, %(email)s, %(ask)s, %(seen)s, %(seen)s)"
        " ON CONFLICT (shop_id, account) DO UPDATE SET role = EXCLUDED.role, name = EXCLUDED.name,"
        " email = EXCLUDED.email, ask_at = EXCLUDED.ask_at, seen_at = EXCLUDED.seen_at",
        {
            "shop": shop_id,
            "account": one.id,
            "role": one.role,
            "name": one.name,
            "email": one.email,
            "ask": one.ask_at,
            "seen": one.seen_at,
        },
    )


def seen(conn: Connection, shop_id: int, account: str, now: datetime) -> None:
    """They were here."""
    conn.exec_driver_sql(
        "UPDATE staff SET seen_at = %(now)s WHERE shop_id = %(shop)s AND account = %(account)s",
        {"shop": shop_id, "account": account, "now": now},
    )


def set_role(conn: Connection, shop_id: int, account: str, role: Role) -> None:
    """From the next request on."""
    conn.exec_driver_sql(
        "UPDATE staff SET role = %(role)s WHERE shop_id = %(shop)s AND account = %(account)s",
        {"shop": shop_id, "account": account, "role": role},
    )


def ask_again(conn: Connection, shop_id: int, now: datetime) -> None:
    """The shop may have changed hands: Shopify is asked about each account at its next visit."""
    conn.exec_driver_sql("UPDATE staff SET ask_at = %(now)s WHERE shop_id = %(shop)s", {"shop": shop_id, "now": now})


def count_correction(conn: Connection, shop_id: int, account: str, points: int, day: date, most: int) -> bool:
    """Add to what the account corrected on this day; False, and nothing is added, where that is more than `most`.

    Owners have no sum, and theirs is counted all the same. One statement: two at once wait for each other.
    """
    today = "CASE WHEN corrected_on = %(day)s THEN corrected_points ELSE 0 END + %(points)s"
    result = conn.exec_driver_sql(
        f"UPDATE staff SET corrected_points = {today}, corrected_on = %(day)s"
        f" WHERE shop_id = %(shop)s AND account = %(account)s AND (role = 'owner' OR {today} <= %(most)s)",
        {"shop": shop_id, "account": account, "points": points, "day": day, "most": most},
    )
    return result.rowcount == 1
