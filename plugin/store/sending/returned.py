"""Emails that came back: each is written down once, however often it is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.sending.returned import Returned


def note(
    conn: Connection, shop_id: int, source: str, one: Returned, message_id: int, member_id: int, at: datetime
) -> bool:
    """Write it down; says whether it is new."""
    result = conn.exec_driver_sql(
        "INSERT INTO returned_mails (shop_id, source, key, message_id, member_id, what, detail, at) VALUES"
        " (%(shop)s, %(source)s, %(key)s, %(message)s, %(member)s, %(what)s, %(detail)s, %(at)s)"
        " ON CONFLICT DO NOTHING",
        {
            "shop": shop_id,
            "source": source,
            "key": one.key,
            "message": message_id,
            "member": member_id,
            "what": one.what,
            "detail": one.detail,
            "at": at,
        },
    )
    return result.rowcount == 1


def mark_message(conn: Connection, shop_id: int, message_id: int, words: str, now: datetime) -> bool:
    """The message came back; says whether it had gone out. It may do so before its sending was noted."""
    result = conn.exec_driver_sql(
        "UPDATE messages SET state = 'bounced', last_error = %(words)s, outcome_at = coalesce(outcome_at, %(now)s)"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state IN ('sending', 'sent', 'unknown')",
        {"shop": shop_id, "id": message_id, "words": words[:500], "now": now},
    )
    return result.rowcount == 1


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """They follow a merged customer."""
    conn.exec_driver_sql(
        "UPDATE returned_mails SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )


def told_before(conn: Connection, source: str, key: str, digest: str, at: datetime) -> str:
    """Mark that a provider told this; answers the mark of what it told under the same key before, empty for nothing."""
    made = conn.exec_driver_sql(
        "INSERT INTO provider_calls (source, key, digest, at) VALUES (%(source)s, %(key)s, %(digest)s, %(at)s)"
        " ON CONFLICT DO NOTHING",
        {"source": source, "key": key, "digest": digest, "at": at},
    )
    if made.rowcount == 1:
        return ""
    found = conn.exec_driver_sql(
        "SELECT digest FROM provider_calls WHERE source = %(source)s AND key = %(key)s", {"source": source, "key": key}
    )
    return str(found.scalar_one())
