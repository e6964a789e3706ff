"""Keys with which other programs call the API: a hash of each secret, and how often it was used just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key. `ending` are the last letters of its secret, to tell it from others; `scopes` is what it is for."""

    id: int
    name: str
    ending: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    made_by: str
    scopes: Sequence[str]


_COLUMNS = "id, name, ending, created_at, last_used_at, revoked_at, made_by, scopes"


def add(
    conn: Connection,
    shop_id: int,
    name: str,
    digest: bytes,
    ending: str,
    actor: str,
    now: datetime,
    scopes: Sequence[str] = (),
) -> int:
    """A new key's id."""
    row = conn.exec_driver_sql(
        "INSERT INTO api_keys (shop_id, name, secret_hash, ending, made_by, created_at, scopes)"
        " VALUES (%(shop)s, %(name)s, %(digest)s, %(ending)s, %(actor)s, %(now)s, %(scopes)s) RETURNING id",
        {
            "shop": shop_id,
            "name": name,
            "digest": digest,
            "ending": ending,
            "actor": actor,
            "now": now,
            "scopes": list(scopes),
        },
    ).one()
    return int(row[0])


def all_of(conn: Connection, shop_id: int) -> list[ApiKey]:
    """The shop's keys, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM api_keys WHERE shop_id = %(shop)s ORDER BY revoked_at IS NOT NULL, id DESC",
        {"shop": shop_id},
    )
    return [ApiKey(*row) for row in rows]


def get(conn: Connection, shop_id: int, key_id: int) -> ApiKey | None:
    """One key of this shop."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM api_keys WHERE shop_id = %(shop)s AND id = %(id)s", {"shop": shop_id, "id": key_id}
    ).one_or_none()
    return ApiKey(*row) if row else None


def digest_of(conn: Connection, shop_id: int, key_id: int) -> tuple[bytes, tuple[str, ...]]:
    """The hash of a key's secret and what the key is for; nothing for a key that is not there or was revoked."""
    row = conn.exec_driver_sql(
        "SELECT secret_hash, scopes FROM api_keys WHERE shop_id = %(shop)s AND id = %(id)s AND revoked_at IS NULL",
        {"shop": shop_id, "id": key_id},
    ).one_or_none()
    return (bytes(row[0]), tuple(row[1])) if row else (b"", ())


def count_call(conn: Connection, shop_id: int, key_id: int, now: datetime) -> tuple[int, datetime]:
    """Count one call; answers how many there were in this window, this one included, and when it began."""
    row = conn.exec_driver_sql(
        "UPDATE api_keys SET last_used_at = %(now)s,"
        " window_calls = CASE WHEN window_from > %(since)s THEN window_calls + 1 ELSE 1 END,"
        " window_from = CASE WHEN window_from > %(since)s THEN window_from ELSE %(now)s END"
        " WHERE shop_id = %(shop)s AND id = %(id)s RETURNING window_calls, window_from",
        {"shop": shop_id, "id": key_id, "now": now, "since": now - WINDOW},
    ).one()
    return int(row[0]), row[1]


def revoke_all(conn: Connection, shop_id: int, now: datetime) -> int:
    """From now on no key of the shop opens anything; answers how many did."""
    result = conn.exec_driver_sql(
        "UPDATE api_keys SET revoked_at = %(now)s WHERE shop_id = %(shop)s AND revoked_at IS NULL",
        {"shop": shop_id, "now": now},
    )
    return result.rowcount


def revoke(conn: Connection, shop_id: int, key_id: int, now: datetime) -> bool:
    """From now on the key opens nothing; says whether it did before."""
    result = conn.exec_driver_sql(
        "UPDATE api_keys SET revoked_at = %(now)s WHERE shop_id = %(shop)s AND id = %(id)s AND revoked_at IS NULL",
        {"shop": shop_id, "id": key_id, "now": now},
    )
    return result.rowcount > 0
