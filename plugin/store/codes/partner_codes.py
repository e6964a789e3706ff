"""Imported codes of partners, encrypted: each is given once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


def add(conn: Connection, shop_id: int, reward: str, codes: Mapping[bytes, bytes], now: datetime) -> int:
    """Add codes (mark → encrypted) to a reward; answers how many were new."""
    result = conn.exec_driver_sql(
        "INSERT INTO pool_codes (shop_id, reward, mark, secret, added_at)"
        " SELECT %(shop)s, %(reward)s, mark, secret, %(now)s"
        " FROM unnest(%(marks)s::bytea[], %(secrets)s::bytea[]) AS c(mark, secret) ON CONFLICT DO NOTHING",
        {"shop": shop_id, "reward": reward, "marks": list(codes), "secrets": list(codes.values()), "now": now},
    )
    return result.rowcount


@dataclass(frozen=True, slots=True)
class Taken:
    """A code that a redemption got, still sealed."""

    mark: bytes
    secret: bytes


def take(conn: Connection, shop_id: int, reward: str, redemption_id: int) -> Taken | None:
    """Give the redemption the oldest free code that nobody else is taking; None when there is none."""
    row = conn.exec_driver_sql(
        "WITH free AS MATERIALIZED (SELECT id FROM pool_codes WHERE shop_id = %(shop)s AND reward = %(reward)s"
        " AND redemption_id IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " UPDATE pool_codes p SET redemption_id = %(id)s FROM free WHERE p.id = free.id RETURNING p.mark, p.secret",
        {"shop": shop_id, "reward": reward, "id": redemption_id},
    ).one_or_none()
    return Taken(bytes(row[0]), bytes(row[1])) if row else None


def left(conn: Connection, shop_id: int, rewards: Iterable[str]) -> dict[str, int]:
    """How many free codes each of these rewards has."""
    rows = conn.exec_driver_sql(
        "SELECT reward, count(*) FROM pool_codes WHERE shop_id = %(shop)s AND reward = ANY(%(rewards)s)"
        " AND redemption_id IS NULL GROUP BY reward",
        {"shop": shop_id, "rewards": list(rewards)},
    )
    return {row[0]: row[1] for row in rows}


def discard(conn: Connection, shop_id: int, reward: str) -> int:
    """Throw away the codes of a reward that nobody got; answers how many."""
    result = conn.exec_driver_sql(
        "DELETE FROM pool_codes WHERE shop_id = %(shop)s AND reward = %(reward)s AND redemption_id IS NULL",
        {"shop": shop_id, "reward": reward},
    )
    return result.rowcount


def given_to(conn: Connection, shop_id: int, marks: Iterable[bytes]) -> list[int]:
    """The members whose redemptions got codes with these marks."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT r.member_id FROM pool_codes p JOIN redemptions r ON r.shop_id = p.shop_id"
        " AND r.id = p.redemption_id WHERE p.shop_id = %(shop)s AND p.mark = ANY(%(marks)s::bytea[])"
        " AND p.redemption_id IS NOT NULL LIMIT 50",
        {"shop": shop_id, "marks": list(marks)},
    )
    return [row[0] for row in rows]
