"""Rewards as they were used: how often, what each redemption still holds, and what is to come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules import subjects
from plugin.rules.names import turns
from plugin.rules.points.lots import Draw, Lot
from plugin.store.database import bulk
from plugin.store.database.turns import take_turn
from plugin.store.rewards.redemptions import A_REWARD, Redemption
from plugin.store.tables import redemptions

_STANDS = "state <> 'released' AND NOT given_back"


@dataclass(frozen=True, slots=True)
class Held:
    """What a redemption took from its member: points by entries, the last line, and from which lots.

    The lot drawn last comes first. `own` lots still belong to the member; `moved` ones stayed with a customer
    who was merged since.
    """

    points: int
    line: int
    own: tuple[Draw, ...]
    moved: tuple[Lot, ...]


def alone_with(conn: Connection, shop_id: int, reward: str) -> None:
    """Wait until nobody else redeems this reward, till the transaction ends: for a limit in total."""
    take_turn(conn, shop_id, str(turns.UsesOfReward(reward)))


def counts(conn: Connection, shop_id: int, rewards: Iterable[str]) -> dict[str, int]:
    """How often each of these rewards was used in total, given ones too."""
    rows = conn.exec_driver_sql(
        f"SELECT reward, count(*) FROM redemptions WHERE shop_id = %(shop)s AND reward = ANY(%(rewards)s)"
        f" AND {_STANDS} GROUP BY reward",
        {"shop": shop_id, "rewards": list(rewards)},
    )
    return {row[0]: row[1] for row in rows}


def counts_of_member(
    conn: Connection, shop_id: int, member_id: int, since: Mapping[str, datetime | None]
) -> dict[str, int]:
    """How often the member bought each reward, since its moment or ever; what was given uses up no limit."""
    rows = conn.exec_driver_sql(
        "SELECT reward, count(*) FROM redemptions WHERE shop_id = %(shop)s AND member_id = %(member)s"
        f" AND reward = ANY(%(rewards)s) AND points > 0 AND {_STANDS} AND created_at >="
        " coalesce((%(since)s::timestamptz[])[array_position(%(rewards)s::text[], reward)], '-infinity')"
        " GROUP BY reward",
        {"shop": shop_id, "member": member_id, "rewards": list(since), "since": list(since.values())},
    )
    return {row[0]: row[1] for row in rows}


def held(conn: Connection, shop_id: int, redemption: Redemption) -> Held:
    """What the redemption holds now; call it with the member locked."""
    params = {"shop": shop_id, "member": redemption.member_id, "subject": str(subjects.Redemption(redemption.id))}
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
        " GROUP BY l.id HAVING sum(d.points) > 0 ORDER BY l.expires_at DESC NULLS FIRST, l.id DESC",
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


def expired(conn: Connection, shop_id: int, before: datetime, limit: int) -> list[int]:
    """Mark up to `limit` rewards that nobody used in time as to be taken back; answers the ids."""
    rows = conn.exec_driver_sql(
        "UPDATE redemptions SET code_state = 'unwanted', ended_why = 'expired', ended_by = 'suki'"
        " WHERE shop_id = %(shop)s AND id = ANY(ARRAY(SELECT id FROM redemptions"
        f" WHERE shop_id = %(shop)s AND {A_REWARD} AND state = 'reserved' AND expires_at <= %(before)s"
        " AND code_state IN ('wanted', 'created') LIMIT %(limit)s FOR UPDATE SKIP LOCKED)) RETURNING id",
        {"shop": shop_id, "before": before, "limit": limit},
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Use:
    """A redemption that an order used, and what of it came back so far."""

    id: int
    order_id: int
    points: int
    back: object
    given_back: bool
    back_points: int


def uses_by(conn: Connection, shop_id: int, order_ids: Iterable[int]) -> list[Use]:
    """The rewards that these orders used, locked."""
    rows = conn.exec_driver_sql(
        "SELECT id, captured_by_order, points, terms->'back_on_refund', given_back, back_points FROM redemptions"
        f" WHERE shop_id = %(shop)s AND captured_by_order = ANY(%(orders)s) AND {A_REWARD} AND state = 'captured'"
        " ORDER BY id FOR UPDATE",
        {"shop": shop_id, "orders": sorted(order_ids)},
    )
    return [Use(*row) for row in rows]


def give_back(conn: Connection, shop_id: int, uses: Iterable[Use]) -> list[int]:
    """Write down what comes back of each; answers their ids."""
    rows = [
        {"shop_id": shop_id, "id": use.id, "given_back": use.given_back, "back_points": use.back_points} for use in uses
    ]
    bulk.update(conn, redemptions, rows, ("shop_id", "id"))
    return [use.id for use in uses]


def on_hold(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, int]:
    """Points that members have redeemed and that the ledger still holds, until an order uses the code.

    Those of an order that used one count until its entry is written.
    """
    rows = conn.exec_driver_sql(
        "SELECT member_id, sum(points - back_points)::bigint FROM redemptions r WHERE shop_id = %(shop)s"
        " AND member_id = ANY(%(ids)s) AND terms->>'deduct' = 'ordered' AND (state = 'reserved' OR ("
        "state = 'captured' AND NOT given_back AND EXISTS (SELECT FROM jobs j WHERE j.shop_id = r.shop_id"
        " AND j.kind = 'settle_redemption' AND j.subject = r.id::text))) GROUP BY 1",
        {"shop": shop_id, "ids": list(member_ids)},
    )
    return {row[0]: row[1] for row in rows}
