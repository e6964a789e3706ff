"""The parts in which deliveries lie, one for each month (UTC): made ahead, dropped once nothing is left in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

MONTHS_AHEAD = 4


def make(conn: Connection, now: datetime) -> int:
    """Make this month's part and those of the next four, where they are missing; answers how many were made."""
    made = 0
    day = now.date().replace(day=1)
    for _ in range(MONTHS_AHEAD + 1):
        made += bool(conn.exec_driver_sql("SELECT suki_make_delivery_month(%(day)s)", {"day": day}).scalar_one())
        day = (day + timedelta(days=32)).replace(day=1)
    return made


def drop(conn: Connection, before: date) -> list[str]:
    """Drop the parts whose whole month lies before a day and in which every body was emptied; answers their names.

    The part in which everything older than the division into months lies stays: its rows go one by one.
    """
    names = conn.exec_driver_sql(
        "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
        " WHERE inhparent = 'deliveries'::regclass AND c.relname ~ '^deliveries_[0-9]{4}_[0-9]{2}$' ORDER BY 1"
    )
    old = [name for name in names.scalars() if _end(name) <= before]
    return [name for name in old if _dropped(conn, name)]


def _first(name: str) -> date:
    _, year, month = name.split("_")
    return date(int(year), int(month), 1)


def _end(name: str) -> date:
    return (_first(name) + timedelta(days=32)).replace(day=1)


def _dropped(conn: Connection, name: str) -> bool:
    asked = conn.exec_driver_sql("SELECT suki_drop_delivery_month(%(day)s)", {"day": _first(name)})
    return bool(asked.scalar_one())
