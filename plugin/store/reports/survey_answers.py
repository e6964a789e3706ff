"""Questions that members were asked, and their answers: one row for each order that was asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and what was answered: `score` is None as long as nothing was."""

    id: int
    member_id: int
    survey: str
    order_id: int | None
    asked_at: datetime
    answered_at: datetime | None
    score: int | None
    comment: str
    answer_key: str


_COLUMNS = "id, member_id, survey, order_id, asked_at, answered_at, score, comment, answer_key"


def ask(conn: Connection, shop_id: int, member_id: int, survey: str, order_id: int, now: datetime) -> None:
    """Write down that the question was put; about one order it is put once."""
    conn.exec_driver_sql(
        "INSERT INTO survey_answers (shop_id, member_id, survey, order_id, asked_at)"
        " VALUES (%(shop)s, %(member)s, %(survey)s, %(order)s, %(now)s)"
        " ON CONFLICT (shop_id, order_id) WHERE order_id IS NOT NULL DO NOTHING",
        {"shop": shop_id, "member": member_id, "survey": survey, "order": order_id, "now": now},
    )


def ask_about(conn: Connection, shop_id: int, survey: str, orders: Iterable[tuple[int, int]], now: datetime) -> None:
    """Write down that the question was put about many orders, each (order, member), once for each."""
    known = list(orders)
    conn.exec_driver_sql(
        "INSERT INTO survey_answers (shop_id, member_id, survey, order_id, asked_at)"
        " SELECT %(shop)s, w.member, %(survey)s, w.id, %(now)s"
        " FROM unnest(%(orders)s::bigint[], %(members)s::bigint[]) AS w(id, member)"
        " ON CONFLICT (shop_id, order_id) WHERE order_id IS NOT NULL DO NOTHING",
        {
            "shop": shop_id,
            "survey": survey,
            "orders": [order for order, _ in known],
            "members": [member for _, member in known],
            "now": now,
        },
    )


def of_orders(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> dict[int, Asked]:
    """What was asked about each of these orders."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM survey_answers WHERE shop_id = %(shop)s AND order_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": list(order_ids)},
    )
    found = (Asked(*row) for row in rows)
    return {one.order_id: one for one in found if one.order_id is not None}


def of_order(conn: Connection, shop_id: int, order_id: int) -> Asked | None:
    """What was asked about an order."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM survey_answers WHERE shop_id = %(shop)s AND order_id = %(order)s",
        {"shop": shop_id, "order": order_id},
    ).one_or_none()
    return Asked(*row) if row else None


def newest_open(conn: Connection, shop_id: int, member_id: int, since: datetime) -> Asked | None:
    """The newest question of a member since then, answered or not: one that is not, if there is one."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM survey_answers WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND asked_at >= %(since)s ORDER BY answered_at IS NULL DESC, asked_at DESC, id DESC LIMIT 1",
        {"shop": shop_id, "member": member_id, "since": since},
    ).one_or_none()
    return Asked(*row) if row else None


def last_asked(conn: Connection, shop_id: int, member_id: int) -> datetime | None:
    """When a member was last asked anything."""
    found: datetime | None = conn.exec_driver_sql(
        "SELECT max(asked_at) FROM survey_answers WHERE shop_id = %(shop)s AND member_id = %(member)s",
        {"shop": shop_id, "member": member_id},
    ).scalar_one()
    return found


def answer(
    conn: Connection, shop_id: int, asked_id: int, score: int, comment: str, key: str, tier: str, now: datetime
) -> bool:
    """Keep the answer with the member's tier and segment as they are now; False where it was answered before."""
    result = conn.exec_driver_sql(
        "UPDATE survey_answers a SET score = %(score)s, comment = %(comment)s, answer_key = %(key)s, tier = %(tier)s,"
        " answered_at = %(now)s, segment = coalesce((SELECT s.segment FROM member_stats s"
        " WHERE s.shop_id = a.shop_id AND s.member_id = a.member_id), '')"
        " WHERE a.shop_id = %(shop)s AND a.id = %(id)s AND a.answered_at IS NULL",
        {"shop": shop_id, "id": asked_id, "score": score, "comment": comment, "key": key, "tier": tier, "now": now},
    )
    return result.rowcount == 1


def answered(conn: Connection, shop_id: int, member_id: int, limit: int) -> list[Asked]:
    """What a member answered, newest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM survey_answers WHERE shop_id = %(shop)s AND member_id = %(member)s"
        " AND answered_at IS NOT NULL ORDER BY answered_at DESC, id DESC LIMIT %(limit)s",
        {"shop": shop_id, "member": member_id, "limit": limit},
    )
    return [Asked(*row) for row in rows]


def scores(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """The newest score of each member by kind of question."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT ON (member_id, survey) member_id, survey, score FROM survey_answers"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND answered_at IS NOT NULL"
        " ORDER BY member_id, survey, answered_at DESC, id DESC",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    found: dict[int, dict[str, int]] = {}
    for member_id, survey, score in rows:
        found.setdefault(member_id, {})[survey] = score
    return found


def move(conn: Connection, shop_id: int, from_member: int, to_member: int) -> bool:
    """Answers follow a merged customer; says whether there were any."""
    result = conn.exec_driver_sql(
        "UPDATE survey_answers SET member_id = %(to)s WHERE shop_id = %(shop)s AND member_id = %(from)s",
        {"shop": shop_id, "from": from_member, "to": to_member},
    )
    return result.rowcount > 0
