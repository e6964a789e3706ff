"""Staff have paid a cause what members gave: what is paid out can no longer be undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.formats import one_line
from plugin.rules.words.texts import Said
from plugin.store.rewards import donations
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages

LONGEST_NOTE = 200


def pay_out(
    conn: Connection, shop: Shop, cause: str, currency: str, expected_minor: int, note: str, actor: str, now: datetime
) -> int:
    """Mark as paid out what a cause is owed, and answer the sum.

    Only what members can no longer undo by themselves. BadInput: it is not the sum that staff saw, or nothing.
    """
    ids, amount = donations.due(conn, shop.id, cause, currency, now)
    if not ids:
        raise BadInput(Said("activity.error.nothing_due"))
    if amount != expected_minor:
        raise BadInput(Said("activity.error.amount_changed"))
    donations.pay(conn, shop.id, ids, cause, currency, amount, one_line(note, LONGEST_NOTE), actor, now)
    detail = {"amount_minor": amount, "currency": currency, "donations": len(ids)}
    activity_pages.note_staff_act(conn, shop.id, actor, "pay_out_donations", cause, detail, now)
    return amount
