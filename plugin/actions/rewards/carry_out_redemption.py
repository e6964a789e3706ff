"""Make what is behind a redemption exist in the shop, or take it back: each kind by its own file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from plugin.actions.codes import discount_codes
from plugin.actions.rewards import gift_cards, store_credit
from plugin.actions.work.work import Work
from plugin.errors import NotFound
from plugin.rules import reach
from plugin.rules.reach import NOT_LAUNCHED, Surface
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

Effect = Callable[[Work, Shop, Redemption, Member], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """How one kind of reward comes about, and how it is taken back. Both may run twice."""

    create: Effect
    take_back: Effect


DISCOUNT: Final = Ways(discount_codes.create, discount_codes.take_back)
_CREDIT: Final = Ways(store_credit.create, store_credit.take_back)
WAYS: Final[Mapping[str, Ways]] = {
    "gift_card": Ways(gift_cards.create, gift_cards.take_back),
    "store_credit": _CREDIT,
    "store_credit_slider": _CREDIT,
}
"""By kind of reward; every other is a discount code."""


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Bring the shop to what the redemption wants: the code, card or credit there, or taken back.

    What a test member redeemed who is none any more, before the launch, is not made: the points go back.
    """
    with shop_transaction(work.engine, shop.id) as conn:
        redemption = redemptions.get(conn, shop.id, job.number)
        member = members.get(conn, shop.id, redemption.member_id) if redemption else None
    if redemption is None or member is None:
        raise NotFound("This redemption no longer exists")
    ways = WAYS.get(redemption.kind, DISCOUNT) if redemption.is_reward else DISCOUNT
    if redemption.code_state == "wanted":
        verdict = reach.ask(shop.launch, member.person, Surface.CODE)
        if verdict.reaches:
            ways.create(work, shop, redemption, member)
        elif verdict.before_launch:
            _not_made(work, shop, redemption, member, ways)
    elif redemption.code_state == "unwanted":
        ways.take_back(work, shop, redemption, member)


def _not_made(work: Work, shop: Shop, redemption: Redemption, member: Member, ways: Ways) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        reward_uses.want_back(conn, shop.id, redemption.id, NOT_LAUNCHED, "suki")
        found = redemptions.get(conn, shop.id, redemption.id)
    if found is not None and found.code_state == "unwanted":
        ways.take_back(work, shop, found, member)
