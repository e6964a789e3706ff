"""Addresses that nothing is sent to: they don't exist, or their owner called our mail spam."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.members.members import email_key

PAGE = 50


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is known of one address. `why`: bounced or complained; empty once it was lifted, or only soft ones came."""

    address: str
    why: str
    source: str
    detail: str
    at: datetime | None
    soft_bounces: int
    soft_at: datetime | None
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


_COLUMNS = "address, why, source, detail, at, soft_bounces, soft_at, lifted_at, lifted_by, lifted_why"


def _select(conn: Connection, shop_id: int, where: str, params: Mapping[str, object]) -> list[Suppression]:
    sql = f"SELECT {_COLUMNS} FROM suppressions WHERE shop_id = %(shop)s AND {where}"
    return [Suppression(*row) for row in conn.exec_driver_sql(sql, {"shop": shop_id, **params})]


def known(conn: Connection, shop_id: int, addresses: Iterable[str]) -> dict[str, Suppression]:
    """What is known of these addresses, by `email_key`."""
    keys = sorted({email_key(one) for one in addresses if one})
    if not keys:
        return {}
    return {one.address: one for one in _select(conn, shop_id, "address = ANY(%(keys)s)", {"keys": keys})}


def page(conn: Connection, shop_id: int, search: str, before: tuple[datetime, str] | None = None) -> list[Suppression]:
    """Suppressed addresses, newest first, that begin with the text; one more than PAGE where there are others."""
    values: dict[str, object] = {"start": _like(email_key(search)), "limit": PAGE + 1}
    where = "why <> ''"
    if search:
        where += " AND address LIKE %(start)s"
    if before is not None:
        where += " AND (at, address) < (%(at)s, %(address)s)"
        values |= {"at": before[0], "address": before[1]}
    return _select(conn, shop_id, f"{where} ORDER BY at DESC, address DESC LIMIT %(limit)s", values)


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"


def suppress(conn: Connection, shop_id: int, address: str, why: str, source: str, detail: str, at: datetime) -> None:
    """Send nothing there from now on. A complaint stays one, whatever bounces later."""
    conn.exec_driver_sql(
        "INSERT INTO suppressions (shop_id, address, why, source, detail, at)"
        " VALUES (%(shop)s, %(address)s, %(why)s, %(source)s, %(detail)s, %(at)s)"
        " ON CONFLICT (shop_id, address) DO UPDATE SET why = excluded.why, source = excluded.source,"
        " detail = excluded.detail, at = excluded.at WHERE suppressions.why = ''"
        " OR (suppressions.why = 'bounced' AND excluded.why = 'complained')",
        {"shop": shop_id, "address": email_key(address), "why": why, "source": source, "detail": detail, "at": at},
    )


def count_soft(conn: Connection, shop_id: int, address: str, at: datetime) -> None:
    """One more mail that could not be delivered for now."""
    conn.exec_driver_sql(
        "INSERT INTO suppressions (shop_id, address, soft_bounces, soft_at) VALUES (%(shop)s, %(address)s, 1, %(at)s)"
        " ON CONFLICT (shop_id, address) DO UPDATE SET soft_bounces = suppressions.soft_bounces + 1,"
        " soft_at = greatest(suppressions.soft_at, excluded.soft_at)",
        {"shop": shop_id, "address": email_key(address), "at": at},
    )


def lift(conn: Connection, shop_id: int, address: str, actor: str, why: str, at: datetime) -> bool:
    """Send there again; says whether nothing was sent there."""
    result = conn.exec_driver_sql(
        "UPDATE suppressions SET why = '', lifted_at = %(at)s, lifted_by = %(actor)s, lifted_why = %(why)s"
        " WHERE shop_id = %(shop)s AND address = %(address)s AND why <> ''",
        {"shop": shop_id, "address": email_key(address), "actor": actor, "why": why, "at": at},
    )
    return result.rowcount == 1
