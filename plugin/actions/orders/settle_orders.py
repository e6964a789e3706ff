"""Bring orders' points to what they deserve: many orders of one shop in one transaction.

All news of an order, whatever the topic, is merged into what is stored of it; the pure rules say what the whole order
deserves now; the difference to what was posted is posted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.gifts import reach_milestones
from plugin.actions.members.enrol_member import Key, enrol, key_of
from plugin.actions.orders import nobodys_orders
from plugin.actions.orders.allowances import Allowances, has_limits, look_again
from plugin.actions.orders.before_launch import Past, is_settled, only_stored
from plugin.actions.orders.judged_orders import Judged, Settled
from plugin.actions.orders.order_knowledge import Knowledge, absences_of, gather, snapshot_of, version_of
from plugin.actions.orders.order_news import OrderNews, merged, told_apart, unvouched
from plugin.actions.orders.post_orders import post
from plugin.actions.reports import keep_facts
from plugin.actions.rewards import turn_points, use_rewards
from plugin.actions.tiers.place_members import place
from plugin.actions.tiers.tier_histories import Histories, has_tiers
from plugin.rules.codes.next_order_code import FRESH_FOR
from plugin.rules.orders import earning
from plugin.rules.orders.earning import BEFORE_LAUNCH, Deserved, Snapshot
from plugin.rules.subjects import Order
from plugin.rules.types import READING, Reason
from plugin.rules.worth.paid import buyer_behind
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops import launches
from plugin.store.shops.shops import Shop
from plugin.store.tiers.tiers import Counted
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version

NOT_COUNTED = Deserved(0, (Reason(BEFORE_LAUNCH),), Snapshot(0))
NOTHING_LEFT = Deserved(0, (Reason("deleted"),), Snapshot(0))


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all orders of a batch are judged by."""

    shop: Shop
    found: Mapping[Key, Member]
    versions: Sequence[Version]
    known: Knowledge
    tiers: Histories | None
    shares: Allowances | None
    now: datetime
    past: Past | None = None


def settle_orders(
    conn: Connection, shop: Shop, news: Sequence[OrderNews], now: datetime, past: Past | None = None
) -> Settled:
    """Apply the news; answers the orders they changed. Locks orders, then members, in ascending order.

    `past`: early orders are taken up, or let go, by a run over past orders.
    """
    before = orders.lock(conn, shop.id, {said.order_id for said in news})
    changed, stubs = told_apart(merged(before, news))
    changed, nobodys = nobodys_orders.set_aside(conn, shop.id, changed)
    views = [order.effective for order in changed]
    found = enrol(conn, shop, [buyer_behind(view) for view in views if view is not None], now, _came_with(changed))
    versions = programmes.versions(conn, shop.id)
    if past:
        changed = [past.taken_up(shop, one, versions) for one in changed]
    known = gather(conn, shop, versions, views, now)
    away = absences_of(conn, shop, views, found.values())
    pauses = launches.earning_paused(conn, shop)
    known = replace(known, unvouched=unvouched(before, news), absences=away, pauses=pauses)
    people = _everyone(changed, found)
    tiers = Histories(conn, shop, people) if has_tiers(versions) else None
    shares = Allowances(conn, shop, people, versions) if has_limits(versions) else None
    batch = _Batch(shop, found, versions, known, tiers, shares, now, past)
    judged = [_judge(batch, order, before[order.order_id]) for order in _oldest_first(changed)]
    if shares:
        look_again(conn, shop, _moved(judged), now)
    touched = _touched([one for one in judged if not one.stored])
    unsure, owners = _in_another_language(judged), use_rewards.owners(conn, shop.id, filter(None, views))
    judged = post(conn, shop, judged, now, _locked_too(touched, versions, tiers) | unsure | owners)
    if tiers and touched:
        _place(conn, shop, judged, touched, programmes.at(versions, now), tiers, now)
    orders.save(conn, shop.id, [one.order for one in judged] + stubs + nobodys)
    keep_facts.keep(conn, shop, [one.order for one in judged] + nobodys, versions)
    if unsure:
        members.speak(conn, shop.id, orders.languages(conn, shop.id, unsure))
    reach_milestones.give_or_take_back(conn, shop, touched, versions, now)
    if touched:
        turn_points.look(conn, shop, programmes.at(versions, now).programme, now + turn_points.SOON)
    return Settled(judged, versions)


def _oldest_first(changed: Sequence[StoredOrder]) -> list[StoredOrder]:
    """As they were placed: an earlier order counts for the tier in which a later one is judged."""
    return sorted(changed, key=lambda one: (one.view.placed_at.timestamp() if one.view else 0.0, one.order_id))


def _came_with(changed: Sequence[StoredOrder]) -> dict[Key, Order]:
    """The first of these orders of each buyer."""
    return {
        key: Order(one.order_id)
        for one in reversed(_oldest_first(changed))
        if (view := one.effective) is not None and (key := key_of(buyer_behind(view))) is not None
    }


def _moved(judged: Sequence[Judged]) -> set[int]:
    """The members for whom an order is worth more or less than before."""
    return {
        member
        for one in judged
        if (one.order.member_id, one.order.deserved, one.order.before_limits)
        != (one.before.member_id, one.before.deserved, one.before.before_limits)
        for member in _members(one)
    }


def _everyone(changed: Sequence[StoredOrder], found: Mapping[Key, Member]) -> set[int]:
    """The members whose orders these are now, or were before."""
    return {member.id for member in found.values()} | {one.member_id for one in changed if one.member_id is not None}


def _place(
    conn: Connection,
    shop: Shop,
    judged: Sequence[Judged],
    touched: set[int],
    version: Version,
    tiers: Histories,
    now: datetime,
) -> None:
    """Everyone whose orders count for more or less than before is looked at again."""
    heard = _touched([one for one in judged if _fresh(one, now) and not _of_a_run(one)])
    by_order = {member: one.order.order_id for one in judged for member in _members(one)}
    place(
        conn,
        shop,
        version,
        members.by_ids(conn, shop.id, touched),
        tiers,
        now,
        quiet=touched - heard,
        by_order=by_order,
    )


def _of_a_run(one: Judged) -> bool:
    """Whether a run over past orders counts it, or did: of that nobody is told."""
    return any(order.snapshot is not None and order.snapshot.brought for order in (one.order, one.before))


def _fresh(one: Judged, now: datetime) -> bool:
    """Whether news of the order are news: of one placed long ago nobody wants a mail."""
    view = one.order.view
    return view is not None and now - view.placed_at <= FRESH_FOR


def _touched(judged: Sequence[Judged]) -> set[int]:
    """The members whose orders count for more or less than before, or are no longer theirs."""
    return {member for one in judged if _counts(one.order) != _counts(one.before) for member in _members(one)}


def _locked_too(touched: set[int], versions: Sequence[Version], tiers: Histories | None) -> set[int]:
    """Members whose tiers and milestones are looked at next, whether or not they get points for an order."""
    found = set(tiers.members) if tiers else set()
    return found | touched if reach_milestones.concern(versions) else found


def _in_another_language(judged: Sequence[Judged]) -> set[int]:
    """Members whose order was placed in another language than we know of them: their newest order decides."""
    known = [(one.member, one.order.view) for one in judged if one.member and one.order.view]
    return {member.id for member, view in known if view.buyer.locale not in ("", member.locale)}


def _counts(order: StoredOrder) -> tuple[int | None, int, int]:
    return order.member_id, order.counted_minor, order.deserved


def _members(one: Judged) -> set[int]:
    return {member for member in (one.order.member_id, one.before.member_id) if member is not None}


def _judge(by: _Batch, order: StoredOrder, before: StoredOrder) -> Judged:
    view, known, tiers, shares = order.effective, by.known, by.tiers, by.shares
    version = version_of(by.shop, order, view, by.versions, by.now)
    if view is None or order.deleted:
        if shares:
            shares.leave(order.order_id, before.member_id)
        gone = replace(_after(order, None, NOTHING_LEFT, None), member_id=order.member_id, snapshot=order.snapshot)
        _note(tiers, gone, before, order.member_id)
        return Judged(gone, None, version, before)
    key = key_of(view.buyer)
    member = by.found.get(key) if key else None
    if by.past and by.past.lets_go(order):
        if shares:
            shares.leave(order.order_id, before.member_id)
        early = replace(_after(order, member, NOT_COUNTED, None), snapshot=None)
        _note(tiers, early, before, early.member_id)
        return Judged(early, member, version, before)
    if not is_settled(by.shop, order, member):
        return Judged(only_stored(order, member), member, version, before, stored=True)
    if missing := known.missing(view, version, order.snapshot):
        waiting = replace(order, waiting_for=missing.facts.value, member_id=member.id if member else None)
        return Judged(waiting, member, version, before, missing=missing)
    snapshot = snapshot_of(by.shop, order, view, version, known, member)
    if tiers and member and snapshot.tier is None:
        tier, multiplier = tiers.verdict(member.id, view, version)
        snapshot = replace(snapshot, tier=tier, multiplier=multiplier)
    since = snapshot.counted_from(view, by.shop.counts_from)
    result = earning.deserved(view, version.programme, snapshot, known.products, since, known.of(view))
    limited = None
    if shares:
        share = shares.share(view, member.id if member else None, before.member_id, result)
        result, limited = share.result, share.before
    after = _after(order, member, result, limited)
    _note(tiers, after, before, after.member_id)
    return Judged(after, member, version, before)


def _note(tiers: Histories | None, after: StoredOrder, before: StoredOrder, member_id: int | None) -> None:
    if tiers and after.view:
        counted = Counted(after.order_id, after.view.placed_at, after.counted_minor, after.deserved)
        tiers.note(counted, member_id, was_of=before.member_id)


def _after(order: StoredOrder, member: Member | None, result: Deserved, limited: int | None) -> StoredOrder:
    return replace(
        order,
        member_id=member.id if member else None,
        deserved=result.points,
        before_limits=limited,
        counted_minor=result.counted_minor,
        snapshot=result.snapshot,
        reasons=result.reasons,
        waiting_for="",
        reading=order.view.reading if order.view else READING,
    )
