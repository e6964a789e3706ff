"""Codes by which members were known to their friends in another app: they lead to the member here, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection


def add(conn: Connection, shop_id: int, words: Mapping[str, int], import_id: int, now: datetime) -> dict[str, int]:
    """Let the words lead to the members; answers whose each is now: a word that is taken stays with who has it."""
    params = {"shop": shop_id, "words": list(words), "members": list(words.values()), "id": import_id, "now": now}
    conn.exec_driver_sql(
        "INSERT INTO referral_aliases (shop_id, word, member_id, import_id, created_at)"
        " SELECT %(shop)s, w.word, w.member, %(id)s, %(now)s"
        " FROM unnest(%(words)s::text[], %(members)s::bigint[]) AS w(word, member)"
        " WHERE NOT EXISTS (SELECT FROM referral_links l WHERE l.shop_id = %(shop)s AND l.word = w.word)"
        " ON CONFLICT DO NOTHING",
        params,
    )
    return whose(conn, shop_id, words)


def whose(conn: Connection, shop_id: int, words: Iterable[str]) -> dict[str, int]:
    """The member that each word leads to, own word or old one."""
    rows = conn.exec_driver_sql(
        "SELECT word, member_id FROM referral_links WHERE shop_id = %(shop)s AND word = ANY(%(words)s::text[])"
        " UNION ALL SELECT word, member_id FROM referral_aliases WHERE shop_id = %(shop)s"
        " AND word = ANY(%(words)s::text[])",
        {"shop": shop_id, "words": list(words)},
    )
    return {row[0]: row[1] for row in rows}


def remove(conn: Connection, shop_id: int, import_id: int, member_ids: Iterable[int]) -> None:
    """Those that a file brought to these members."""
    conn.exec_driver_sql(
        "DELETE FROM referral_aliases WHERE shop_id = %(shop)s AND import_id = %(id)s"
        " AND member_id = ANY(%(members)s::bigint[])",
        {"shop": shop_id, "id": import_id, "members": list(member_ids)},
    )


def move(conn: Connection, shop_id: int, removed: int, kept: int) -> None:
    """What led to one member leads to the other, as which they are kept."""
    conn.exec_driver_sql(
        "UPDATE referral_aliases SET member_id = %(kept)s WHERE shop_id = %(shop)s AND member_id = %(removed)s",
        {"shop": shop_id, "kept": kept, "removed": removed},
    )
