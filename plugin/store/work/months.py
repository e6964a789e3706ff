"""The parts in which deliveries and events lie, one for each month (UTC): made ahead, dropped in the end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

Parent = Literal["deliveries", "events"]
MONTHS_AHEAD = 4


def make(conn: Connection, parent: Parent, now: datetime) -> int:
    """Make this month's part and those of the next four, where they are missing; answers how many were made."""
    made = 0
    day = now.date().replace(day=1)
    for _ in range(MONTHS_AHEAD + 1):
        asked = conn.exec_driver_sql("SELECT suki_make_month(%(parent)s, %(day)s)", {"parent": parent, "day": day})
        made += bool(asked.scalar_one())
        day = (day + timedelta(days=32)).replace(day=1)
    return made


def drop(conn: Connection, parent: Parent, before: date) -> list[str]:
    """Drop the parts whose whole month lies before a day; answers their names.

    Of deliveries, one in which a body is left stays, and so does the part in which everything older than the division
    into months lies: its rows go one by one. Whoever has not read a part of the events is switched off.
    """
    names = conn.exec_driver_sql(
        "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
        " WHERE inhparent = %(parent)s::regclass AND c.relname ~ ('^' || %(parent)s || '_[0-9]{4}_[0-9]{2}$')"
        " ORDER BY 1",
        {"parent": parent},
    )
    old = [day for day in map(_first, names.scalars()) if _end(day) <= before]
    return [f"{parent}_{day:%Y_%m}" for day in old if _dropped(conn, parent, day)]


def _first(name: str) -> date:
    _, year, month = name.split("_")
    return date(int(year), int(month), 1)


def _end(day: date) -> date:
    return (day + timedelta(days=32)).replace(day=1)


def _dropped(conn: Connection, parent: Parent, day: date) -> bool:
    asked = conn.exec_driver_sql("SELECT suki_drop_month(%(parent)s, %(day)s)", {"parent": parent, "day": day})
    return bool(asked.scalar_one())
