"""Which emails a referral calls for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import tell as inform
from plugin.actions.referrals.referral_evidence import Facts
from plugin.rules import subjects
from plugin.rules.message_kinds import MessageKind
from plugin.rules.referrals.judging import Verdict
from plugin.rules.referrals.news import NEWS
from plugin.rules.referrals.referral_rules import FRIENDS_REWARD
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import messages


def tell(conn: Connection, shop: Shop, facts: Facts, verdict: Verdict, now: datetime) -> None:
    """Write the advocate's mail for a new state down: the order once, each reward and each loss of one.

    Of an end only those hear who had heard of a beginning, and those whose reward is taken back.
    """
    found, kind = facts.referral, NEWS.get(verdict.state)
    if verdict.state == found.state or kind is None or facts.order is None or not facts.advocate.email:
        return
    about, given = subjects.Referral(found.id), found.line + found.gifts
    if kind is MessageKind.REFERRAL_ENDED and not given and not _heard(conn, shop, str(about)):
        return
    if kind is not MessageKind.REFERRAL_ORDERED:
        about = subjects.Referral(found.id, given)
    programme = programmes.current(conn, shop.id, now).programme
    inform(conn, shop, programme, [{"member_id": facts.advocate.id, "kind": kind, "subject": str(about)}], now)


def _heard(conn: Connection, shop: Shop, subject: str) -> bool:
    """Whether the advocate was told of the order, or will be."""
    told = messages.by_subject(conn, shop.id, MessageKind.REFERRAL_ORDERED, subject)
    return told is not None and told.state != "skipped"


def mail_of(redemption: Redemption) -> tuple[MessageKind, str]:
    """Kind and subject of the mail that brings a referral's code: to the friend, or to the advocate the nth one."""
    if redemption.reward == FRIENDS_REWARD:
        return MessageKind.REFERRAL_CODE, redemption.subject
    given = subjects.Referral.parse(redemption.subject)
    return MessageKind.REFERRAL_PAID, str(subjects.Referral(given.referral_id, (given.number or 1) - 1))


def code_of(mail_subject: str) -> str:
    """Of which redemption the advocate's mail about a reward tells, as its subject: the other way round."""
    told = subjects.Referral.parse(mail_subject)
    number = (told.number or 0) + 1
    return str(subjects.Referral(told.referral_id, number if number > 1 else None))
