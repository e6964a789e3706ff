"""Post the difference between what orders deserve now and what was posted for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.orders.judged_orders import Judged
from plugin.actions.points import write_points
from plugin.rules import subjects
from plugin.rules.orders import earning
from plugin.rules.orders.settle import Posted, Posting, settle
from plugin.rules.types import OrderView
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop


def post(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime, also: set[int]) -> list[Judged]:
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
        result.append(replace(one, order=replace(one.order, posted=plan)))
    write_points.write(accounts, now)
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
        subject = subjects.forgiven(entry.subject)
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
        subject=str(subjects.Order(one.order.order_id)),
        line=posting.line,
        effective_at=now if _of_a_run(one) else _effective_at(view, posting, now),
        actor="suki",
        programme_version=one.version.number,
        reason={"order": view.name if view else str(one.order.order_id), "reasons": reasons},
        available_at=earning.available_at(view, one.version.programme) if view else None,
    )


def _of_a_run(one: Judged) -> bool:
    """Points for past orders are given now, and last as long as others that are."""
    return one.order.snapshot is not None and bool(one.order.snapshot.brought)


def _effective_at(view: OrderView | None, posting: Posting, now: datetime) -> datetime:
    if view is None:
        return now
    return view.processed_at if posting.points > 0 else view.cancelled_at or view.updated_at
