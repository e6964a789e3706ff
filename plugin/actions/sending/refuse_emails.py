"""Members say which emails they want: by one click in an email, or on their page.

Whoever ends promotional emails has also taken back their consent to marketing: that is written to Shopify, where the
shop's other senders look. Doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import PROMOTIONAL
from plugin.rules.sending.wishes import OPTIONAL, REFUSABLE, refused_by_a_click
from plugin.rules.types import SUBSCRIBED, UNSUBSCRIBED
from plugin.store.members import customer_facts, members, wishes
from plugin.store.members.members import Member
from plugin.store.sending import optouts
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a member's page says: the kinds that they want, whether offers and news, and in which language."""

    kinds: Collection[MessageKind]
    promotions: bool
    language: str = ""


def by_one_click(conn: Connection, shop: Shop, member: Member, kind: MessageKind, now: datetime) -> None:
    """They clicked "Unsubscribe" in an email of this kind."""
    _refuse(conn, shop, member, refused_by_a_click(kind), "click", now)


def end_all(conn: Connection, shop: Shop, member: Member, now: datetime, by: str = "page") -> None:
    """They want nothing of the programme, and no offers; what they ask for themselves still goes."""
    wishes.want_emails(conn, shop.id, member.id, wants=False)
    _refuse(conn, shop, member, [PROMOTIONAL], by, now)


def choose(conn: Connection, shop: Shop, member: Member, wanted: Wishes, now: datetime) -> None:
    """They saved their page: what it offered and they left off is refused, everything else is wanted.

    Who is known never to have subscribed and leaves offers off has refused nothing, and nothing is written to Shopify.
    """
    if any(kind in wanted.kinds for kind in OPTIONAL):
        wishes.want_emails(conn, shop.id, member.id, wants=True)
    optouts.want(conn, shop.id, member.id, [kind for kind in REFUSABLE if kind in wanted.kinds])
    _refuse(conn, shop, member, [kind for kind in REFUSABLE if kind not in wanted.kinds], "page", now)
    consent = consent_of(conn, shop.id, member)
    if not wanted.promotions and consent in (SUBSCRIBED, ""):
        _refuse(conn, shop, member, [PROMOTIONAL], "page", now)
    if wanted.promotions and (optouts.want(conn, shop.id, member.id, [PROMOTIONAL]) or consent != SUBSCRIBED):
        _tell_shopify(conn, shop, member, SUBSCRIBED, now)
    wishes.choose_language(conn, shop.id, member.id, wanted.language)


def consent_of(conn: Connection, shop_id: int, member: Member) -> str:
    """What Shopify said last of their consent to marketing emails; empty where we don't know."""
    if member.customer_id is None:
        return ""
    facts = customer_facts.at_hand(conn, shop_id, [member.customer_id]).get(member.customer_id)
    return facts.email_consent if facts is not None else ""


def _refuse(conn: Connection, shop: Shop, member: Member, kinds: Collection[str], by: str, now: datetime) -> None:
    new = optouts.refuse(conn, shop.id, member.id, kinds, by, now)
    if PROMOTIONAL in new:
        _tell_shopify(conn, shop, member, UNSUBSCRIBED, now)


def _tell_shopify(conn: Connection, shop: Shop, member: Member, consent: str, now: datetime) -> None:
    """Guests have no customer there: what they refuse is kept here alone."""
    if member.customer_id is None:
        return
    customer_facts.change_consent(conn, shop.id, member.customer_id, consent, now)
    payload = {"consent": consent, "at": now.isoformat()}
    jobs.queue(conn, shop.id, JobKind.WRITE_CONSENT, [member.id], now, payload)


def complained(conn: Connection, shop: Shop, member: Member, now: datetime) -> None:
    """They called an email of ours spam: no offers from now on."""
    _refuse(conn, shop, member, [PROMOTIONAL], "complaint", now)


def consent_told(conn: Connection, shop: Shop, customer_id: int, consent: str, at: datetime) -> None:
    """A webhook says since when a customer is subscribed: after they unsubscribed here, the later word counts.

    What is found when the customer is fetched says nothing of that: it may be from before our own word arrived.
    """
    if consent != SUBSCRIBED:
        return
    found = members.by_customers(conn, shop.id, [customer_id]).get(customer_id)
    if found is not None:
        optouts.want(conn, shop.id, found.id, [PROMOTIONAL], before=at)
