"""Orders that were judged by an earlier reading of the payloads, and what they would be worth by the present one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.types import READING, Reason
from plugin.store.database import bulk
from plugin.store.tables import reading_differences

PAGE = 50
TAKE, LEAVE = "take", "leave"
DONE: Mapping[str, str] = {TAKE: "taken", LEAVE: "left"}
"""What staff decided, and what stands there once it is carried out."""
_STATE = f"CASE WHEN d.state = 'open' AND o.reading >= {READING} THEN 'corrected' ELSE d.state END"
"""One that a later webhook had judged meanwhile needs no decision any more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One order: what it has been given, and what it would be given. `state` is open, take or leave (decided, not yet
    carried out), taken, left, or corrected by a later webhook."""

    order_id: int
    name: str
    member_id: int | None
    points_now: int
    points: int
    counted_now_minor: int
    counted_minor: int
    reasons: tuple[Reason, ...]
    state: str
    found_at: datetime
    decided_at: datetime | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many are open, and by how many points they would go up and down; how many are decided or corrected."""

    open: int = 0
    up: int = 0
    down: int = 0
    waiting: int = 0
    taken: int = 0
    left: int = 0
    corrected: int = 0


def unread(conn: Connection, shop_id: int, after: int, limit: int) -> list[int]:
    """The next orders that were last judged by an earlier reading, `after` one."""
    rows = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND order_id > %(after)s AND reading < %(reading)s"
        " AND view IS NOT NULL ORDER BY order_id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit, "reading": READING},
    )
    return list(rows.scalars())


def mark_read(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> None:
    """These orders keep what they have, and are not asked about again."""
    conn.exec_driver_sql(
        "UPDATE order_views SET reading = %(reading)s WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)"
        " AND reading < %(reading)s",
        {"shop": shop_id, "ids": sorted(set(order_ids)), "reading": READING},
    )


def note(conn: Connection, shop_id: int, found: Iterable[Mapping[str, object]]) -> None:
    """Write differences down; one that is there already stays."""
    bulk.insert(conn, reading_differences, [{"shop_id": shop_id, **row} for row in found], conflict="DO NOTHING")


def decide(
    conn: Connection, shop_id: int, decision: str, actor: str, now: datetime, order_ids: Sequence[int] | None = None
) -> int:
    """Staff decided about these orders, or about all that are open; answers about how many."""
    done = conn.exec_driver_sql(
        "UPDATE reading_differences d SET state = %(decision)s, decided_at = %(now)s, decided_by = %(actor)s"
        " FROM order_views o WHERE o.shop_id = d.shop_id AND o.order_id = d.order_id AND o.reading < %(reading)s"
        " AND d.shop_id = %(shop)s AND d.state = 'open'"
        " AND (%(ids)s::bigint[] IS NULL OR d.order_id = ANY(%(ids)s::bigint[]))",
        {
            "shop": shop_id,
            "decision": decision,
            "now": now,
            "actor": actor,
            "reading": READING,
            "ids": None if order_ids is None else list(order_ids),
        },
    )
    return done.rowcount


def decided(conn: Connection, shop_id: int, limit: int) -> dict[int, str]:
    """Orders with a decision that is still to be carried out, and which."""
    rows = conn.exec_driver_sql(
        "SELECT order_id, state FROM reading_differences WHERE shop_id = %(shop)s AND state IN ('take', 'leave')"
        " ORDER BY order_id LIMIT %(limit)s",
        {"shop": shop_id, "limit": limit},
    )
    return {row[0]: row[1] for row in rows}


def end(conn: Connection, shop_id: int, states: Mapping[int, str]) -> None:
    """The decisions were carried out: what stands there now."""
    conn.exec_driver_sql(
        "UPDATE reading_differences d SET state = t.state FROM unnest(%(ids)s::bigint[], %(states)s::text[]) AS"
        " t(order_id, state) WHERE d.shop_id = %(shop)s AND d.order_id = t.order_id",
        {"shop": shop_id, "ids": list(states), "states": list(states.values())},
    )


def totals(conn: Connection, shop_id: int) -> Totals:
    """How much there is to decide, and was decided."""
    rows = conn.exec_driver_sql(
        f"SELECT {_STATE}, count(*), sum(greatest(d.points - o.deserved, 0)), sum(greatest(o.deserved - d.points, 0))"
        " FROM reading_differences d JOIN order_views o ON o.shop_id = d.shop_id AND o.order_id = d.order_id"
        " WHERE d.shop_id = %(shop)s GROUP BY 1",
        {"shop": shop_id},
    )
    by = {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}
    counts = {state: by.get(state, (0, 0, 0))[0] for state in ("taken", "left", "corrected")}
    waiting = by.get(TAKE, (0,))[0] + by.get(LEAVE, (0,))[0]
    return Totals(*by.get("open", (0, 0, 0)), waiting, **counts)


def page(
    conn: Connection, shop_id: int, after: int = 0, limit: int = PAGE, *, only_open: bool = False
) -> list[Difference]:
    """The next differences by the number of the order; `only_open`: those to decide."""
    state = f" AND {_STATE} = 'open'" if only_open else ""
    rows = conn.exec_driver_sql(
        f"SELECT d.order_id, o.name, d.member_id, o.deserved, d.points, o.counted_minor, d.counted_minor,"
        f" d.explanation, {_STATE}, d.found_at, d.decided_at, d.decided_by FROM reading_differences d"
        " JOIN order_views o ON o.shop_id = d.shop_id AND o.order_id = d.order_id"
        f" WHERE d.shop_id = %(shop)s AND d.order_id > %(after)s{state} ORDER BY d.order_id LIMIT %(limit)s",
        {"shop": shop_id, "after": after, "limit": limit},
    )
    return [_difference(row) for row in rows]


def _difference(row: Any) -> Difference:
    reasons = tuple(Reason(code, values) for code, values in row[7])
    values = [*row[:7], reasons, *row[8:]]
    return Difference(*values)


def apart(conn: Connection, shop_id: int) -> dict[int, int | None]:
    """Orders that stand as an earlier reading judged them, and whose customer they are: not read again yet, not
    decided, or left by staff. A ledger that is rebuilt may differ in them."""
    rows = conn.exec_driver_sql(
        "SELECT o.order_id, coalesce(k.customer_id, m.customer_id) FROM order_views o"
        " LEFT JOIN reading_differences d ON d.shop_id = o.shop_id AND d.order_id = o.order_id"
        " LEFT JOIN members m ON m.shop_id = o.shop_id AND m.id = o.member_id"
        " LEFT JOIN members k ON k.shop_id = o.shop_id AND k.id = m.merged_into"
        " WHERE o.shop_id = %(shop)s AND o.view IS NOT NULL AND (o.reading < %(reading)s OR d.state = 'left')",
        {"shop": shop_id, "reading": READING},
    )
    return {row[0]: row[1] for row in rows}
