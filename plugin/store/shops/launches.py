"""Whether a shop's programme reaches shoppers: its launch, what is paused and when it was, and who are test members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.reach import Interval, Pause
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop


def launch(conn: Connection, shop_id: int, now: datetime) -> None:
    """From now on the programme reaches shoppers."""
    conn.exec_driver_sql(
        "UPDATE shops SET stage = 'launched', launched_at = coalesce(launched_at, %(now)s) WHERE id = %(id)s",
        {"id": shop_id, "now": now},
    )


def begin(conn: Connection, shop_id: int, what: Pause, at: datetime) -> None:
    """Something is paused since then, which was not."""
    conn.exec_driver_sql(
        "INSERT INTO pauses (shop_id, what, began_at) VALUES (%(shop)s, %(what)s, %(at)s)",
        {"shop": shop_id, "what": str(what), "at": at},
    )


def end(conn: Connection, shop_id: int, what: Pause, at: datetime) -> None:
    """It is no longer paused since then."""
    conn.exec_driver_sql(
        "UPDATE pauses SET ended_at = greatest(began_at, %(at)s) WHERE shop_id = %(shop)s AND what = %(what)s"
        " AND ended_at IS NULL",
        {"shop": shop_id, "what": str(what), "at": at},
    )


def keep(conn: Connection, shop: Shop) -> None:
    """Keep what is paused now, and since when anything ever was."""
    conn.exec_driver_sql(
        "UPDATE shops SET paused = %(paused)s, first_paused_at = %(first)s WHERE id = %(id)s",
        {"id": shop.id, "paused": sorted(shop.paused), "first": shop.first_paused_at},
    )


def earning_paused(conn: Connection, shop: Shop) -> list[Interval]:
    """When earning was paused, also now; nothing is asked for a shop that never paused it."""
    if shop.first_paused_at is None:
        return []
    rows = conn.exec_driver_sql(
        "SELECT began_at, ended_at FROM pauses WHERE shop_id = %(id)s AND what = 'earning' ORDER BY id",
        {"id": shop.id},
    )
    return [(row[0], row[1]) for row in rows]


def paused_since(conn: Connection, shop_id: int) -> dict[str, datetime]:
    """What is paused now, and since when."""
    rows = conn.exec_driver_sql(
        "SELECT what, began_at FROM pauses WHERE shop_id = %(id)s AND ended_at IS NULL", {"id": shop_id}
    )
    return {row[0]: row[1] for row in rows}


def mark_test(conn: Connection, shop_id: int, member_id: int, *, test: bool) -> bool:
    """Keep whether staff try the programme as this customer; says whether that is new."""
    changed = conn.exec_driver_sql(
        "UPDATE members SET test_member = %(test)s WHERE shop_id = %(shop)s AND id = %(id)s AND test_member <> %(test)s"
        " AND (state = 'member' OR NOT %(test)s)",
        {"shop": shop_id, "id": member_id, "test": test},
    )
    return changed.rowcount > 0


def test_members(conn: Connection, shop_id: int) -> list[Member]:
    """Everybody whom staff try the programme as."""
    ids = conn.exec_driver_sql(
        "SELECT id FROM members WHERE shop_id = %(shop)s AND test_member", {"shop": shop_id}
    ).scalars()
    return list(members.by_ids(conn, shop_id, ids).values())


def with_something(conn: Connection, shop_id: int, after: int, limit: int) -> list[int]:
    """The next customers, by their number, who have points or a tier that can be shown to them."""
    rows = conn.exec_driver_sql(
        "SELECT m.id FROM members m WHERE m.shop_id = %(shop)s AND m.id > %(after)s AND m.state = 'member'"
        " AND m.customer_id IS NOT NULL AND (m.balance <> 0 OR EXISTS (SELECT FROM member_tiers t"
        " WHERE t.shop_id = m.shop_id AND t.member_id = m.id AND t.tier <> '')) ORDER BY m.id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    return list(rows.scalars())


def behind(conn: Connection, shop_id: int, customer_id: int | None) -> Member | None:
    """The customer as a member; of one who was merged, the member whom they were merged into."""
    found = members.by_customers(conn, shop_id, [customer_id]).get(customer_id) if customer_id is not None else None
    return (
        members.get(conn, shop_id, found.merged_into) if found is not None and found.merged_into is not None else found
    )
