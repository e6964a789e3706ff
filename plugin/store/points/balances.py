"""What members have at a moment, as pages, mails, metafields, the API and the rules of spending all tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.points import lots
from plugin.store.members.members import Member
from plugin.store.points import ledger
from plugin.store.rewards import reward_uses


@dataclass(frozen=True, slots=True)
class Balance:
    """Points: `available` can be spent now (below zero by a debt), `pending` cannot yet; `on_hold` are set aside for
    codes that no order has used yet, and no longer part of the available ones."""

    available: int
    pending: int
    on_hold: int


def of(conn: Connection, shop_id: int, found: Iterable[Member], now: datetime) -> dict[int, Balance]:
    """The balance of each of these members, by their id."""
    debts = {member.id: member.debt for member in found}
    open_lots = ledger.open_lots(conn, shop_id, list(debts), now)
    on_hold = reward_uses.on_hold(conn, shop_id, list(debts))
    answer = {}
    for member_id, debt in debts.items():
        available, pending = lots.balances(open_lots.get(member_id, ()), debt, now)
        held = on_hold.get(member_id, 0)
        answer[member_id] = Balance(available - held, pending, held)
    return answer


def of_one(conn: Connection, shop_id: int, member: Member, now: datetime) -> Balance:
    """The balance of one member."""
    return of(conn, shop_id, [member], now)[member.id]


def sums_of(conn: Connection, shop_id: int, member_ids: Iterable[int], subject: str) -> dict[int, int]:
    """The points posted to each of these members for one subject; who has no such entry is absent."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, sum(points) FROM entries WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)"
        " AND subject = %(subject)s GROUP BY member_id",
        {"shop": shop_id, "ids": sorted(set(member_ids)), "subject": subject},
    )
    return {row[0]: int(row[1]) for row in rows}
