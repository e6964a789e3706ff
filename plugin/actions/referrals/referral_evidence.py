"""What is known of the two people behind a referral, gathered for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from plugin.rules import subjects
from plugin.rules.codes import next_order_code
from plugin.rules.money import minor_digits
from plugin.rules.orders import basis
from plugin.rules.referrals.email_addresses import domain_of
from plugin.rules.referrals.judging import Evidence, FriendsOrder
from plugin.rules.referrals.referral_marks import plain
from plugin.rules.referrals.referral_rules import Referrals
from plugin.rules.types import OrderView
from plugin.rules.worth.paid import is_paid
from plugin.store.members import customer_facts
from plugin.store.members.members import Member
from plugin.store.orders.orders import StoredOrder
from plugin.store.referrals import referral_marks, referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.versions.programmes import Version

ASKED_FOR = timedelta(hours=1)
PLACE_WINDOW, LINK_WINDOW = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """Everything stored that a referral is judged by."""

    referral: Referral
    advocate: Member
    friend: Member | None
    code: Redemption | None
    order: StoredOrder | None
    version: Version

    @property
    def rules(self) -> Referrals:
        """As they were when the friend claimed."""
        return self.version.programme.referrals


def friends_order(conn: Connection, shop: Shop, facts: Facts, now: datetime) -> FriendsOrder | None:
    """The order that used the friend's code, as the rules want it."""
    order = facts.order
    view = order.effective if order else None
    if order is None or view is None:
        return None
    return FriendsOrder(
        stands=not next_order_code.lost(view, deleted=order.deleted),
        paused=order.snapshot is not None and order.snapshot.paused,
        paid=is_paid(view) and not waits_for_customer(conn, shop, facts, now),
        first=_first(conn, shop, order, view),
        enough=_enough(view, facts),
        due_at=view.processed_at + timedelta(days=facts.rules.hold_days),
        test=view.test and not facts.version.programme.basis.test_orders,
        own=_own(facts),
    )


def _own(facts: Facts) -> bool:
    """Whether advocate and friend are one account, from the first or by a merge."""
    buyer = facts.order.member_id if facts.order else None
    return facts.advocate.id == buyer or (facts.friend is not None and facts.friend.id == facts.advocate.id)


def _first(conn: Connection, shop: Shop, order: StoredOrder, view: OrderView) -> bool:
    """Nothing earlier that we know, nor more in Shopify than what we know."""
    if order.member_id is None:
        return True
    if referrals.earlier_orders(conn, shop.id, order.member_id, order.order_id, view.placed_at):
        return False
    customer = view.buyer.customer_id
    known = customer_facts.at_hand(conn, shop.id, [customer] if customer else []).get(customer or 0)
    return known is None or known.orders_count <= referrals.orders_known(conn, shop.id, order.member_id)


def waits_for_customer(conn: Connection, shop: Shop, facts: Facts, now: datetime) -> bool:
    """Whether Shopify has to be asked first how many orders a customer from before the claim has.

    It is asked at once; after an hour it is judged by what we know.
    """
    view = facts.order.view if facts.order else None
    buyer = view.buyer if view else None
    if view is None or buyer is None or buyer.customer_id is None or _own(facts):
        return False
    if not facts.rules.first_order_only:
        return False
    new = buyer.created_at is not None and buyer.created_at >= facts.referral.claimed_at
    if new or now - view.placed_at > ASKED_FOR:
        return False
    if customer_facts.at_hand(conn, shop.id, [buyer.customer_id]):
        return False
    customer_facts.want(conn, shop.id, [buyer.customer_id], now)
    return True


def _enough(view: OrderView, facts: Facts) -> bool:
    """Whether what is kept of the goods still reaches the minimum."""
    rules = facts.version.programme.basis
    rows = basis.eligible(view, rules, basis.exclusions(view, rules, {}, {}))
    kept = sum(row.kept_minor for row in rows)
    least = facts.rules.minimum_order * Decimal(10) ** minor_digits(view.currency)
    return kept > 0 and kept >= int(least)


def evidence(conn: Connection, shop: Shop, facts: Facts) -> Evidence:
    """The signs' raw material: mailboxes, marks, how many claims there were, and who is blocked."""
    found, order = facts.referral, facts.order
    view = order.view if order else None
    claim = referral_marks.of_subject(conn, shop.id, "claim", str(found.id))
    bought = referral_marks.of_subject(conn, shop.id, "order", str(order.order_id)) if order else claim
    shared = set(referral_marks.shared_with(conn, shop.id, facts.advocate.id, [claim, bought]))
    if view is not None and _same_name(facts.advocate, view):
        shared.add("name")
    at, buyer = found.claimed_at, order.member_id if order else None
    emails = {found.friend_key, view.buyer.email if view else ""} - {""}
    names = [subjects.Member(one) for one in (facts.advocate.id, buyer) if one is not None]
    domains = [subjects.Domain(domain_of(email)) for email in emails]
    return Evidence(
        advocate_email=facts.advocate.email,
        claim_email=found.friend_key,
        order_email=view.buyer.email if view else "",
        own_order=_own(facts),
        blocked=bool(referral_marks.blocked(conn, shop.id, map(str, (*names, *domains)))),
        shared=frozenset(shared),
        claims_from_place=referral_marks.claims_from(conn, shop.id, claim.net, at - PLACE_WINDOW, at),
        claims_on_link=referrals.claims_between(conn, shop.id, found.member_id, at - LINK_WINDOW, at),
        minutes_since_joining=int((at - facts.advocate.joined_at).total_seconds() // 60),
    )


def _same_name(advocate: Member, view: OrderView) -> bool:
    theirs = plain(f"{view.buyer.first_name} {view.buyer.last_name}")
    return bool(theirs) and theirs == plain(f"{advocate.first_name} {advocate.last_name}")
