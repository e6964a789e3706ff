"""Two members become one: the ledger moves by counter-entries, everything else follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.gifts import reach_milestones
from plugin.actions.members import add_members
from plugin.actions.orders import allowances
from plugin.actions.points import write_points
from plugin.actions.record_event import record
from plugin.actions.reports import keep_facts
from plugin.actions.rewards import send_credits
from plugin.actions.tiers import watch_tiers
from plugin.rules import subjects
from plugin.rules.activities.judging import NOT_TWICE_WITHIN
from plugin.rules.events import Event, MemberMerged
from plugin.rules.points.expiry import Held
from plugin.rules.subjects import Welcome
from plugin.rules.types import Buyer
from plugin.store.activities import activities
from plugin.store.emails import checkouts_left
from plugin.store.members import customer_facts, member_origins, members, profiles, wishes
from plugin.store.orders import orders
from plugin.store.points import expiry
from plugin.store.points.ledger import Entry, Ledger, sum_of
from plugin.store.points.of_person import sum_of_person
from plugin.store.referrals import referral_aliases, referrals
from plugin.store.reports import member_stats, survey_answers
from plugin.store.rewards import credits, redemptions
from plugin.store.sending import optouts, returned
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind

_MERGED = {"reasons": [["merged", {}]]}


def merge_customers(conn: Connection, shop: Shop, *, kept: int, removed: int, now: datetime) -> None:
    """Shopify merged customer `removed` into `kept`.

    A customer we do not know yet is noted as a member, so that what arrives late finds its way.
    """
    known = members.by_customers(conn, shop.id, [kept, removed])
    missing = [Buyer(customer_id=key) for key in (kept, removed) if key not in known]
    add_members.add(conn, shop.id, missing, dict.fromkeys(missing, now), now)
    found = members.by_customers(conn, shop.id, [kept, removed])
    into, gone = found[kept], found[removed]
    if customer_facts.forget(conn, shop.id, [kept, removed]):
        customer_facts.want(conn, shop.id, [kept], now)
    target = into.merged_into or into.id
    if gone.merged_into is None and gone.id != target:
        merge_members(conn, shop, kept=target, removed=gone.id, now=now)


def merge_members(conn: Connection, shop: Shop, *, kept: int, removed: int, now: datetime) -> None:
    """Move every point, order, code and message of `removed` to `kept`. Done twice, it moves nothing."""
    moved = orders.move(conn, shop.id, removed, kept)
    keep_facts.refresh(conn, shop, moved)
    answered = survey_answers.move(conn, shop.id, removed, kept)
    accounts = Ledger(conn, shop.id, [kept, removed])
    accounts.post(_second_welcome(conn, shop.id, kept, removed, now), now)
    accounts.post(_done_twice(conn, shop.id, kept, removed, now), now)
    write_points.write(accounts, now)
    reach_milestones.merged(conn, shop, kept=kept, removed=removed, now=now)
    accounts = Ledger(conn, shop.id, [kept, removed])
    accounts.post(_transfers(conn, shop.id, accounts, kept, removed, now), now)
    write_points.write(accounts, now)
    redemptions.move(conn, shop.id, removed, kept)
    credits.move(conn, shop.id, removed, kept)
    send_credits.give_what_waited(conn, shop, [kept], now)
    messages.move(conn, shop.id, removed, kept)
    activities.move(conn, shop.id, removed, kept)
    if profiles.move(conn, shop.id, removed, kept) or answered:
        jobs.queue(conn, shop.id, JobKind.PUSH_PROFILE, [kept], now)
    jobs.queue(conn, shop.id, JobKind.REFERRAL, referrals.move(conn, shop.id, removed, kept), now)
    referral_aliases.move(conn, shop.id, removed, kept)
    member_origins.move(conn, shop.id, removed, kept)
    watch_tiers.merged(conn, shop, kept=kept, removed=removed, now=now)
    gone = members.by_ids(conn, shop.id, [removed])[removed]
    if gone.state != "merged":
        record(conn, shop.id, [Event(MemberMerged(removed), str(subjects.Member(kept)), kept)], now)
    if gone.no_emails:
        wishes.want_emails(conn, shop.id, kept, wants=False)
    optouts.move(conn, shop.id, removed, kept)
    checkouts_left.move(conn, shop.id, removed, kept)
    returned.move(conn, shop.id, removed, kept)
    if gone.chosen_locale and not members.by_ids(conn, shop.id, [kept])[kept].chosen_locale:
        wishes.choose_language(conn, shop.id, kept, gone.chosen_locale)
    if gone.no_profiling:
        wishes.object_to_profiling(conn, shop.id, kept, objects=True)
    members.mark_merged(conn, shop.id, removed, kept)
    member_stats.mark(conn, shop.id, [kept, removed])
    members.speak(conn, shop.id, orders.languages(conn, shop.id, [kept]))
    reach_milestones.give_or_take_back(conn, shop, [kept], programmes.versions(conn, shop.id), now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [kept], now)
    allowances.look_again(conn, shop, [kept], now)


def _second_welcome(conn: Connection, shop_id: int, kept: int, removed: int, now: datetime) -> list[Entry]:
    """One person is welcomed once: where both were, the second welcome is taken back, also one that came by a merge."""
    points = sum_of_person(conn, shop_id, removed, str(Welcome()))
    if points <= 0:
        return []
    if members.mark_welcomed(conn, shop_id, [kept]):
        return []
    _, line = sum_of(conn, shop_id, removed, str(Welcome()))
    return [Entry(removed, "taken_back", -points, str(Welcome()), line + 1, now, "suki", reason=_MERGED)]


def _done_twice(conn: Connection, shop_id: int, kept: int, removed: int, now: datetime) -> list[Entry]:
    """What one person earns with once, and both did: the points of `removed` for it are taken back."""
    twice = activities.given_twice(conn, shop_id, removed, kept, NOT_TWICE_WITHIN)
    activities.remove(conn, shop_id, [one.id for one in twice])
    return [Entry(removed, "undone", -one.points, one.subject, 2, now, "suki", reason=_MERGED) for one in twice]


def _transfers(conn: Connection, shop_id: int, accounts: Ledger, kept: int, removed: int, now: datetime) -> list[Entry]:
    """A pair of entries per lot, so that each keeps its dates and what it is of, and one pair for a debt."""
    pairs: list[Entry] = []
    origins = expiry.origins(conn, shop_id, removed)
    for lot in expiry.held(conn, shop_id, [removed]):
        pairs += _pair(removed, kept, lot.left, len(pairs) // 2 + 1, now, lot, origins[lot.lot_id])
    if debt := accounts.debt(removed):
        pairs += _pair(kept, removed, debt, len(pairs) // 2 + 1, now)
    return pairs


def _pair(
    giver: int, taker: int, points: int, line: int, now: datetime, lot: Held | None = None, of: str = ""
) -> list[Entry]:
    subject = str(subjects.Merge(min(giver, taker), max(giver, taker)))
    return [
        Entry(
            member_id=member,
            kind="merged",
            points=signed,
            subject=subject,
            line=line,
            effective_at=now,
            actor="suki",
            reason=_MERGED | ({"of": of} if of else {}),
            available_at=lot.available_at if lot else None,
            expires_at=lot.expires_at if lot else None,
            earned_at=lot.earned_at if lot else None,
        )
        for member, signed in ((giver, -points), (taker, points))
    ]
