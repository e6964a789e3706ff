"""Forms of the panel that are being carried out, or led somewhere: each once, by its key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

GIVEN_UP: Final = timedelta(minutes=2)
"""So long nobody answers a form: whoever carried it out is no more."""


def begin(conn: Connection, shop_id: int, key: str, now: datetime) -> bool:
    """Take the form, unless somebody has; says whether it was taken. One that was given up can be taken again."""
    taken = conn.exec_driver_sql(
        "INSERT INTO form_answers AS f (shop_id, key, begun_at) VALUES (%(shop)s, %(key)s, %(now)s)"
        " ON CONFLICT (shop_id, key) DO UPDATE SET begun_at = excluded.begun_at"
        " WHERE f.location = '' AND f.begun_at < %(before)s RETURNING 1",
        {"shop": shop_id, "key": key, "now": now, "before": now - GIVEN_UP},
    )
    return taken.one_or_none() is not None


def location(conn: Connection, shop_id: int, key: str) -> str | None:
    """Where the form led; empty while it is carried out, None when it led nowhere."""
    found = conn.exec_driver_sql(
        "SELECT location FROM form_answers WHERE shop_id = %(shop)s AND key = %(key)s", {"shop": shop_id, "key": key}
    ).one_or_none()
    return str(found[0]) if found else None


def end(conn: Connection, shop_id: int, key: str, to: str) -> None:
    """It led there."""
    conn.exec_driver_sql(
        "UPDATE form_answers SET location = %(to)s WHERE shop_id = %(shop)s AND key = %(key)s",
        {"shop": shop_id, "key": key, "to": to},
    )


def forget(conn: Connection, shop_id: int, key: str) -> None:
    """It led nowhere: it was refused, or failed, and may be sent again."""
    conn.exec_driver_sql(
        "DELETE FROM form_answers WHERE shop_id = %(shop)s AND key = %(key)s", {"shop": shop_id, "key": key}
    )
