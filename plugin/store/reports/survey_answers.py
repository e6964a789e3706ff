"""Questions that members were asked, and their answers in numbers."""

from __future__ import annotations

from sqlalchemy import Connection


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """Answers follow a merged customer."""
    conn.exec_driver_sql(
        "UPDATE survey_answers SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )
