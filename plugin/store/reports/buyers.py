"""What the facts say of people as buyers, for lists: how often they ordered, for how much, and when last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

BOUGHT: Final = {"never": "s.orders = 0", "once": "s.orders = 1", "again": "s.orders >= 2"}
"""How often somebody ordered, as lists filter by it; each has an index of its own, newest members first."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What somebody ordered and kept: `net_minor` in minor units of the shop's currency, days in its zone."""

    orders: int
    net_minor: int
    first_day: date | None
    last_day: date | None


def of_members(conn: Connection, shop_id: int, member_ids: Iterable[int]) -> dict[int, Bought]:
    """What each of these people bought; who was not counted yet is not among them."""
    rows = conn.exec_driver_sql(
        "SELECT member_id, orders, net_minor, first_day, last_day FROM member_stats"
        " WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s)",
        {"shop": shop_id, "ids": sorted(set(member_ids))},
    )
    return {row[0]: Bought(*row[1:]) for row in rows}
