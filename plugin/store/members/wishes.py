"""What members wish for themselves: no emails of the programme, a language, no decisions by what they buy."""

from __future__ import annotations

from sqlalchemy import Connection


def want_emails(conn: Connection, shop_id: int, member_id: int, *, wants: bool) -> None:
    """Keep whether they want the programme's emails."""
    conn.exec_driver_sql(
        "UPDATE members SET no_emails = NOT %(wants)s WHERE shop_id = %(shop)s AND id = %(id)s AND state <> 'erased'",
        {"shop": shop_id, "id": member_id, "wants": wants},
    )


def choose_language(conn: Connection, shop_id: int, member_id: int, locale: str) -> None:
    """Keep the language they want emails in; empty: whatever Shopify and their orders say."""
    conn.exec_driver_sql(
        "UPDATE members SET chosen_locale = %(locale)s WHERE shop_id = %(shop)s AND id = %(id)s AND state <> 'erased'",
        {"shop": shop_id, "id": member_id, "locale": locale},
    )


def object_to_profiling(conn: Connection, shop_id: int, member_id: int, *, objects: bool) -> None:
    """Keep whether they do not want what they buy to decide what they are offered."""
    conn.exec_driver_sql(
        "UPDATE members SET no_profiling = %(objects)s WHERE shop_id = %(shop)s AND id = %(id)s AND state <> 'erased'",
        {"shop": shop_id, "id": member_id, "objects": objects},
    )
