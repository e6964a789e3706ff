"""Rewards as they were used: how often, what each redemption still holds, and what is to come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.lots import Draw, Lot
from plugin.store.redemptions import A_REWARD, Redemption

_STANDS = "state <> 'released' AND NOT given_back"


@dataclass(frozen=True, slots=True)
class Held:
    """What a redemption took from its member: points by entries, the last line, and from which lots.

    `own` lots still belong to the member; `moved` ones stayed with a customer who was merged since.
    """

    points: int
    line: int
    own: tuple[Draw, ...]
    moved: tuple[Lot, ...]


def subject_of(redemption_id: int) -> str:
    """How entries name a redemption."""
    return f"redemption:{redemption_id}"


def alone_with(conn: Connection, shop_id: int, reward: str) -> None:
    """Wait until nobody else redeems this reward, till the transaction ends: for a limit in total."""
    conn.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(%(shop)s::int, hashtext(%(key)s))", {"shop": shop_id, "key": f"reward:{reward}"}
    )


def counts(conn: Connection, shop_id: int, rewards: Iterable[str]) -> dict[str, int]:
    """How often each of these rewards was used in total, given ones too."""
    rows = conn.exec_driver_sql(
        f"SELECT reward, count(*) FROM redemptions WHERE shop_id = %(shop)s AND reward = ANY(%(rewards)s)"
        f" AND {_STANDS} GROUP BY reward",
        {"shop": shop_id, "rewards": list(rewards)},
    )
    return {row[0]: row[1] for row in rows}


def count_of_member(conn: Connection, shop_id: int, member_id: int, reward: str, since: datetime | None) -> int:
    """How often the member bought the reward, since a moment or ever; what was given uses up no limit."""
    row = conn.exec_driver_sql(
        "SELECT count(*) FROM redemptions WHERE shop_id = %(shop)s AND member_id = %(member)s"
        f" AND reward = %(reward)s AND points > 0 AND {_STANDS}"
        " AND (%(since)s::timestamptz IS NULL OR created_at >= %(since)s)",
        {"shop": shop_id, "member": member_id, "reward": reward, "since": since},
    ).one()
    return int(row[0])


def held(conn: Connection, shop_id: int, redemption: Redemption) -> Held:
    """What the redemption holds now; call it with the member locked."""
    params = {"shop": shop_id, "member": redemption.member_id, "subject": subject_of(redemption.id)}
    whose = "SELECT id FROM members WHERE shop_id = %(shop)s AND (id = %(member)s OR merged_into = %(member)s)"
    posted = conn.exec_driver_sql(
        "SELECT coalesce(-sum(points), 0), coalesce(max(line), 0) FROM entries WHERE shop_id = %(shop)s"
        f" AND member_id IN ({whose}) AND subject = %(subject)s",
        params,
    ).one()
    rows = conn.exec_driver_sql(
        "SELECT l.member_id, l.id, l.entry_id, sum(d.points), l.available_at, l.expires_at FROM entries e"
        " JOIN lot_draws d ON d.entry_id = e.id JOIN lots l ON l.id = d.lot_id"
        f" WHERE e.shop_id = %(shop)s AND e.member_id IN ({whose}) AND e.subject = %(subject)s"
        " GROUP BY l.id HAVING sum(d.points) > 0 ORDER BY l.id",
        params,
    ).fetchall()
    own = tuple(Draw(row[1], int(row[3])) for row in rows if row[0] == redemption.member_id)
    moved = tuple(Lot(row[1], row[2], int(row[3]), row[4], row[5]) for row in rows if row[0] != redemption.member_id)
    return Held(int(posted[0]), int(posted[1]), own, moved)


def want_back(conn: Connection, shop_id: int, redemption_id: int, why: str, by: str) -> None:
    """The unused code is to be disabled, and the points are to come back."""
    conn.exec_driver_sql(
        "UPDATE redemptions SET code_state = 'unwanted', ended_why = %(why)s, ended_by = %(by)s"
        " WHERE shop_id = %(shop)s AND id = %(id)s AND state = 'reserved'",
        {"shop": shop_id, "id": redemption_id, "why": why, "by": by},
    )


def expired(conn: Connection, shop_id: int, before: datetime) -> list[int]:
    """Mark the rewards that nobody used in time as to be taken back; answers the ids."""
    rows = conn.exec_driver_sql(
        "UPDATE redemptions SET code_state = 'unwanted', ended_why = 'expired', ended_by = 'suki'"
        f" WHERE shop_id = %(shop)s AND {A_REWARD} AND state = 'reserved' AND expires_at <= %(before)s"
        " AND code_state IN ('wanted', 'created') RETURNING id",
        {"shop": shop_id, "before": before},
    )
    return [row[0] for row in rows]


def recapture(conn: Connection, shop_id: int, ids: Iterable[int]) -> list[int]:
    """Of these captured redemptions, the ones that are rewards."""
    rows = conn.exec_driver_sql(
        f"SELECT id FROM redemptions WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) AND {A_REWARD}",
        {"shop": shop_id, "ids": list(ids)},
    )
    return [row[0] for row in rows]


def order_stands(conn: Connection, shop_id: int, stands: dict[int, bool]) -> list[int]:
    """Give back, or take again, what these orders used (order id → whether it stands); answers what changed."""
    rows = conn.exec_driver_sql(
        "UPDATE redemptions r SET given_back = NOT o.stands"
        " FROM unnest(%(orders)s::bigint[], %(stands)s::boolean[]) AS o(id, stands)"
        f" WHERE r.shop_id = %(shop)s AND r.captured_by_order = o.id AND r.{A_REWARD} AND r.state = 'captured'"
        " AND coalesce(r.terms->>'back_on_refund', 'full') NOT IN ('none', 'false')"
        " AND r.given_back = o.stands RETURNING r.id",
        {"shop": shop_id, "orders": list(stands), "stands": list(stands.values())},
    )
    return [row[0] for row in rows]
