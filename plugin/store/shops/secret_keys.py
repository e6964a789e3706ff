"""Which keys stored secrets may be under, and the secrets themselves, step by step, wherever they stand.

Every encrypted column of the database is in KEPT; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from plugin.errors import Unreadable
from plugin.store.shops import seal
from plugin.store.shops.seal import Seal

A_STEP = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """One column of secrets. `key` are the columns that find a row, in the order of an index; the last is counted on
    from. `place` makes of a row's `about` where the secret stands."""

    table: str
    column: str
    key: str
    about: str
    place: Callable[[int, Sequence[Any]], str]
    of_shops: bool = True

    @property
    def start(self) -> object:
        """Before every key."""
        return 0 if self.of_shops else ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step found: how many secrets were sealed anew, are still to be, cannot be read, and where it ended."""

    renewed: int
    left: int
    unreadable: int
    last: Any


KEPT: Final = (
    Kept("shop_tokens", "access_token", "shop_id", "shop_id", lambda shop, _: seal.of_token("access_token", shop)),
    Kept("shop_tokens", "refresh_token", "shop_id", "shop_id", lambda shop, _: seal.of_token("refresh_token", shop)),
    Kept("redemptions", "secret", "id", "id", lambda shop, row: seal.of_redemption(shop, row[0])),
    Kept("pool_codes", "secret", "id", "reward, mark", lambda shop, row: seal.of_partner_code(shop, row[0], row[1])),
    Kept("endpoints", "secret", "id", "id", lambda shop, row: seal.of_endpoint(shop, row[0])),
    Kept("endpoints", "former_secret", "id", "id", lambda shop, row: seal.of_endpoint(shop, row[0])),
    Kept("own_keys", "secret", "purpose", "purpose", lambda _, row: seal.of_own_key(row[0]), of_shops=False),
)


def step(conn: Connection, kept: Kept, shop_id: int, after: Any, *, renew: bool) -> Step:
    """Look at the next A_STEP rows after a key, and seal anew what is not under the newest key.

    A row that somebody else holds is left for another time. `last` is None when there are no more rows.
    """
    keys = seal.seal_of(conn)
    of_shop = "shop_id = %(shop)s AND" if kept.of_shops else ""
    asked = {"shop": shop_id, "after": after, "newest": keys.newest, "limit": A_STEP}
    window = (
        f"SELECT {kept.key} AS key FROM {kept.table} WHERE {of_shop} {kept.key} > %(after)s"
        f" ORDER BY {kept.key} LIMIT %(limit)s"
    )
    last = conn.exec_driver_sql(f"SELECT max(key) FROM ({window}) w", asked).scalar_one()
    due = (
        f"SELECT {kept.key}, {kept.column}, {kept.about} FROM {kept.table} WHERE {of_shop}"
        f" {kept.key} > %(after)s AND {kept.key} <= %(last)s AND {kept.column} IS NOT NULL"
        f" AND substring({kept.column} FROM 1 FOR 5) <> %(newest)s"
    )
    rows = conn.exec_driver_sql(due + (" FOR UPDATE SKIP LOCKED" if renew else ""), asked | {"last": last}).fetchall()
    opened = [(row[0], _renewed(keys, bytes(row[1]), kept.place(shop_id, row[2:]))) for row in rows]
    found = [(key, value) for key, value in opened if value is not None]
    if renew and found:
        conn.exec_driver_sql(
            f"UPDATE {kept.table} t SET {kept.column} = n.value FROM unnest(%(keys)s::{_type(kept)}[],"
            f" %(values)s::bytea[]) AS n(key, value) WHERE {'t.shop_id = %(shop)s AND' if kept.of_shops else ''}"
            f" t.{kept.key} = n.key",
            {"shop": shop_id, "keys": [key for key, _ in found], "values": [value for _, value in found]},
        )
    return Step(len(found) if renew else 0, 0 if renew else len(found), len(opened) - len(found), last)


def _type(kept: Kept) -> str:
    return "bigint" if kept.of_shops else "text"


def _renewed(keys: Seal, value: bytes, where: str) -> bytes | None:
    """The same secret under the newest key; None where it cannot be read."""
    try:
        return keys.close(keys.open(value, where), where)
    except Unreadable:
        return None


def there(conn: Connection) -> bool:
    """Whether the database has been brought to a schema that knows keys."""
    return conn.exec_driver_sql("SELECT to_regclass('secret_keys') IS NOT NULL").scalar_one() is True


def known(conn: Connection) -> dict[bytes, bytes]:
    """The keys that secrets may be under, by name, with what each of them alone opens."""
    return {bytes(row[0]): bytes(row[1]) for row in conn.exec_driver_sql("SELECT name, proof FROM secret_keys")}


def add(conn: Connection, name: bytes, proof: bytes) -> None:
    """From now on something may be under this key."""
    conn.exec_driver_sql(
        "INSERT INTO secret_keys (name, proof) VALUES (%(name)s, %(proof)s) ON CONFLICT DO NOTHING",
        {"name": name, "proof": proof},
    )


def forget_but(conn: Connection, names: Sequence[bytes]) -> int:
    """Nothing is under any other key, or nobody has it any more; answers how many that were."""
    result = conn.exec_driver_sql("DELETE FROM secret_keys WHERE NOT name = ANY(%(names)s)", {"names": list(names)})
    return result.rowcount
