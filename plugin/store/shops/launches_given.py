"""What a rebuilt ledger takes as given of the launch: staff had a hand in it, and no webhook tells of it.

That is whoever ever was a test member, and which of their orders were only stored, for since when they were test
members is not kept. The scratch schema has the pauses as the shop has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from plugin.rules.types import Buyer
from plugin.store.members import members
from plugin.store.members.members import Member

_EVER_TRIED = """
SELECT m.id FROM members m WHERE m.shop_id = %(shop)s AND m.customer_id IS NOT NULL AND (m.test_member
  OR EXISTS (SELECT FROM order_views o
             WHERE o.shop_id = m.shop_id AND o.member_id = m.id AND jsonb_exists(o.snapshot, 'tried'))
  OR EXISTS (SELECT FROM staff_log l
             WHERE l.shop_id = m.shop_id AND l.action = 'add_test_member' AND l.detail->>'member' = m.id::text))
"""


@dataclass(frozen=True, slots=True)
class Given:
    """`only_stored` are the orders of `tried` that were stored and never judged, as they are from before the launch."""

    tried: Sequence[Member] = ()
    only_stored: frozenset[int] = frozenset()


def of(conn: Connection, shop_id: int) -> Given:
    """As it stands in the real ledger."""
    ids = list(conn.exec_driver_sql(_EVER_TRIED, {"shop": shop_id}).scalars())
    stored = conn.exec_driver_sql(
        "SELECT order_id FROM order_views WHERE shop_id = %(shop)s AND member_id = ANY(%(ids)s) AND snapshot IS NULL"
        " AND explanation->0->>0 = 'before_launch'",
        {"shop": shop_id, "ids": ids},
    )
    tried = tuple(members.by_ids(conn, shop_id, ids).values())
    return Given(tried, frozenset(stored.scalars()))


def take_over(conn: Connection, shop_id: int, given: Given) -> None:
    """Begin the rebuilt ledger with it. Who has not had welcome points in the real one does not get them here."""
    for one in given.tried:
        buyer = Buyer(customer_id=one.customer_id)
        members.add(conn, shop_id, [buyer], {buyer: one.joined_at})
        conn.exec_driver_sql(
            "UPDATE members SET test_member = true, welcomed = %(never)s"
            " WHERE shop_id = %(shop)s AND customer_id = %(customer)s",
            {"shop": shop_id, "customer": one.customer_id, "never": not one.welcomed},
        )
