"""A first order is worth a word of its own, half an hour after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails.news import row
from plugin.actions.members.tell_members import tell
from plugin.actions.orders.judged_orders import Judged
from plugin.rules import subjects
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.message_kinds import MessageKind
from plugin.store.orders import orders
from plugin.store.shops.shops import Shop


def thank_for_first(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    """Thank whoever ordered for the first time, of orders whose buyers may hear of them now; with each one's rules."""
    if not judged or not switched_on(shop.settings, MessageKind.THANK_YOU):
        return
    buyers = {one.order.member_id for one in judged if one.order.member_id is not None}
    first = orders.first_of(conn, shop.id, buyers)
    for one in judged:
        member = one.order.member_id
        if member is not None and first.get(member) == one.order.order_id:
            about = subjects.Order(one.order.order_id)
            tell(conn, shop, one.version.programme, [row(MessageKind.THANK_YOU, member, about, cause=about)], now)
