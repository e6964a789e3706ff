"""A code exists: the email that brings it goes now, or another in its place where the shop turned that one off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails import tell_of_rewards
from plugin.actions.members.tell_members import send, write
from plugin.actions.referrals import tell_advocate
from plugin.rules import subjects
from plugin.rules.emails import kind_settings
from plugin.rules.message_kinds import KIND_OFF, MessageKind
from plugin.rules.referrals.referral_rules import ADVOCATES_REWARD, FRIENDS_REWARD
from plugin.store.gifts import gifts
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import NEXT_ORDER, Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.messages import Message

BRING_CODES: Final = (MessageKind.ORDER_CONFIRMATION, MessageKind.REWARD_GIVEN, MessageKind.REFERRAL_PAID)
"""Emails that may be the only word of a code, and that a shop can turn off."""


def issued(conn: Connection, shop: Shop, made: Redemption, now: datetime) -> None:
    """What is behind a redemption exists now: send the email that waited for it, or the one that takes its place."""
    kind, subject = _mail_of(made)
    told = messages.by_subject(conn, shop.id, kind, subject)
    if told is None and made.is_reward:
        if made.reward == ADVOCATES_REWARD and _off(shop, kind):
            tell_of_rewards.instead(conn, shop, [made], kind, now)
        kind = MessageKind.REWARD_READY
        told = messages.by_subject(conn, shop.id, kind, str(subjects.Redemption(made.id)))
    if told is not None and told.state == "queued":
        due = told.created_at + kind_settings.wait(shop.settings, kind)
        jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, [told.id], max(now, due))
    elif not made.is_reward and _went_without(conn, shop, told, now):
        _send_code(conn, shop, [made], now)


def confirmed(conn: Connection, shop: Shop, orders: Iterable[str], now: datetime) -> None:
    """These orders (as subjects) would be confirmed, if the shop had not turned that email off: their codes that exist
    already are told by an email of their own."""
    if _off(shop, MessageKind.ORDER_CONFIRMATION):
        _send_code(conn, shop, redemptions.by_subjects(conn, shop.id, NEXT_ORDER, orders).values(), now)


def left_out(conn: Connection, shop: Shop, skipped: Mapping[int, Message], now: datetime) -> None:
    """What waited when the shop turned its kind off is not sent: what it was to bring is told in its place."""
    of = {kind: [one for one in skipped.values() if one.kind == kind] for kind in BRING_CODES}
    confirmed(conn, shop, [one.subject for one in of[MessageKind.ORDER_CONFIRMATION]], now)
    given = [subjects.Gift.parse(one.subject).gift_id for one in of[MessageKind.REWARD_GIVEN]]
    tell_of_rewards.gifts_untold(conn, shop, gifts.by_ids(conn, shop.id, given) if given else [], now)
    for one in of[MessageKind.REFERRAL_PAID]:
        made = redemptions.by_subjects(conn, shop.id, ADVOCATES_REWARD, [tell_advocate.code_of(one.subject)])
        tell_of_rewards.instead(conn, shop, list(made.values()), MessageKind.REFERRAL_PAID, now)


def _off(shop: Shop, kind: MessageKind) -> bool:
    return not kind_settings.switched_on(shop.settings, kind)


def _went_without(conn: Connection, shop: Shop, confirmation: Message | None, now: datetime) -> bool:
    """Whether the order's confirmation went before its code was there, or does not go because the shop turned it off.
    Where Shopify confirms orders, or nobody, codes are not told by us."""
    if confirmation is not None:
        return confirmation.state == "sent" or confirmation.last_error == KIND_OFF
    programme = programmes.current(conn, shop.id, now).programme
    ours = MessageKind.ORDER_CONFIRMATION.goes_with(programme.confirmation)
    return ours and _off(shop, MessageKind.ORDER_CONFIRMATION)


def _send_code(conn: Connection, shop: Shop, made: Iterable[Redemption], now: datetime) -> None:
    """A mail of its own brings each code that exists."""
    there = redemptions.by_ids(conn, shop.id, [one.id for one in made]).values()
    rows = [
        {"member_id": one.member_id, "kind": MessageKind.CODE_READY, "subject": one.subject, "cause": one.subject}
        for one in there
        if one.state == "reserved" and one.code_state == "created"
    ]
    send(conn, shop, write(conn, shop, rows, now), now)


def _mail_of(made: Redemption) -> tuple[MessageKind, str]:
    """Kind and subject of the mail that says of it, if there is one."""
    if made.reward in (FRIENDS_REWARD, ADVOCATES_REWARD):
        return tell_advocate.mail_of(made)
    kind = MessageKind.REWARD_GIVEN if made.is_reward else MessageKind.ORDER_CONFIRMATION
    return kind, made.subject
