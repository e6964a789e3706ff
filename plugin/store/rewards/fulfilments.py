"""What staff have to do or send for members: their queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

PAGE = 50


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One thing to do. `note` is for staff, `told` for the member; `actor` is who ended it."""

    redemption_id: int
    state: str
    note: str
    told: str
    actor: str
    created_at: datetime
    ended_at: datetime | None


_COLUMNS = "redemption_id, state, note, told, actor, created_at, ended_at"


def add(conn: Connection, shop_id: int, redemption_id: int, now: datetime) -> None:
    """Put it into the queue."""
    conn.exec_driver_sql(
        "INSERT INTO fulfilments (shop_id, redemption_id, created_at) VALUES (%(shop)s, %(id)s, %(now)s)"
        " ON CONFLICT DO NOTHING",
        {"shop": shop_id, "id": redemption_id, "now": now},
    )


def _select(conn: Connection, where: str, **params: Any) -> list[Fulfilment]:
    sql = f"SELECT {_COLUMNS} FROM fulfilments WHERE shop_id = %(shop)s AND {where}"
    return [Fulfilment(*row) for row in conn.exec_driver_sql(sql, params)]


def by_ids(conn: Connection, shop_id: int, ids: Iterable[int]) -> dict[int, Fulfilment]:
    """The things to do of these redemptions."""
    rows = _select(conn, "redemption_id = ANY(%(ids)s)", shop=shop_id, ids=list(ids))
    return {row.redemption_id: row for row in rows}


def page(conn: Connection, shop_id: int, state: str, start: int | None) -> list[Fulfilment]:
    """One page and one more: what is open oldest first from an id on, the rest newest first up to one."""
    order, way = ("ASC", ">=") if state == "open" else ("DESC", "<=")
    return _select(
        conn,
        f"state = %(state)s AND (%(start)s::bigint IS NULL OR redemption_id {way} %(start)s)"
        f" ORDER BY redemption_id {order} LIMIT %(limit)s",
        shop=shop_id, state=state, start=start, limit=PAGE + 1,
    )  # fmt: skip


def counts(conn: Connection, shop_id: int) -> dict[str, int]:
    """How many there are by state."""
    rows = conn.exec_driver_sql(
        "SELECT state, count(*) FROM fulfilments WHERE shop_id = %(shop)s GROUP BY state", {"shop": shop_id}
    )
    return {row[0]: row[1] for row in rows}


def end(conn: Connection, shop_id: int, redemption_id: int, state: str, actor: str, now: datetime) -> None:
    """It is done or cancelled."""
    conn.exec_driver_sql(
        "UPDATE fulfilments SET state = %(state)s, actor = %(actor)s, ended_at = %(now)s"
        " WHERE shop_id = %(shop)s AND redemption_id = %(id)s AND state = 'open'",
        {"shop": shop_id, "id": redemption_id, "state": state, "actor": actor, "now": now},
    )


def say(conn: Connection, shop_id: int, redemption_id: int, note: str, told: str) -> None:
    """Keep what staff say of it."""
    conn.exec_driver_sql(
        "UPDATE fulfilments SET note = %(note)s, told = %(told)s WHERE shop_id = %(shop)s AND redemption_id = %(id)s",
        {"shop": shop_id, "id": redemption_id, "note": note, "told": told},
    )
