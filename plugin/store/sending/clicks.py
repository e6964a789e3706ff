"""How often the links of an email were opened, and its picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Clicks:
    """The counts of one message."""

    clicks: int
    opens: int


def count(conn: Connection, shop_id: int, message_id: int, what: Literal["clicks", "opens"], now: datetime) -> None:
    """One more, of a message that is there."""
    conn.exec_driver_sql(
        f"INSERT INTO message_clicks (shop_id, message_id, {what}, first_at, last_at)"
        " SELECT shop_id, id, 1, %(now)s, %(now)s FROM messages WHERE shop_id = %(shop)s AND id = %(id)s"
        f" ON CONFLICT (shop_id, message_id) DO UPDATE SET {what} = message_clicks.{what} + 1,"
        " last_at = greatest(message_clicks.last_at, excluded.last_at)",
        {"shop": shop_id, "id": message_id, "now": now},
    )


def of_messages(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Clicks]:
    """Of these messages, where anything was counted."""
    rows = conn.exec_driver_sql(
        "SELECT message_id, clicks, opens FROM message_clicks WHERE shop_id = %(shop)s AND message_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(ids))},
    )
    return {row[0]: Clicks(row[1], row[2]) for row in rows}


def of_member(conn: Connection, shop_id: int, member_id: int) -> Clicks:
    """Of all emails to a member."""
    row = conn.exec_driver_sql(
        "SELECT coalesce(sum(c.clicks), 0)::bigint, coalesce(sum(c.opens), 0)::bigint FROM messages m"
        " JOIN message_clicks c ON c.shop_id = m.shop_id AND c.message_id = m.id"
        " WHERE m.shop_id = %(shop)s AND m.member_id = %(member)s",
        {"shop": shop_id, "member": member_id},
    ).one()
    return Clicks(row[0], row[1])
