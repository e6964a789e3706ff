"""A reward was redeemed or came back: its member is told, unless they see it happen themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.news import fresh, row, tell_now
from plugin.actions.members.tell_members import tell
from plugin.rules import subjects
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.events import Recorded, RewardReturned
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.store.gifts.gifts import Gift
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

MEMBER: Final = "shopper"
FULFILLED: Final = "custom"
"""A kind of reward that staff fulfil, with an email of its own when it is done or could not be."""


def redeemed(
    conn: Connection, shop: Shop, programme: Programme, made: Redemption, now: datetime, *, told: bool = True
) -> None:
    """What points bought: its code, or where to find it. In the transaction that books it, for many members redeem at
    the same time. `told`: False where staff who redeemed chose not to tell the member."""
    if needs_word(made):
        about = subjects.Redemption(made.id)
        tell(conn, shop, programme, [{**row(MessageKind.REWARD_READY, made.member_id, about), "untold": not told}], now)


def returned(conn: Connection, shop: Shop, happened: Sequence[Recorded], now: datetime) -> None:
    """Points that are back: because time ended the reward, or staff did. Who gave it back themselves saw it."""
    back = {
        one.payload.redemption: one
        for one in fresh(happened, now)
        if isinstance(one.payload, RewardReturned) and one.payload.points
    }
    made = redemptions.by_ids(conn, shop.id, back) if back else {}
    rows = [
        row(MessageKind.REWARD_RETURNED, one.member_id, subjects.Redemption(key))
        for key, one in back.items()
        if key in made and made[key].ended_by != MEMBER and made[key].kind != FULFILLED
    ]
    tell_now(conn, shop, rows, now)


def instead(conn: Connection, shop: Shop, made: Iterable[Redemption], of: MessageKind, now: datetime) -> None:
    """The email that tells of what these were given for is one that the shop turned off (`of`): the reward's own brings
    them. Nothing does in a programme that sends no emails of that kind anyway."""
    programme = programmes.current(conn, shop.id, now).programme
    if of.goes_with(programme.confirmation):
        about = [(one.member_id, subjects.Redemption(one.id)) for one in made if needs_word(one)]
        tell(conn, shop, programme, [row(MessageKind.REWARD_READY, member, one) for member, one in about], now)


def gifts_untold(conn: Connection, shop: Shop, given: Iterable[Gift], now: datetime) -> None:
    """The same for the rewards of gifts by rules, where emails about gifts are off. What asks somebody back is
    marketing, and is told by no other email."""
    if switched_on(shop.settings, MessageKind.REWARD_GIVEN):
        return
    for one in given:
        reward = str(one.terms.get("reward") or "")
        if reward and one.state == "given" and one.terms.get("mail", True) and one.terms.get("trigger") != "lapsed":
            made = redemptions.by_subjects(conn, shop.id, reward, [one.subject])
            instead(conn, shop, made.values(), MessageKind.REWARD_GIVEN, now)


def needs_word(made: Redemption) -> bool:
    """Whether its member is told by email: not of what staff hand over, who write themselves when it is done, nor of a
    donation, nor of store credit of which Shopify tells."""
    return made.kind not in (FULFILLED, "donation") and not made.terms.get("notify")
