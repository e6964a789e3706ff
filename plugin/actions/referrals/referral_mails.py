"""Which mails a referral calls for, and what they say as of when they are sent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from plugin.actions.mail_heads import account, await_code, head
from plugin.actions.referrals.claim_referral import FRIENDS_MAIL
from plugin.actions.referrals.referral_evidence import Facts
from plugin.actions.tell_members import tell as inform
from plugin.errors import NotFound
from plugin.rules import subjects
from plugin.rules.messages import CodeOffer
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.referrals.advocate_name import shown_name
from plugin.rules.referrals.judging import Verdict
from plugin.rules.referrals.referral_mails import AdvocateContext, FriendsCodeContext
from plugin.rules.referrals.referral_rules import FRIENDS_REWARD
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.referrals import referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import messages
from plugin.store.work.messages import Message

ORDERED, PAID, ENDED = "referral_ordered", "referral_paid", "referral_ended"
KINDS = (FRIENDS_MAIL, ORDERED, PAID, ENDED)
_TELLS = {"approved": ORDERED, "held": ORDERED, "paid": PAID, "refused": ENDED, "reversed": ENDED}


def tell(conn: Connection, shop: Shop, facts: Facts, verdict: Verdict, now: datetime) -> None:
    """Write the advocate's mail for a new state down: the order once, each reward and each loss of one.

    Of an end only those hear who had heard of a beginning, and those whose reward is taken back.
    """
    found, kind = facts.referral, _TELLS.get(verdict.state)
    if verdict.state == found.state or kind is None or facts.order is None or not facts.advocate.email:
        return
    about, given = subjects.Referral(found.id), found.line + found.gifts
    if kind == ENDED and not given and not _heard(conn, shop, str(about)):
        return
    if kind != ORDERED:
        about = subjects.Referral(found.id, given)
    programme = programmes.current(conn, shop.id, now).programme
    inform(conn, shop, programme, [{"member_id": facts.advocate.id, "kind": kind, "subject": str(about)}], now)


def _heard(conn: Connection, shop: Shop, subject: str) -> bool:
    """Whether the advocate was told of the order, or will be."""
    told = messages.by_subject(conn, shop.id, ORDERED, subject)
    return told is not None and told.state != "skipped"


def referral_mail(
    conn: Connection, shop: Shop, member: Member, message: Message, now: datetime
) -> FriendsCodeContext | AdvocateContext | None:
    """What the message says; None when it is no longer so. NotYet, NotFound: its code is not made, as `_await`."""
    found = referrals.get(conn, shop.id, subjects.Referral.parse(message.subject).referral_id)
    if found is None:
        return None
    if message.kind == FRIENDS_MAIL:
        return _friends(conn, shop, member, message, found, now)
    return _advocates(conn, shop, member, message, found, now)


def mail_of(redemption: Redemption) -> tuple[str, str]:
    """Kind and subject of the mail that brings a referral's code: to the friend, or to the advocate the nth one."""
    if redemption.reward == FRIENDS_REWARD:
        return FRIENDS_MAIL, redemption.subject
    given = subjects.Referral.parse(redemption.subject)
    return PAID, str(subjects.Referral(given.referral_id, (given.number or 1) - 1))


def _await(message: Message, now: datetime) -> None:
    """Such a mail is nothing without its code: given up after a while, it is sent once the code is made after all."""
    await_code(message, now)
    raise NotFound("the code of this mail was not made; it goes when it is")


def _friends(
    conn: Connection, shop: Shop, member: Member, message: Message, found: Referral, now: datetime
) -> FriendsCodeContext | None:
    code = redemptions.get(conn, shop.id, found.redemption_id) if found.redemption_id else None
    if code is None or code.state != "reserved":
        return None
    if code.code_state == "wanted":
        _await(message, now)
    if code.code_state != "created":
        return None
    advocate = members.get(conn, shop.id, found.member_id)
    least = to_minor(code.terms.get("minimum_order") or 0, minor_digits(str(code.terms["currency"])))
    return FriendsCodeContext(
        **head(shop, member, message.locale),
        points_name=programmes.current(conn, shop.id, now).programme.points_name,
        advocate=shown_name(advocate.first_name) if advocate else "",
        code=code.code,
        offer=_offer(code),
        minimum_minor=least,
        valid_until=shop.last_day(code.expires_at) if code.expires_at else None,
    )


def _offer(code: Redemption) -> CodeOffer | None:
    if code.kind == "free_shipping":
        return None
    value, digits = code.terms["value"], minor_digits(str(code.terms["currency"]))
    if code.kind == "percent_off":
        return CodeOffer(code.code, percent_off=Decimal(str(value)))
    return CodeOffer(code.code, amount_off_minor=to_minor(value, digits))


def _advocates(
    conn: Connection, shop: Shop, member: Member, message: Message, found: Referral, now: datetime
) -> AdvocateContext | None:
    if _TELLS.get(found.state) != message.kind:
        return None
    version = programmes.versions(conn, shop.id)[found.version - 1].programme
    gift = redemptions.get(conn, shop.id, found.gift_id) if found.gift_id else None
    if gift is not None and message.kind == PAID and gift.code_state == "wanted":
        _await(message, now)
    return AdvocateContext(
        **head(shop, member, message.locale),
        points_name=version.points_name,
        points=version.referrals.advocate.points if version.referrals.advocate.kind == "points" else 0,
        code=gift.code if gift else "",
        due_on=shop.day(found.due_at) if found.due_at and message.kind == ORDERED else None,
        ended=found.state if found.state == "refused" or found.state == "reversed" else "",
        taken_back=message.kind == ENDED and (found.line > 0 or _code_gone(gift)),
        account_url=account(shop),
    )


def _code_gone(gift: Redemption | None) -> bool:
    return gift is not None and gift.state != "captured"
