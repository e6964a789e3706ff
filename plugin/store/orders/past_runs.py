"""Runs over past orders: what was asked for, how far it is, and which orders it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.store.database.bulk import to_json

UNDER_WAY = ("reading", "foreseeing", "counting", "undoing")


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run. `version` judges every order; None: each by the rules of its time. `confirmed`: it goes on by itself
    once it is known what it brings. `bulk_id` is Shopify's bulk query, "-" where pages are read instead; `place` how
    far it is in what it is doing."""

    id: int
    state: str
    since: datetime
    until: datetime
    version: int | None
    confirmed: bool
    actor: str
    bulk_id: str
    place: Mapping[str, Any]
    totals: Mapping[str, Any]
    created_at: datetime
    done_at: datetime | None
    undone_at: datetime | None


_COLUMNS = "id, state, since, until, version, confirmed, actor, bulk_id, place, totals, created_at, done_at, undone_at"
_JSON = frozenset(("place", "totals"))


def _value(name: str) -> str:
    return f"%({name})s::jsonb" if name in _JSON else f"%({name})s"


def _params(values: Mapping[str, object]) -> dict[str, object]:
    return {name: to_json(value) if name in _JSON else value for name, value in values.items()}


def one_at_a_time(conn: Connection, shop_id: int) -> None:
    """Whoever plans a run in this shop waits for whoever does so already, until that transaction ends."""
    conn.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('past_runs', %(shop)s))", {"shop": shop_id})


def add(conn: Connection, shop_id: int, **values: object) -> int:
    """Write a run down; answers its number."""
    names = list(values)
    row = conn.exec_driver_sql(
        f"INSERT INTO past_runs (shop_id, {', '.join(names)}) VALUES (%(shop)s,"
        f" {', '.join(_value(name) for name in names)}) RETURNING id",
        {"shop": shop_id, **_params(values)},
    ).one()
    return int(row[0])


def change(conn: Connection, shop_id: int, run_id: int, **values: object) -> None:
    """Set some of what is kept of it."""
    conn.exec_driver_sql(
        f"UPDATE past_runs SET {', '.join(f'{name} = {_value(name)}' for name in values)}"
        " WHERE shop_id = %(shop)s AND id = %(id)s",
        {"shop": shop_id, "id": run_id, **_params(values)},
    )


def get(conn: Connection, shop_id: int, run_id: int, *, lock: bool = False) -> PastRun | None:
    """One run of this shop."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM past_runs WHERE shop_id = %(shop)s AND id = %(id)s{' FOR UPDATE' if lock else ''}",
        {"shop": shop_id, "id": run_id},
    ).one_or_none()
    return PastRun(*row) if row else None


def latest(conn: Connection, shop_id: int, limit: int = 20) -> list[PastRun]:
    """The shop's, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM past_runs WHERE shop_id = %(shop)s ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return [PastRun(*row) for row in rows]


def add_orders(conn: Connection, shop_id: int, run_id: int, orders: Iterable[tuple[int, datetime, bool]]) -> None:
    """The orders (number, when placed, whether it has to be fetched by itself) that the run is about."""
    conn.exec_driver_sql(
        "INSERT INTO past_run_orders (shop_id, run_id, order_id, placed_at, unread)"
        " SELECT %(shop)s, %(run)s, (r->>0)::bigint, (r->>1)::timestamptz, (r->>2)::boolean"
        " FROM jsonb_array_elements(%(rows)s::jsonb) AS r ON CONFLICT DO NOTHING",
        {"shop": shop_id, "run": run_id, "rows": to_json([[key, at.isoformat(), fetch] for key, at, fetch in orders])},
    )


def to_fetch(conn: Connection, shop_id: int, run_id: int, limit: int) -> list[int]:
    """Orders that have to be fetched by themselves, still."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM past_run_orders WHERE shop_id = %(shop)s AND run_id = %(run)s AND unread"
        " ORDER BY order_id LIMIT %(limit)s",
        {"shop": shop_id, "run": run_id, "limit": limit},
    )
    return [row[0] for row in rows]


def fetched(conn: Connection, shop_id: int, run_id: int, order_ids: Sequence[int]) -> None:
    """They are in the inbox, or Shopify does not show them."""
    conn.exec_driver_sql(
        "UPDATE past_run_orders SET unread = false WHERE shop_id = %(shop)s AND run_id = %(run)s"
        " AND order_id = ANY(%(ids)s::bigint[])",
        {"shop": shop_id, "run": run_id, "ids": list(order_ids)},
    )


def orders_after(
    conn: Connection, shop_id: int, run_id: int, place: Mapping[str, Any], limit: int
) -> list[tuple[int, datetime]]:
    """The next orders of a run, oldest first."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, placed_at FROM past_run_orders WHERE shop_id = %(shop)s AND run_id = %(run)s"
        " AND (placed_at, order_id) > (%(at)s::timestamptz, %(order)s) ORDER BY placed_at, order_id LIMIT %(limit)s",
        {"shop": shop_id, "run": run_id, "limit": limit, "at": place.get("at") or "-infinity",
         "order": place.get("order") or 0},
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def foresee(conn: Connection, shop_id: int, run_id: int, found: Mapping[int, tuple[int | None, int, int]]) -> None:
    """Keep whose each order is, its points, and what tiers count of it."""
    conn.exec_driver_sql(
        "UPDATE past_run_orders o SET member_id = (r->>1)::bigint, points = (r->>2)::bigint,"
        " counted_minor = (r->>3)::bigint FROM jsonb_array_elements(%(rows)s::jsonb) AS r"
        " WHERE o.shop_id = %(shop)s AND o.run_id = %(run)s AND o.order_id = (r->>0)::bigint",
        {"shop": shop_id, "run": run_id, "rows": to_json([[key, *value] for key, value in found.items()])},
    )


def sums(conn: Connection, shop_id: int, run_id: int) -> dict[str, int]:
    """What the run brings: orders, those that earn, points, members."""
    row = conn.exec_driver_sql(
        "SELECT count(*), count(*) FILTER (WHERE points > 0), coalesce(sum(points), 0),"
        " count(DISTINCT member_id) FILTER (WHERE points > 0) FROM past_run_orders"
        " WHERE shop_id = %(shop)s AND run_id = %(run)s",
        {"shop": shop_id, "run": run_id},
    ).one()
    return {"orders": row[0], "earning": row[1], "points": int(row[2]), "members": row[3]}


def top_members(conn: Connection, shop_id: int, run_id: int, limit: int = 10) -> list[tuple[int, str, int, int]]:
    """Who gets most: member, address, orders, points."""
    rows = conn.exec_driver_sql(
        "SELECT m.id, m.email, count(*), sum(o.points) FROM past_run_orders o JOIN members m ON m.shop_id = o.shop_id"
        " AND m.id = o.member_id WHERE o.shop_id = %(shop)s AND o.run_id = %(run)s AND o.points > 0"
        " GROUP BY m.id, m.email ORDER BY 4 DESC, m.id LIMIT %(limit)s",
        {"shop": shop_id, "run": run_id, "limit": limit},
    )
    return [(row[0], row[1], row[2], int(row[3])) for row in rows]


def reaching(
    conn: Connection, shop_id: int, run_id: int, metric: str, since: datetime | None, marks: Sequence[int]
) -> list[int]:
    """How many members these orders alone would lift over each mark, of what counts since then."""
    amount = {"points": "sum(points)", "spend": "sum(counted_minor)"}.get(metric, "count(*)")
    rows = conn.exec_driver_sql(
        f"SELECT i.n, (SELECT count(*) FROM (SELECT member_id, {amount} AS have FROM past_run_orders"
        " WHERE shop_id = %(shop)s AND run_id = %(run)s AND member_id IS NOT NULL AND counted_minor > 0"
        " AND placed_at >= coalesce(%(since)s::timestamptz, '-infinity') GROUP BY member_id) s WHERE s.have >= i.mark)"
        " FROM unnest(%(marks)s::bigint[]) WITH ORDINALITY AS i(mark, n) ORDER BY i.n",
        {"shop": shop_id, "run": run_id, "since": since, "marks": list(marks)},
    )
    return [row[1] for row in rows]


def inbox_is_busy(conn: Connection, shop_id: int) -> bool:
    """Whether deliveries of the shop wait to be read."""
    found = conn.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM inbox WHERE shop_id = %(shop)s AND state = 'new')", {"shop": shop_id}
    )
    return bool(found.scalar_one())
