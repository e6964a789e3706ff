"""A reward was redeemed or came back: its member is told, unless they see it happen themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.news import fresh, row, tell_now
from plugin.actions.members.tell_members import tell
from plugin.rules import subjects
from plugin.rules.events import Recorded, RewardReturned
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop

MEMBER: Final = "shopper"
FULFILLED: Final = "custom"
"""A kind of reward that staff fulfil, with an email of its own when it is done or could not be."""


def redeemed(conn: Connection, shop: Shop, programme: Programme, made: Redemption, now: datetime) -> None:
    """The code of what points bought; what has none needs no email. In the transaction that books it, for many members
    redeem at the same time."""
    if brings_code(made):
        about = subjects.Redemption(made.id)
        tell(conn, shop, programme, [row(MessageKind.REWARD_READY, made.member_id, about)], now)


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


def brings_code(made: Redemption) -> bool:
    """Whether the member needs a code to use it: of a discount, or one that the shop imported."""
    return made.kind == "pool_code" or not made.is_reference
