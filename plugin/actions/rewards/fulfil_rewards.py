"""Staff have done what a member redeemed, or cannot do it: the member is told, and gets the points back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import send, write
from plugin.actions.rewards import redeem_points
from plugin.actions.rewards.use_rewards import used
from plugin.errors import Denied, NotFound
from plugin.rules import subjects
from plugin.rules.formats import one_line
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.rewards import fulfilments, own_redemptions, redemptions
from plugin.store.rewards.fulfilments import Fulfilment
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages

LONGEST_NOTE = 500


def fulfil(
    conn: Connection, shop: Shop, redemption_id: int, note: str, told: str, actor: str, now: datetime
) -> Redemption:
    """It is done. Done twice, it was done once; Denied when it was cancelled meanwhile."""
    made, todo = _open(conn, shop, redemption_id)
    if todo.state == "done":
        return made
    members.lock_kept(conn, shop.id, [made.member_id])
    if not own_redemptions.capture(conn, shop.id, made.id, actor, now):
        raise Denied("This redemption was already cancelled.", "already_back")
    used(conn, shop.id, [made], now)
    fulfilments.end(conn, shop.id, made.id, "done", actor, now)
    _say(conn, shop, made, "fulfil_reward", note, told, actor, now)
    return made


def cancel(
    conn: Connection, shop: Shop, redemption_id: int, note: str, told: str, actor: str, now: datetime
) -> Redemption:
    """It cannot be done: the points go back. Denied when it was done meanwhile."""
    made, todo = _open(conn, shop, redemption_id)
    if todo.state == "cancelled":
        return made
    redeem_points.undo(conn, shop, made.id, "cancelled_by_staff", actor, now)
    _say(conn, shop, made, "cancel_reward", note, told, actor, now)
    return made


def _open(conn: Connection, shop: Shop, redemption_id: int) -> tuple[Redemption, Fulfilment]:
    made = redemptions.get(conn, shop.id, redemption_id)
    todo = fulfilments.by_ids(conn, shop.id, [redemption_id]).get(redemption_id)
    if made is None or todo is None:
        raise NotFound(Said("activity.error.no_reward_todo"))
    return made, todo


def _say(
    conn: Connection, shop: Shop, made: Redemption, verb: str, note: str, told: str, actor: str, now: datetime
) -> None:
    """Keep the words of what has just ended, and tell the member."""
    note, told = (one_line(text, LONGEST_NOTE) for text in (note, told))
    fulfilments.say(conn, shop.id, made.id, note, told)
    row = {
        "shop_id": shop.id,
        "member_id": made.member_id,
        "kind": MessageKind.REWARD_DONE,
        "subject": str(subjects.Redemption(made.id)),
    }
    send(conn, shop, write(conn, shop, [row], now), now)
    activity_pages.note_staff_act(conn, shop.id, actor, verb, made.title, {"redemption": made.id}, now)
