"""Members whose points may become a reward by themselves, and how often they did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

PAGE = 200


@dataclass(frozen=True, slots=True)
class Turned:
    """How often a member's points became this reward, and whether one of these was given back by hand."""

    times: int = 0
    given_back: bool = False


def with_enough(conn: Connection, shop_id: int, points: int, after: int) -> list[int]:
    """The next members by id who have at least so many points, pending ones among them."""
    rows = conn.exec_driver_sql(
        "SELECT id FROM members WHERE shop_id = %(shop)s AND id > %(after)s AND state = 'member'"
        f" AND balance >= %(points)s ORDER BY id LIMIT {PAGE}",
        {"shop": shop_id, "points": points, "after": after},
    )
    return [row[0] for row in rows]


def turned(conn: Connection, shop_id: int, reward: str, key: str, member_ids: Iterable[int]) -> dict[int, Turned]:
    """What was made of these members' points under keys that begin so."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, count(*), bool_or((state = 'released' OR code_state = 'unwanted')"
        " AND ended_by NOT IN ('', 'suki')) FROM redemptions"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND reward = %(reward)s"
        " AND starts_with(subject, member_id || ':' || %(key)s) GROUP BY member_id",
        {"shop": shop_id, "reward": reward, "key": key, "ids": list(member_ids)},
    )
    return {row[0]: Turned(row[1], row[2]) for row in rows}
