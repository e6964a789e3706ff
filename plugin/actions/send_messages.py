"""Send one message, once, whatever happens.

The message is marked as being handed over just before the server gets the last byte, and as sent after
it answered. A crash in between leaves it `sending`; whoever finds it so marks it `unknown` and never
sends it again by itself: staff decide. Source of the limit: SMTP has no way to ask (RFC 5321, 4.5.4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.gifts.gift_mail import reward_given
from plugin.actions.gifts.hand_out import REWARD_GIVEN
from plugin.actions.mail_heads import await_code
from plugin.actions.members import second_step
from plugin.actions.members.leave_programme import LEFT
from plugin.actions.members.merge_members import WELCOME
from plugin.actions.members.second_step import SECOND_STEP
from plugin.actions.orders import confirmation
from plugin.actions.orders.order_effects import CODE_READY, CONFIRMATION
from plugin.actions.points.expire_points import POINTS_EXPIRING
from plugin.actions.points.expiry_warning import expiry_warning
from plugin.actions.referrals.claim_referral import FRIENDS_MAIL
from plugin.actions.referrals.referral_mails import ENDED, ORDERED, PAID, referral_mail
from plugin.actions.referrals.referral_mails import KINDS as REFERRAL_MAILS
from plugin.actions.rewards.fulfil_rewards import REWARD_DONE
from plugin.actions.rewards.reward_mails import reward_done
from plugin.actions.tiers.place_members import TIER_ENDING, TIER_REACHED
from plugin.actions.tiers.tier_mails import KINDS as TIER_MAILS
from plugin.actions.tiers.tier_mails import tier_mail
from plugin.actions.work.work import Work
from plugin.clients.mail_templates import render
from plugin.errors import LeftOut, NotFound, Refused, Unavailable, UnknownOutcome
from plugin.observe import mail_outcomes
from plugin.rules import subjects
from plugin.rules.brand import Brand
from plugin.rules.messages import MailContext
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import NEXT_ORDER
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.jobs import Job
from plugin.store.work.messages import Message

NO_ADDRESS = "there is no address to send to"
HAS_LEFT = "the customer has left the programme"
_GONE = {
    WELCOME: "the welcome points were taken back",
    POINTS_EXPIRING: "these points were spent, or no longer end then",
    REWARD_GIVEN: "the gift was taken back",
    REWARD_DONE: "it was neither done nor cancelled",
    FRIENDS_MAIL: "the code was used or taken back before",
    ORDERED: "the referral went on before the mail went",
    PAID: "the reward was taken back before the mail went",
    ENDED: "the referral counted after all",
    TIER_REACHED: "the member has left the tier again",
    TIER_ENDING: "the member keeps the tier after all",
    CODE_READY: "the code was used or taken back before",
    SECOND_STEP: "the link was used, or its time was over",
    CONFIRMATION: "the order was cancelled or deleted",
}
"""Why a mail is left out that has nothing to say any more."""


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Send the job's message, unless it was sent, or has nobody to go to."""
    message, member = _load(work, shop, job.number)
    if message.state == "sending":
        _move(work, shop, message, "unknown", "sending", "the worker stopped while the mail was handed over")
    if message.state != "queued":
        return
    if member is None or not member.email or member.state == "erased":
        _move(work, shop, message, "skipped", "queued", NO_ADDRESS)
        return
    if member.state == LEFT and message.kind != SECOND_STEP:
        _move(work, shop, message, "skipped", "queued", HAS_LEFT)
        return
    try:
        context = _context(work, shop, message, member)
    except LeftOut as error:
        _move(work, shop, message, "skipped", "queued", error.message)
        return
    _send(work, shop, message, member, context)


def _load(work: Work, shop: Shop, message_id: int) -> tuple[Message, Member | None]:
    with shop_transaction(work.engine, shop.id) as conn:
        message = messages.get(conn, shop.id, message_id)
        if message is None:
            raise NotFound("this message no longer exists")
        return message, members.get(conn, shop.id, message.member_id)


def _context(work: Work, shop: Shop, message: Message, member: Member) -> MailContext:
    """What the mail says, as of now; LeftOut when what it is about no longer stands, or it may not go."""
    with shop_transaction(work.engine, shop.id) as conn:
        if message.kind == SECOND_STEP:
            context: MailContext | None = second_step.mail(
                conn, shop, member, message, work.clients.settings, work.clock()
            )
        else:
            context = _found(conn, shop, message, member, work.clock())
    if context is None:
        raise LeftOut(_GONE.get(message.kind, "what it was about no longer stands"))
    return context


def _found(conn: Connection, shop: Shop, message: Message, member: Member, now: datetime) -> MailContext | None:
    if message.kind == WELCOME:
        return confirmation.welcome(conn, shop, member, now)
    if message.kind == POINTS_EXPIRING:
        return expiry_warning(conn, shop, member, message.subject, now)
    if message.kind == REWARD_GIVEN:
        return reward_given(conn, shop, member, message, now)
    if message.kind == REWARD_DONE:
        return reward_done(conn, shop, member, message.subject, now)
    if message.kind in REFERRAL_MAILS:
        return referral_mail(conn, shop, member, message, now)
    if message.kind in TIER_MAILS:
        return tier_mail(conn, shop, member, message, now)
    order = orders.get(conn, shop.id, subjects.Order.parse(message.subject).order_id)
    if order is None or order.effective is None or order.deleted or order.effective.cancelled_at:
        return None
    code = redemptions.by_subjects(conn, shop.id, NEXT_ORDER, [message.subject]).get(message.subject)
    if message.kind == CODE_READY:
        return confirmation.code_ready(shop, member, order.effective, code)
    if code is not None and code.code_state == "wanted":
        await_code(message, now)
    return confirmation.order_confirmation(conn, shop, member, order, code, now)


def _send(work: Work, shop: Shop, message: Message, member: Member, context: MailContext) -> None:
    mail = render(message.kind, context, _brand(shop))

    def before_handover() -> None:
        if not _move(work, shop, message, "sending", "queued", subject=mail.subject):
            raise Refused("the message was taken back while it was being sent")

    try:
        work.mailer.send(mail, member.email, message_id(shop, message), before_handover)
    except UnknownOutcome as error:
        _move(work, shop, message, "unknown", "sending", error.message)
    except Unavailable:
        _move(work, shop, message, "queued", "sending")
        raise
    except Refused as error:
        for state in ("queued", "sending"):
            _move(work, shop, message, "failed", state, error.message)
    else:
        _move(work, shop, message, "sent", "sending")


def _brand(shop: Shop) -> Brand:
    return replace(Brand(sender_name=shop.name), **dict(shop.brand)) if shop.brand else Brand(sender_name=shop.name)


def message_id(shop: Shop, message: Message) -> str:
    """The Message-ID: the same for every try, so that a mail server that looks can drop a repeat."""
    return f"<suki.{shop.id}.{message.id}@{shop.domain}>"


def _move(
    work: Work, shop: Shop, message: Message, state: str, expected: str, error: str = "", *, subject: str = ""
) -> bool:
    with shop_transaction(work.engine, shop.id) as conn:
        moved = messages.move_to(
            conn, shop.id, message.id, state, work.clock(), expected=expected, error=error, subject=subject
        )
    if moved:
        mail_outcomes.labels(message.kind, state).inc()
    return moved
