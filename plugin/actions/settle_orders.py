"""Bring orders' points to what they deserve: many orders of one shop in one transaction.

Every fact about an order, from whatever topic and in whatever order, is merged into what is stored
of it; the pure rules say what the whole order deserves now; the difference to what was posted is
posted. Merging is commutative and idempotent, so shuffled and repeated deliveries end the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from sqlalchemy import Connection

from plugin.actions.enrol_member import Key, enrol, key_of
from plugin.rules import earning
from plugin.rules.basis import tenders_needed
from plugin.rules.earning import Deserved, Snapshot
from plugin.rules.settle import Posted, Posting, settle
from plugin.rules.types import OrderView, ProductFacts, Reason, Refund
from plugin.store import orders, products, programmes
from plugin.store.ledger import Entry, Ledger
from plugin.store.members import Member
from plugin.store.orders import StoredOrder
from plugin.store.programmes import Version
from plugin.store.shops import Shop


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """The whole state of an order at one moment."""

    view: OrderView
    triggered_at: datetime

    @property
    def order_id(self) -> int:
        """Which order."""
        return self.view.order_id


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """One refund, on its own."""

    order_id: int
    refund: Refund


@dataclass(frozen=True, slots=True)
class OrderDeleted:
    """The order no longer exists in the shop."""

    order_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderEdited:
    """The order was edited; the payload is a delta only, so the whole is fetched."""

    order_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    """What the order was waiting for is there now."""

    order_id: int


OrderFact = OrderSeen | RefundSeen | OrderDeleted | OrderEdited | JudgeAgain


@dataclass(frozen=True, slots=True)
class Judged:
    """One order after this batch: as it is stored now, whose it is, and by which version."""

    order: StoredOrder
    member: Member | None
    version: Version
    before: StoredOrder
    moved: bool = False
    missing: str = ""


def settle_orders(conn: Connection, shop: Shop, facts: Sequence[OrderFact], now: datetime) -> list[Judged]:
    """Apply the facts; answers the orders they changed. Locks orders, then members, in ascending order."""
    before = orders.lock(conn, shop.id, {fact.order_id for fact in facts})
    changed = [order for order in _merged(before, facts) if order.view is not None or order.deleted]
    views = [order.effective for order in changed]
    found = enrol(conn, shop, [view.buyer for view in views if view is not None], now)
    versions = programmes.versions(conn, shop.id)
    known = _product_facts(conn, shop.id, versions, views, now)
    judged = [_judge(shop, order, before[order.order_id], found, versions, known) for order in changed]
    judged = _post(conn, shop, judged, now)
    orders.save(conn, shop.id, [one.order for one in judged] + _stubs(before, facts))
    return judged


def _merged(before: Mapping[int, StoredOrder], facts: Iterable[OrderFact]) -> list[StoredOrder]:
    current = dict(before)
    again = set()
    for fact in facts:
        current[fact.order_id] = merge(current[fact.order_id], fact)
        if isinstance(fact, JudgeAgain):
            again.add(fact.order_id)
    return [order for key, order in current.items() if order is not before[key] or key in again]


def _stubs(before: Mapping[int, StoredOrder], facts: Iterable[OrderFact]) -> list[StoredOrder]:
    """Orders of which only refunds are known so far."""
    stubs = [order for order in _merged(before, facts) if order.view is None and not order.deleted]
    return [order for order in stubs if order.refunds]


def merge(order: StoredOrder, fact: OrderFact) -> StoredOrder:
    """What is known of the order after the fact; the same object when it says nothing new."""
    if isinstance(fact, OrderDeleted):
        return order if order.deleted else replace(order, deleted=True)
    if isinstance(fact, RefundSeen):
        if order.refunds.get(fact.refund.id) == fact.refund:
            return order
        return replace(order, refunds={**order.refunds, fact.refund.id: fact.refund})
    return _newer(order, fact) if isinstance(fact, OrderSeen) else order


def _newer(order: StoredOrder, seen: OrderSeen) -> StoredOrder:
    old, new = order.view, seen.view
    if old is None or order.triggered_at is None:
        return replace(order, view=new, triggered_at=seen.triggered_at)
    tenders = _most_paid(old.tenders_minor, new.tenders_minor)
    if _age(new, seen.triggered_at) > _age(old, order.triggered_at):
        return replace(order, view=replace(new, tenders_minor=tenders), triggered_at=seen.triggered_at)
    return order if tenders == old.tenders_minor else replace(order, view=replace(old, tenders_minor=tenders))


def _most_paid(one: Mapping[str, int] | None, other: Mapping[str, int] | None) -> Mapping[str, int] | None:
    """Amounts by gateway from two views: payments only ever add up, so the larger is the later one."""
    if one is None or other is None:
        return other if one is None else one
    return {gateway: max(one.get(gateway, 0), other.get(gateway, 0)) for gateway in {**one, **other}}


def _age(view: OrderView, triggered_at: datetime) -> tuple[datetime, datetime, bytes]:
    """By `updated_at`, then triggered-at; the content itself breaks the last tie, the same way always."""
    return view.updated_at, triggered_at, orjson.dumps(replace(view, tenders_minor=None))


def _product_facts(
    conn: Connection, shop_id: int, versions: Sequence[Version], views: Iterable[OrderView | None], now: datetime
) -> dict[int, ProductFacts]:
    if not any(version.programme.basis.needs_product_facts for version in versions):
        return {}
    ids = {line.product_id for view in views if view for line in view.lines if line.product_id}
    return products.facts(conn, shop_id, ids, now)


def _judge(
    shop: Shop,
    order: StoredOrder,
    before: StoredOrder,
    found: Mapping[Key, Member],
    versions: Sequence[Version],
    known: Mapping[int, ProductFacts],
) -> Judged:
    view = order.effective
    if view is None or order.deleted:
        gone = replace(order, deserved=0, waiting_for="", reasons=(Reason("deleted"),))
        return Judged(gone, None, versions[-1], before)
    version = _version(shop, order, view, versions)
    key = key_of(view.buyer)
    member = found.get(key) if key else None
    if missing := _missing(view, version, order.snapshot, known):
        waiting = replace(order, waiting_for=missing.partition(":")[0], member_id=member.id if member else None)
        return Judged(waiting, member, version, before, missing=missing)
    snapshot = order.snapshot or Snapshot(version.number)
    result = earning.deserved(view, version.programme, snapshot, known, shop.counts_from)
    return Judged(_after(order, member, result), member, version, before)


def _after(order: StoredOrder, member: Member | None, result: Deserved) -> StoredOrder:
    return replace(
        order,
        member_id=member.id if member else None,
        deserved=result.points,
        snapshot=result.snapshot,
        reasons=result.reasons,
        waiting_for="",
    )


def _version(shop: Shop, order: StoredOrder, view: OrderView, versions: Sequence[Version]) -> Version:
    if order.snapshot is not None:
        return versions[order.snapshot.version - 1]
    return programmes.at(versions, view.created_at, shop.past_version)


def _missing(view: OrderView, version: Version, snapshot: Snapshot | None, known: Mapping[int, ProductFacts]) -> str:
    """What must be fetched before the order can be judged; empty when nothing is."""
    basis = version.programme.basis
    if tenders_needed(view, basis):
        return "tenders"
    if not basis.needs_product_facts:
        return ""
    judged = snapshot.verdicts if snapshot else {}
    unknown = {x.product_id for x in view.lines if x.product_id and x.id not in judged} - set(known)
    return "products:" + ",".join(str(key) for key in sorted(filter(None, unknown))) if unknown else ""


def _post(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> list[Judged]:
    """Post the differences, oldest order first; answers the orders with what is posted now."""
    ordered = sorted(judged, key=lambda one: one.order.order_id)
    plans = [(one, () if one.missing else _plan(one)) for one in ordered]
    involved = {posting.member_id for _, plan in plans for posting in plan}
    if not involved:
        return ordered
    accounts = Ledger(conn, shop.id, involved)
    result = []
    for one, plan in _in_batches(accounts, plans, now):
        result.append(replace(one, order=replace(one.order, posted=plan), moved=plan != one.order.posted))
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
                forgiven = _forgive(accounts, pending, one, posting, forgiven, now)
            have = posted.get(posting.member_id, Posted()).points
            posted[posting.member_id] = Posted(have + posting.points, posting.line, forgiven)
        result.append((one, posted))
    accounts.post(pending, now)
    return result


def _forgive(
    accounts: Ledger, pending: list[Entry], one: Judged, posting: Posting, forgiven: int, now: datetime
) -> int:
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
