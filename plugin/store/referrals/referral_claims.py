"""What friends asked for and nobody has looked at yet; a row goes as soon as somebody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Asked:
    """One form that was sent: the link's word, the address, and who sent it, as marks."""

    word: str
    email: str
    net: str = ""
    ip: str = ""
    customer_id: int | None = None
    locale: str = ""


def add(conn: Connection, shop_id: int, nonce: str, asked: Asked, now: datetime) -> int | None:
    """Keep it till it is looked at; None where the same form was sent before."""
    row = conn.exec_driver_sql(
        "INSERT INTO referral_claims (shop_id, nonce, word, email, net, ip, customer_id, locale, asked_at)"
        " VALUES (%(shop)s, %(nonce)s, %(word)s, %(email)s, %(net)s, %(ip)s, %(customer)s, %(locale)s, %(now)s)"
        " ON CONFLICT (shop_id, nonce, email) DO NOTHING RETURNING id",
        {
            "shop": shop_id,
            "nonce": nonce,
            "word": asked.word,
            "email": asked.email,
            "net": asked.net,
            "ip": asked.ip,
            "customer": asked.customer_id,
            "locale": asked.locale,
            "now": now,
        },
    ).one_or_none()
    return int(row[0]) if row else None


def get(conn: Connection, shop_id: int, number: int) -> Asked | None:
    """One that waits, locked."""
    row = conn.exec_driver_sql(
        "SELECT word, email, net, ip, customer_id, locale FROM referral_claims WHERE shop_id = %(shop)s"
        " AND id = %(id)s FOR UPDATE",
        {"shop": shop_id, "id": number},
    ).one_or_none()
    return Asked(*row) if row else None


def remove(conn: Connection, shop_id: int, number: int) -> None:
    """Somebody has looked at it."""
    conn.exec_driver_sql(
        "DELETE FROM referral_claims WHERE shop_id = %(shop)s AND id = %(id)s", {"shop": shop_id, "id": number}
    )
