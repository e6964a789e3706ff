"""Checkouts that members began, of shops that remind them: by the hash of a token, until they end or a month is over.

These rows are locked after all others. Of a checkout that ended only the hashes stay, so that what comes late begins
it no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.tables import checkouts_left

PAGE = 500


@dataclass(frozen=True, slots=True)
class CheckoutLeft:
    """One checkout of a member, and what it holds as JSON; `ended_at`: since when it no longer waits for anybody."""

    id: int
    member_id: int | None
    kept: Mapping[str, Any]
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


_COLUMNS = "id, member_id, kept, started_at, updated_at, ended_at"
_NEWER = (
    "(shop_id, token_hash) DO UPDATE SET cart_hash = excluded.cart_hash, member_id = excluded.member_id,"
    " kept = excluded.kept, started_at = excluded.started_at, updated_at = excluded.updated_at,"
    " ended_at = excluded.ended_at WHERE checkouts_left.ended_at IS NULL"
    " AND (excluded.ended_at IS NOT NULL OR checkouts_left.updated_at <= excluded.updated_at)"
)


def note(conn: Connection, shop_id: int, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep the newest state of each; one that ended stays so. Each token is in them once."""
    known = sorted(({"shop_id": shop_id, **row} for row in rows), key=lambda row: str(row["token_hash"]))
    bulk.insert(conn, checkouts_left, known, conflict=_NEWER)


def known(conn: Connection, shop_id: int, token_hashes: Iterable[str]) -> set[str]:
    """Those of the tokens that a row is kept of."""
    rows = conn.exec_driver_sql(
        "SELECT token_hash FROM checkouts_left WHERE shop_id = %(shop)s AND token_hash = ANY(%(hashes)s)",
        {"shop": shop_id, "hashes": sorted(set(token_hashes))},
    )
    return set(rows.scalars())


def end_carts(conn: Connection, shop_id: int, cart_hashes: Iterable[str], now: datetime) -> None:
    """Every checkout of these carts has ended."""
    conn.exec_driver_sql(
        "UPDATE checkouts_left SET ended_at = %(now)s, kept = '{}', member_id = NULL WHERE id = ANY(ARRAY("
        "SELECT id FROM checkouts_left WHERE shop_id = %(shop)s AND cart_hash = ANY(%(hashes)s) AND ended_at IS NULL"
        " ORDER BY token_hash FOR UPDATE))",
        {"shop": shop_id, "hashes": sorted({one for one in cart_hashes if one}), "now": now},
    )


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, CheckoutLeft]:
    """Checkouts by their numbers."""
    return _select(conn, shop_id, "id = ANY(%(ids)s)", {"ids": sorted(set(ids))})


def due(conn: Connection, shop_id: int, since: datetime, until: datetime) -> list[CheckoutLeft]:
    """Checkouts of members that were changed last between two moments, and not looked at yet; the oldest first."""
    where = (
        "ended_at IS NULL AND looked_at IS NULL AND member_id IS NOT NULL AND updated_at > %(since)s"
        f" AND updated_at <= %(until)s ORDER BY updated_at, id LIMIT {PAGE}"
    )
    return list(_select(conn, shop_id, where, {"since": since, "until": until}).values())


def unlooked(conn: Connection, shop_id: int, member_id: int, since: datetime) -> list[CheckoutLeft]:
    """One member's checkouts that were changed last after a moment, and not looked at yet."""
    where = "ended_at IS NULL AND looked_at IS NULL AND member_id = %(member)s AND updated_at > %(since)s ORDER BY id"
    return list(_select(conn, shop_id, where, {"member": member_id, "since": since}).values())


def _select(conn: Connection, shop_id: int, where: str, values: Mapping[str, object]) -> dict[int, CheckoutLeft]:
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM checkouts_left WHERE shop_id = %(shop)s AND {where}", {"shop": shop_id, **values}
    )
    return {row[0]: CheckoutLeft(*row) for row in rows}


def told_since(conn: Connection, shop_id: int, member_ids: Iterable[int], since: datetime) -> set[int]:
    """Those of the members who were reminded after a moment."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT member_id FROM messages WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND kind = 'cart_left' AND state <> 'skipped' AND created_at > %(since)s",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "since": since},
    )
    return set(rows.scalars())


def looked(conn: Connection, shop_id: int, ids: Iterable[int], now: datetime) -> None:
    """It was decided whether these are written about; they are not looked at again."""
    conn.exec_driver_sql(
        "UPDATE checkouts_left SET looked_at = %(now)s WHERE id = ANY(ARRAY(SELECT id FROM checkouts_left"
        " WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) ORDER BY token_hash FOR UPDATE))",
        {"shop": shop_id, "ids": sorted(set(ids)), "now": now},
    )


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> None:
    """The checkouts of one who was merged into another are the other's."""
    conn.exec_driver_sql(
        "UPDATE checkouts_left SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )


def drop(conn: Connection, shop_id: int, limit: int = 1000) -> int:
    """Forget up to so many of the shop's checkouts; answers how many there were."""
    result = conn.exec_driver_sql(
        "DELETE FROM checkouts_left WHERE id IN (SELECT id FROM checkouts_left WHERE shop_id = %(shop)s"
        " LIMIT %(limit)s)",
        {"shop": shop_id, "limit": limit},
    )
    return result.rowcount
