"""A guest's points wait for an account: how to get one is sent to the address of their own order, never to another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import send, write
from plugin.rules import subjects
from plugin.rules.members.second_step import MAILS_AN_HOUR
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names import turns
from plugin.store.members.members import Member
from plugin.store.shops import paces
from plugin.store.shops.shops import Shop
from plugin.store.work import messages


def ask(conn: Connection, shop: Shop, guest: Member, order_id: int, locale: str, now: datetime) -> bool:
    """Have the email sent, once for each order and a few an hour; says whether it was written now.

    Somebody with an account needs none; they are told so where they ask.
    """
    subject = str(subjects.Order(order_id))
    if guest.state != "guest" or messages.by_subject(conn, shop.id, MessageKind.CLAIM, subject) is not None:
        return False
    if not paces.take(conn, shop.id, [(str(turns.Confirming(guest.id)), MAILS_AN_HOUR)], now):
        return False
    row = {
        "shop_id": shop.id,
        "member_id": guest.id,
        "kind": MessageKind.CLAIM,
        "subject": subject,
        "locale": locale[:20],
    }
    made = write(conn, shop, [row], now)
    send(conn, shop, made, now)
    return bool(made)
