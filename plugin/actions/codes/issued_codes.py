"""What is behind a redemption exists in the shop now: what it is known by, and what follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import send, write
from plugin.actions.referrals import tell_advocate
from plugin.actions.work.work import Work
from plugin.rules.message_kinds import MessageKind
from plugin.rules.referrals.referral_rules import ADVOCATES_REWARD, FRIENDS_REWARD
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.seal import Seal, of_redemption
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.messages import Message


def tag_of(shop: Shop, redemption_id: int) -> str:
    """How a discount or a gift card in the shop says whose it is."""
    return f"suki-redemption-{shop.id}-{redemption_id}"


def secret_of(settings: Settings, shop_id: int, redemption: Redemption) -> str:
    """A code that only its owner may read, a gift card's or a partner's; empty where there is none.

    Unreadable: there is one, and no key to it.
    """
    if redemption.secret is None:
        return ""
    where = of_redemption(shop_id, redemption.id)
    return Seal.of(settings).open(bytes(redemption.secret), where).decode()


def record_issued(work: Work, shop: Shop, redemption: Redemption, gid: str) -> None:
    """It exists in the shop: note it, show it, and send the mail that waited for it."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        redemptions.issued(conn, shop.id, redemption.id, gid, now)
        jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [redemption.member_id], now)
        waits = messages.by_subject(conn, shop.id, *_mail_of(redemption))
        if waits is None:
            return
        if waits.state == "queued":
            jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, [waits.id], now)
        elif waits.state == "sent" and not redemption.is_reward:
            _send_after_all(conn, shop, waits, now)


def _mail_of(redemption: Redemption) -> tuple[MessageKind, str]:
    """Kind and subject of the mail that says of it, if there is one."""
    if redemption.reward in (FRIENDS_REWARD, ADVOCATES_REWARD):
        return tell_advocate.mail_of(redemption)
    kind = MessageKind.REWARD_GIVEN if redemption.is_reward else MessageKind.ORDER_CONFIRMATION
    return kind, redemption.subject


def _send_after_all(conn: Connection, shop: Shop, confirmation: Message, now: datetime) -> None:
    """The confirmation went without the code: a mail of its own brings it."""
    row = {
        "shop_id": shop.id,
        "member_id": confirmation.member_id,
        "kind": MessageKind.CODE_READY,
        "subject": confirmation.subject,
        "locale": confirmation.locale,
        "cause": confirmation.cause,
    }
    send(conn, shop, write(conn, shop, [row], now), now)
