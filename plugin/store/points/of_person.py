"""What was posted to one person under every membership that became theirs."""

from __future__ import annotations

from sqlalchemy import Connection


def sum_of_person(conn: Connection, shop_id: int, member_id: int, subject: str) -> int:
    """The points posted for one subject to the member and to whoever became part of them."""
    row = conn.exec_driver_sql(
        "SELECT coalesce(sum(e.points), 0) FROM entries e"
        " JOIN members m ON m.shop_id = e.shop_id AND m.id = e.member_id"
        " WHERE e.shop_id = %(shop)s AND (m.id = %(member)s OR m.merged_into = %(member)s) AND e.subject = %(subject)s",
        {"shop": shop_id, "member": member_id, "subject": subject},
    ).one()
    return int(row[0])
