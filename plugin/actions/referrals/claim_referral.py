"""An advocate gets a link; a friend claims it and gets a code of their own."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.gifts.give_reward import give_reward
from plugin.actions.members import add_members
from plugin.actions.members.tell_members import send, write
from plugin.actions.record_event import record
from plugin.errors import Denied, NotFound
from plugin.rules import reach, subjects
from plugin.rules.events import Event, ReferralClaimed
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names import turns
from plugin.rules.reach import Surface
from plugin.rules.referrals.email_addresses import domain_of, mailbox, well_formed
from plugin.rules.referrals.referral_marks import Marks
from plugin.rules.referrals.referral_rules import FRIENDS_REWARD, Referrals
from plugin.rules.types import Buyer, Reason
from plugin.store.database.turns import take_turn
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.referrals import referral_marks, referrals
from plugin.store.referrals.referrals import Link, Referral
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

FRIENDS_NAME = "A welcome from a friend"
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
_LENGTH, _TRIES = 9, 5
LATE = timedelta(days=1)
"""After its last day a code may still be named by an order that is heard of late."""


@dataclass(frozen=True)
class Claim:
    """A claim, and the friend's code behind it."""

    referral: Referral
    code: Redemption | None


@dataclass(frozen=True)
class Invitation:
    """A link that can be claimed: whose it is, and the rules that hold now."""

    link: Link
    advocate: Member
    version: Version

    @property
    def rules(self) -> Referrals:
        """What is offered."""
        return self.version.programme.referrals


def link_for(conn: Connection, shop: Shop, member: Member, now: datetime) -> Link | None:
    """The member's own link, made where there is none; None where referrals are off or closed to them."""
    if not may_invite(conn, shop, member, now):
        return None
    found = referrals.link_of(conn, shop.id, member.id)
    for attempt in range(_TRIES):
        if found is not None:
            break
        if referrals.add_link(conn, shop.id, member.id, _word(shop, member.id, attempt), now):
            found = referrals.link_of(conn, shop.id, member.id)
    return found


def links_for(conn: Connection, shop: Shop, people: Iterable[Member], now: datetime) -> set[int]:
    """Have links made for those of many members who may invite and have none; answers who has one."""
    if not programmes.current(conn, shop.id, now).programme.referrals.enabled:
        return set()
    able = {str(subjects.Member(one.id)): one.id for one in people if one.state == "member" and _reaches(shop, one)}
    blocked = referral_marks.blocked(conn, shop.id, list(able))
    wanted = {member: _word(shop, member, 0) for subject, member in able.items() if subject not in blocked}
    referrals.add_links(conn, shop.id, wanted, now)
    return set(referrals.words_of(conn, shop.id, wanted))


def may_invite(conn: Connection, shop: Shop, member: Member, now: datetime) -> bool:
    """Whether the member can have a link: referrals are on, and not closed to them."""
    version = programmes.at(programmes.versions(conn, shop.id), now)
    open_to_them = version.programme.referrals.enabled and member.state == "member" and _reaches(shop, member)
    return open_to_them and not _blocked(conn, shop, member)


def _reaches(shop: Shop, member: Member) -> bool:
    return reach.ask(shop.launch, member.person, Surface.REFERRAL).reaches


def _word(shop: Shop, member_id: int, attempt: int) -> str:
    """A word that nobody guesses from the member's number; 44 bits."""
    said = f"link|{member_id}|{attempt}"
    digest = int.from_bytes(hmac.digest(shop.code_salt.encode(), said.encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(_LENGTH):
        digest, letter = divmod(digest, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)


def _blocked(conn: Connection, shop: Shop, member: Member) -> bool:
    return bool(referral_marks.blocked(conn, shop.id, [str(subjects.Member(member.id))]))


def invitation(conn: Connection, shop: Shop, word: str, now: datetime) -> Invitation:
    """The offer behind a link. NotFound: no such link here, or it no longer works."""
    version = programmes.at(programmes.versions(conn, shop.id), now)
    link = referrals.link_by_word(conn, shop.id, word)
    advocate = members.get(conn, shop.id, link.member_id) if link else None
    if advocate is not None and advocate.merged_into is not None:
        advocate = members.get(conn, shop.id, advocate.merged_into)
    if link is None or advocate is None or not may_invite(conn, shop, advocate, now):
        raise NotFound("This invitation no longer works.")
    return Invitation(link, advocate, version)


def claim(
    conn: Connection,
    shop: Shop,
    word: str,
    email: str,
    marks: Marks,
    customer_id: int | None,
    locale: str,
    now: datetime,
) -> Claim:
    """The friend's claim with a code on its way. NotFound: no such link. Denied: why not, explained.

    A link's claims are counted one after the other; both people are locked, so that neither is merged meanwhile.
    """
    take_turn(conn, shop.id, str(turns.ClaimsOfLink(word.lower())))
    invited = invitation(conn, shop, word, now)
    email = email.strip()
    if why := _refusal(conn, shop, invited, email, customer_id, now):
        raise Denied("The invitation cannot be claimed.", why.code, why.values)
    friend = _friend(conn, shop, email, locale, now)
    people = members.lock_kept(conn, shop.id, [invited.advocate.id, friend.id])
    invited, friend = replace(invited, advocate=people[invited.advocate.id]), people[friend.id]
    if why := _friends_refusal(conn, shop, invited, friend):
        raise Denied("The invitation cannot be claimed.", why.code, why.values)
    number = _write_down(conn, shop, invited, friend, email, now)
    code = _give(conn, shop, invited.rules, friend, number, now)
    referrals.change(conn, shop.id, number, {"redemption_id": code.id}, now)
    claimed = ReferralClaimed(number, friend.id)
    record(conn, shop.id, [Event(claimed, str(subjects.Referral(number)), invited.advocate.id)], now)
    referral_marks.note(conn, shop.id, "claim", {str(number): (None, marks)}, now)
    _mail(conn, shop, friend, number, locale, now)
    if code.expires_at is not None:
        jobs.queue(conn, shop.id, JobKind.REFERRAL, [number], code.expires_at + LATE)
    made = referrals.get(conn, shop.id, number)
    assert made is not None
    return Claim(made, code)


def _refusal(
    conn: Connection, shop: Shop, invited: Invitation, email: str, customer_id: int | None, now: datetime
) -> Reason | None:
    if not well_formed(email):
        return Reason("email_malformed")
    own = customer_id is not None and customer_id == invited.advocate.customer_id
    if own or mailbox(email) == mailbox(invited.advocate.email):
        return Reason("own_link")
    if referral_marks.blocked(conn, shop.id, [str(subjects.Domain(domain_of(email)))]):
        return Reason("claim_blocked")
    if referrals.of_friend_key(conn, shop.id, mailbox(email)) is not None:
        return Reason("claimed_before")
    since = _midnight(shop, now)
    if referrals.claims_between(conn, shop.id, invited.advocate.id, since) >= invited.rules.claims_per_day:
        return Reason("link_full_today")
    return None


def _midnight(shop: Shop, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(shop.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _friend(conn: Connection, shop: Shop, email: str, locale: str, now: datetime) -> Member:
    """Who has this address: a customer, a guest, or from now on a guest."""
    key = email_key(email)
    known = members.guests_by_email(conn, shop.id, [key]) | members.by_proved_email(conn, shop.id, [key])
    if key not in known:
        buyer = Buyer(email=email, locale=locale)
        add_members.add(conn, shop.id, [buyer], {buyer: now}, now, source="invited")
        known = members.guests_by_email(conn, shop.id, [key])
    return known[key]


def _friends_refusal(conn: Connection, shop: Shop, invited: Invitation, friend: Member) -> Reason | None:
    if friend.id == invited.advocate.id:
        return Reason("own_link")
    if not _reaches(shop, friend):
        return Reason("claimed_before")
    if invited.rules.first_order_only and referrals.has_ordered(conn, shop.id, friend.id):
        return Reason("claimed_before")  # the same words: a stranger learns nothing about who buys here
    return None


def _write_down(conn: Connection, shop: Shop, invited: Invitation, friend: Member, email: str, now: datetime) -> int:
    number = referrals.add(
        conn,
        shop.id,
        {
            "member_id": invited.advocate.id,
            "friend_id": friend.id,
            "friend_key": mailbox(email),
            "version": invited.version.number,
            "claimed_at": now,
            "changed_at": now,
        },
    )
    if number is None:
        raise Denied("The invitation cannot be claimed.", "claimed_before")
    return number


def _give(conn: Connection, shop: Shop, rules: Referrals, friend: Member, number: int, now: datetime) -> Redemption:
    reward = rules.friend.as_reward(FRIENDS_REWARD, FRIENDS_NAME, rules.minimum_order)
    why = Reason("referral_friend")
    return give_reward(conn, shop, friend.id, reward, str(subjects.Referral(number)), why, "suki", now)


def _mail(conn: Connection, shop: Shop, friend: Member, number: int, locale: str, now: datetime) -> None:
    row = {
        "shop_id": shop.id,
        "member_id": friend.id,
        "kind": MessageKind.REFERRAL_CODE,
        "subject": str(subjects.Referral(number)),
        "locale": locale[:20],
    }
    send(conn, shop, write(conn, shop, [row], now), now)
