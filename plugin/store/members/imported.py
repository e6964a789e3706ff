"""Members whom a file brought."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

SOURCE = "imported"


def without_order(conn: Connection, shop_id: int, member_ids: Collection[int]) -> set[int]:
    """Those of these whom a file brought, and who placed no order that counts."""
    rows = conn.exec_driver_sql(
        "SELECT m.id FROM members m WHERE m.shop_id = %(shop)s AND m.id = ANY(%(ids)s) AND m.source = %(source)s"
        " AND NOT EXISTS (SELECT FROM order_facts o WHERE o.shop_id = m.shop_id AND o.member_id = m.id AND o.counts)",
        {"shop": shop_id, "ids": sorted(member_ids), "source": SOURCE},
    )
    return {row[0] for row in rows}
