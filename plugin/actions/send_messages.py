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
from plugin.actions.mail_heads import await_code
from plugin.actions.members import second_step
from plugin.actions.members.leave_programme import LEFT
from plugin.actions.orders import confirmation
from plugin.actions.points.expiry_warning import expiry_warning
from plugin.actions.referrals.referral_mails import KINDS as REFERRAL_MAILS
from plugin.actions.referrals.referral_mails import referral_mail
from plugin.actions.rewards.reward_mails import reward_done
from plugin.actions.tiers.tier_mails import KINDS as TIER_MAILS
from plugin.actions.tiers.tier_mails import tier_mail
from plugin.actions.work import Work
from plugin.clients.mail_templates import render
from plugin.errors import LeftOut, NotFound, Refused, Unavailable, UnknownKind, UnknownOutcome
from plugin.observe import mail_outcomes
from plugin.rules.brand import Brand
from plugin.rules.message_kinds import MessageKind, kind_of
from plugin.rules.messages import MailContext
from plugin.store import members, messages, orders
from plugin.store.database.db import shop_transaction
from plugin.store.jobs import Job
from plugin.store.members import Member
from plugin.store.messages import Message
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import NEXT_ORDER
from plugin.store.shops import Shop

NO_ADDRESS = "there is no address to send to"
HAS_LEFT = "the customer has left the programme"
ORDER_MAILS = (MessageKind.ORDER_CONFIRMATION, MessageKind.CODE_READY)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Send the job's message, unless it was sent, or has nobody to go to.

    UnknownKind: it is of a kind that is not in the list; it stays as failed, for all to see.
    """
    message, member = _load(work, shop, int(job.subject))
    if message.state == "sending":
        _move(work, shop, message, "unknown", "sending", "the worker stopped while the mail was handed over")
    if message.state != "queued":
        return
    try:
        kind, reader = kind_of(message.kind), _reader(member)
        if reader.state == LEFT and not kind.about.after_leaving:
            raise LeftOut(HAS_LEFT)
        context = _context(work, shop, kind, message, reader)
    except LeftOut as error:
        _move(work, shop, message, "skipped", "queued", error.message)
    except UnknownKind as error:
        _move(work, shop, message, "failed", "queued", error.message)
        raise
    else:
        _send(work, shop, message, reader, context)


def _load(work: Work, shop: Shop, message_id: int) -> tuple[Message, Member | None]:
    with shop_transaction(work.engine, shop.id) as conn:
        message = messages.get(conn, shop.id, message_id)
        if message is None:
            raise NotFound("this message no longer exists")
        return message, members.get(conn, shop.id, message.member_id)


def _reader(member: Member | None) -> Member:
    """Whom it goes to; LeftOut when there is nobody."""
    if member is None or not member.email or member.state == "erased":
        raise LeftOut(NO_ADDRESS)
    return member


def _context(work: Work, shop: Shop, kind: MessageKind, message: Message, member: Member) -> MailContext:
    """What the mail says, as of now; LeftOut when what it is about no longer stands, or it may not go."""
    with shop_transaction(work.engine, shop.id) as conn:
        if kind is MessageKind.SECOND_STEP:
            context: MailContext | None = second_step.mail(
                conn, shop, member, message, work.clients.settings, work.clock()
            )
        else:
            context = _found(conn, shop, kind, message, member, work.clock())
    if context is None:
        raise LeftOut(kind.about.gone)
    return context


def _found(
    conn: Connection, shop: Shop, kind: MessageKind, message: Message, member: Member, now: datetime
) -> MailContext | None:
    if kind is MessageKind.WELCOME:
        return confirmation.welcome(conn, shop, member, now)
    if kind is MessageKind.POINTS_EXPIRING:
        return expiry_warning(conn, shop, member, message.subject, now)
    if kind is MessageKind.REWARD_GIVEN:
        return reward_given(conn, shop, member, message, now)
    if kind is MessageKind.REWARD_DONE:
        return reward_done(conn, shop, member, message.subject, now)
    if kind in REFERRAL_MAILS:
        return referral_mail(conn, shop, member, message, now)
    if kind in TIER_MAILS:
        return tier_mail(conn, shop, member, message, now)
    if kind in ORDER_MAILS:
        return _of_order(conn, shop, kind, message, member, now)
    raise UnknownKind(f"nothing builds emails of the kind “{kind}”")


def _of_order(
    conn: Connection, shop: Shop, kind: MessageKind, message: Message, member: Member, now: datetime
) -> MailContext | None:
    order = orders.get(conn, shop.id, int(message.subject.partition(":")[2]))
    if order is None or order.effective is None or order.deleted or order.effective.cancelled_at:
        return None
    code = redemptions.by_subjects(conn, shop.id, NEXT_ORDER, [message.subject]).get(message.subject)
    if kind is MessageKind.CODE_READY:
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
