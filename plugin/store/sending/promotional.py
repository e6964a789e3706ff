"""What decides whether promotional emails may go: where members are, what they got, how much a shop sells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

MONTH = timedelta(days=30)
_HANDED = "nature = 'promotional' AND state IN ('sending', 'sent', 'unknown', 'bounced') AND handed_at > %(since)s"
"""What the mail server refused for good reached nobody."""


def whereabouts(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The country and the region that each member's newest order went to that says one."""
    rows = conn.exec_driver_sql(
        "SELECT wanted.id, f.country, f.region FROM unnest(%(ids)s::bigint[]) AS wanted(id) CROSS JOIN LATERAL ("
        "SELECT country, region FROM order_facts WHERE shop_id = %(shop)s AND member_id = wanted.id AND country <> ''"
        " ORDER BY day DESC, order_id DESC LIMIT 1) f",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def handed(conn: Connection, shop_id: int, member_ids: Iterable[int], since: datetime) -> dict[int, list[datetime]]:
    """When promotional emails went to these members since then."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, array_agg(handed_at ORDER BY handed_at) FROM messages WHERE shop_id = %(shop)s"
        f" AND member_id = ANY(%(ids)s) AND {_HANDED} GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "since": since},
    )
    return {row[0]: row[1] for row in rows}


def handed_by_shop(conn: Connection, shop_id: int, since: datetime) -> int:
    """How many went to anybody since then."""
    found = conn.exec_driver_sql(
        f"SELECT count(*) FROM messages WHERE shop_id = %(shop)s AND {_HANDED}", {"shop": shop_id, "since": since}
    )
    return int(found.scalar_one())


def orders_of_a_month(conn: Connection, shop_id: int, now: datetime) -> int:
    """How many orders the shop had in the 30 days before."""
    found = conn.exec_driver_sql(
        "SELECT count(*) FROM order_facts WHERE shop_id = %(shop)s AND day > %(since)s AND counts",
        {"shop": shop_id, "since": (now - MONTH).date()},
    )
    return int(found.scalar_one())
