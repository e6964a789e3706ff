"""Bring orders' points to what they deserve: many orders of one shop in one transaction.

Every fact about an order, from whatever topic and in whatever order, is merged into what is stored
of it; the pure rules say what the whole order deserves now; the difference to what was posted is
posted.
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
from plugin.actions.orders.order_facts import OrderFact, merged, told_apart, unvouched
from plugin.actions.orders.order_knowledge import Knowledge, absences_of, gather, snapshot_of, version_of
from plugin.actions.tiers.place_members import place
from plugin.actions.tiers.tier_histories import Histories, has_tiers
from plugin.rules.codes.next_order_code import FRESH_FOR
from plugin.rules.orders import earning
from plugin.rules.orders.earning import Deserved, Snapshot
from plugin.rules.orders.paid import buyer_behind
from plugin.rules.orders.settle import Posted, Posting, settle
from plugin.rules.types import READING, OrderView, Reason
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop
from plugin.store.tiers.tiers import Counted
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version

NOTHING_LEFT = Deserved(0, (Reason("deleted"),), Snapshot(0))


@dataclass(frozen=True, slots=True)
class Judged:
    """One order after this batch: as it is stored now, whose it is, and by which version."""

    order: StoredOrder
    member: Member | None
    version: Version
    before: StoredOrder
    missing: str = ""

    @property
    def moved(self) -> set[int]:
        """Who got points for it in this batch, or lost some: also a member whose order it no longer is."""
        return {key for key, posted in self.order.posted.items() if posted != self.before.posted.get(key)}


@dataclass(frozen=True, slots=True)
class Settled:
    """The orders that a batch changed, and the versions of the programme, for whoever follows up."""

    orders: Sequence[Judged]
    versions: Sequence[Version]


def settle_orders(conn: Connection, shop: Shop, facts: Sequence[OrderFact], now: datetime) -> Settled:
    """Apply the facts; answers the orders they changed. Locks orders, then members, in ascending order."""
    before = orders.lock(conn, shop.id, {fact.order_id for fact in facts})
    changed, stubs = told_apart(merged(before, facts))
    changed, nobodys = nobodys_orders.set_aside(conn, shop.id, changed)
    views = [order.effective for order in changed]
    found = enrol(conn, shop, [buyer_behind(view) for view in views if view is not None], now)
    versions = programmes.versions(conn, shop.id)
    known = gather(conn, shop, versions, views, now)
    away = absences_of(conn, shop, views, found.values())
    known = replace(known, unvouched=unvouched(before, facts), absences=away)
    people = _everyone(changed, found)
    tiers = Histories(conn, shop, people) if has_tiers(versions) else None
    shares = Allowances(conn, shop, people, versions) if has_limits(versions) else None
    judged = [
        _judge(shop, order, before[order.order_id], found, versions, known, tiers, shares, now)
        for order in _oldest_first(changed)
    ]
    if shares:
        look_again(conn, shop, _moved(judged), now)
    unsure = _in_another_language(judged)
    judged = _post(conn, shop, judged, now, _locked_too(judged, versions, tiers) | unsure)
    if tiers:
        _place(conn, shop, judged, programmes.at(versions, now), tiers, now)
    orders.save(conn, shop.id, [one.order for one in judged] + stubs + nobodys)
    if unsure:
        members.speak(conn, shop.id, orders.languages(conn, shop.id, unsure))
    reach_milestones.settle(conn, shop, _touched(judged), versions, now)
    return Settled(judged, versions)


def _oldest_first(changed: Sequence[StoredOrder]) -> list[StoredOrder]:
    """As they were placed: an earlier order counts for the tier in which a later one is judged."""
    return sorted(changed, key=lambda one: (one.view.placed_at.timestamp() if one.view else 0.0, one.order_id))


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
    conn: Connection, shop: Shop, judged: Sequence[Judged], version: Version, tiers: Histories, now: datetime
) -> None:
    """Everyone whose orders count for more or less than before is looked at again."""
    if touched := _touched(judged):
        heard = _touched([one for one in judged if _fresh(one, now)])
        place(conn, shop, version, members.by_ids(conn, shop.id, touched), tiers, now, quiet=touched - heard)


def _fresh(one: Judged, now: datetime) -> bool:
    """Whether news of the order are news: of one placed long ago nobody wants a mail."""
    view = one.order.view
    return view is not None and now - view.placed_at <= FRESH_FOR


def _touched(judged: Sequence[Judged]) -> set[int]:
    return {member for one in judged if _counts(one.order) != _counts(one.before) for member in _members(one)}


def _locked_too(judged: Sequence[Judged], versions: Sequence[Version], tiers: Histories | None) -> set[int]:
    """Members whose tiers and milestones are looked at next, whether or not they get points for an order."""
    found = set(tiers.members) if tiers else set()
    return found | _touched(judged) if reach_milestones.concern(versions) else found


def _in_another_language(judged: Sequence[Judged]) -> set[int]:
    """Members whose order was placed in another language than we know of them: their newest order decides."""
    return {
        one.member.id
        for one in judged
        if one.member and one.order.view and one.order.view.buyer.locale not in ("", one.member.locale)
    }


def _counts(order: StoredOrder) -> tuple[int | None, int, int]:
    return order.member_id, order.counted_minor, order.deserved


def _members(one: Judged) -> set[int]:
    return {member for member in (one.order.member_id, one.before.member_id) if member is not None}


def _judge(
    shop: Shop,
    order: StoredOrder,
    before: StoredOrder,
    found: Mapping[Key, Member],
    versions: Sequence[Version],
    known: Knowledge,
    tiers: Histories | None,
    shares: Allowances | None,
    now: datetime,
) -> Judged:
    view = order.effective
    version = version_of(shop, order, view, versions, now)
    if view is None or order.deleted:
        if shares:
            shares.leave(order.order_id, before.member_id)
        gone = replace(_after(order, None, NOTHING_LEFT, None), member_id=order.member_id, snapshot=order.snapshot)
        _note(tiers, gone, before, order.member_id)
        return Judged(gone, None, version, before)
    key = key_of(view.buyer)
    member = found.get(key) if key else None
    if missing := known.missing(view, version, order.snapshot):
        waiting = replace(order, waiting_for=missing.partition(":")[0], member_id=member.id if member else None)
        return Judged(waiting, member, version, before, missing=missing)
    snapshot = snapshot_of(order, view, version, away=known.away(view, member))
    if tiers and member and snapshot.tier is None:
        tier, multiplier = tiers.verdict(member.id, view, version)
        snapshot = replace(snapshot, tier=tier, multiplier=multiplier)
    since = snapshot.counted_from(view, shop.counts_from)
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


def _post(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime, also: set[int]) -> list[Judged]:
    """Post the differences, oldest order first; answers the orders with what is posted now.

    Locks the members that get something, and those in `also`.
    """
    ordered = sorted(judged, key=lambda one: one.order.order_id)
    plans = [(one, () if one.missing else _plan(one)) for one in ordered]
    involved = {posting.member_id for _, plan in plans for posting in plan} | also
    if not involved:
        return ordered
    accounts = Ledger(conn, shop.id, involved)
    result = []
    for one, plan in _in_batches(accounts, plans, now):
        order = replace(one.order, posted=plan)
        result.append(Judged(order, one.member, one.version, one.before, one.missing))
    accounts.write()
    return result


def _plan(one: Judged) -> tuple[Posting, ...]:
    return settle(one.order.deserved, one.order.member_id, one.order.posted)


def _in_batches(
    accounts: Ledger, plans: Sequence[tuple[Judged, tuple[Posting, ...]]], now: datetime
) -> list[tuple[Judged, Mapping[int, Posted]]]:
    """Post entries together as far as possible: only a clawback that may be forgiven stands alone."""
    pending: list[Entry] = []
    result: list[tuple[Judged, Mapping[int, Posted]]] = []
    for one, plan in plans:
        posted = dict(one.order.posted)
        for posting in plan:
            pending.append(_entry(one, posting, now))
            forgiven = posted.get(posting.member_id, Posted()).forgiven
            if (posting.points < 0 and one.version.programme.below_zero == "clamp") or forgiven:
                forgiven = _forgive(accounts, pending, posting, forgiven, now)
            have = posted.get(posting.member_id, Posted()).points
            posted[posting.member_id] = Posted(have + posting.points, posting.line, forgiven)
        result.append((one, posted))
    accounts.post(pending, now)
    return result


def _forgive(accounts: Ledger, pending: list[Entry], posting: Posting, forgiven: int, now: datetime) -> int:
    """Clamp at zero: what a clawback could not take is forgiven; what is earned again is set off first."""
    *others, entry = pending
    pending.clear()
    accounts.post(others, now)
    owed = accounts.debt(posting.member_id)
    accounts.post([entry], now)
    if posting.points > 0:
        change = -min(forgiven, posting.points)
    else:
        change = accounts.debt(posting.member_id) - owed
    if change:
        kind = "forgiven" if change > 0 else "set_off"
        subject = f"{entry.subject}:forgiven"
        pending.append(replace(entry, kind=kind, points=change, subject=subject, reason={}))
        accounts.post(pending, now)
        pending.clear()
    return forgiven + change


def _entry(one: Judged, posting: Posting, now: datetime) -> Entry:
    view = one.order.effective
    reasons = [[reason.code, dict(reason.values)] for reason in one.order.reasons]
    return Entry(
        member_id=posting.member_id,
        kind="earned" if posting.points > 0 else "taken_back",
        points=posting.points,
        subject=f"order:{one.order.order_id}",
        line=posting.line,
        effective_at=_effective_at(view, posting, now),
        actor="suki",
        programme_version=one.version.number,
        reason={"order": view.name if view else str(one.order.order_id), "reasons": reasons},
        available_at=earning.available_at(view, one.version.programme) if view else None,
    )


def _effective_at(view: OrderView | None, posting: Posting, now: datetime) -> datetime:
    if view is None:
        return now
    return view.processed_at if posting.points > 0 else view.cancelled_at or view.updated_at
