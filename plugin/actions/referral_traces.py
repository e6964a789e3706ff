"""Keep what orders say of their buyers as keyed hashes, while referrals are on: the advocates of tomorrow, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.order_facts import OrderFact, OrderSeen
from plugin.actions.settle_orders import Judged
from plugin.rules.referral_marks import marks
from plugin.store import referral_marks
from plugin.store.shops import Shop


def keep(
    conn: Connection, shop: Shop, judged: Sequence[Judged], facts: Iterable[OrderFact], key: bytes, now: datetime
) -> None:
    """Write the marks of these orders down, with whose they are. Without a key nothing is kept."""
    buyers = {one.order.order_id: one.order.member_id for one in judged if one.version.programme.referrals.enabled}
    if not buyers or not key:
        return
    found = {
        str(fact.order_id): (buyers[fact.order_id], marks(key, shop.id, fact.traces))
        for fact in facts
        if isinstance(fact, OrderSeen) and fact.traces is not None and fact.order_id in buyers
    }
    referral_marks.note(conn, shop.id, "order", found, now)
