"""A member has reached a tier: they are told by mail, once for each tier and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import tell
from plugin.rules.events import Recorded, TierReached
from plugin.rules.message_kinds import MessageKind
from plugin.rules.subjects import Order, TierNews
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes


def congratulate(conn: Connection, shop: Shop, reached: Sequence[Recorded], now: datetime) -> None:
    """Write a mail down for each who is to be told: not for what is from long ago, or came by new rules or a merge."""
    rows = [
        {
            "member_id": one.member_id,
            "kind": MessageKind.TIER_REACHED,
            "subject": str(TierNews(one.member_id, one.payload.tier, shop.day(one.happened_at))),
            "cause": str(Order(one.payload.order)) if one.payload.order else "",
        }
        for one in reached
        if isinstance(one.payload, TierReached) and one.payload.told and one.member_id is not None
    ]
    tell(conn, shop, programmes.current(conn, shop.id, now).programme, rows, now)
