"""A share of each order as store credit: what the order deserves, minus what was written down for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.orders.judged_orders import Judged
from plugin.actions.work.work import Work
from plugin.rules import subjects
from plugin.rules.codes.code_names import expires_at
from plugin.rules.orders import cashback as rules
from plugin.rules.orders.cashback import Due
from plugin.rules.orders.settle import Posted, Posting, settle
from plugin.rules.types import Reason
from plugin.store.database.db import shop_transaction
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.rewards import credits
from plugin.store.rewards.credits import Credit
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

MOVES_AFTER = timedelta(seconds=30)
"""An order's deliveries come in a bunch; the money moves once."""


def queue(conn: Connection, shop: Shop, judged: Sequence[Judged], now: datetime) -> None:
    """Ask for a look at the cashback of these orders, when it is due."""
    due: dict[int, datetime] = {}
    for one in judged:
        rules_then = one.version.programme.cashback
        view = one.order.effective
        if rules_then.enabled and not one.missing:
            due_at = rules.credited_at(view, rules_then) if view else now
            due[one.order.order_id] = max(now + MOVES_AFTER, due_at)
    jobs.queue_each(conn, shop.id, JobKind.CASHBACK, due)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Write down the difference between what the order deserves and what it was given; jobs move the money."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        write_cashback_down(conn, shop, job.number, now)


def write_cashback_down(conn: Connection, shop: Shop, order_id: int, now: datetime) -> list[int]:
    """Bring the order's movements to what it deserves; answers the new ones. Done twice, it adds nothing.

    Locks the order, so that two at once do not both see the same difference.
    """
    order = orders.lock(conn, shop.id, [order_id])[order_id]
    version = _version(conn, shop, order)
    lines = credits.of_subject(conn, shop.id, str(subjects.Order(order_id)))
    if version is None or order.waiting_for:
        return []
    due = _due(shop, order, version)
    if not lines and not due.amount_minor:
        return []
    plan = settle(due.amount_minor, order.member_id, _posted(lines))
    made = credits.add(conn, _rows(shop, order, version, plan, due, len(lines), now))
    jobs.queue(conn, shop.id, JobKind.SEND_CREDIT, made, now)
    return made


def _version(conn: Connection, shop: Shop, order: StoredOrder) -> Version | None:
    """The version by which the order is judged; a deleted order that was never judged has none."""
    if order.snapshot is None:
        return None
    return programmes.versions(conn, shop.id)[order.snapshot.version - 1]


def _due(shop: Shop, order: StoredOrder, version: Version) -> Due:
    view = order.effective
    if view is None or order.deleted or order.snapshot is None:
        return Due(0, (Reason("deleted"),))
    if order.snapshot.kept_out:
        return Due(0, (Reason(order.snapshot.kept_out),))
    since = order.snapshot.counted_from(view, shop.counts_from)
    return rules.due(view, version.programme, order.snapshot.verdicts, since)


def _posted(lines: Iterable[Credit]) -> dict[int, Posted]:
    """What each member was given for the order, whether it is moved yet or not."""
    sums: dict[int, int] = {}
    for line in lines:
        if line.state != "refused":
            sums[line.member_id] = sums.get(line.member_id, 0) + line.amount_minor
    return {member: Posted(amount) for member, amount in sums.items()}


def _rows(
    shop: Shop, order: StoredOrder, version: Version, plan: Sequence[Posting], due: Due, lines: int, now: datetime
) -> list[dict[str, object]]:
    view = order.effective
    rules_then = version.programme.cashback
    ends_at = expires_at(rules_then.valid_days, now, shop.timezone) if rules_then.valid_days else None
    name, currency = (view.name, view.currency) if view else (str(order.order_id), shop.currency)
    return [
        {
            "shop_id": shop.id, "member_id": posting.member_id, "subject": str(subjects.Order(order.order_id)),
            "line": lines + place, "amount_minor": posting.points, "currency": currency,
            "expires_at": ends_at if posting.points > 0 else None,
            "notify": rules_then.notify and posting.points > 0,
            "reason": {"order": name, "reasons": _why(order, posting, due)},
        }
        for place, posting in enumerate(plan, 1)
    ]  # fmt: skip


def _why(order: StoredOrder, posting: Posting, due: Due) -> list[list[object]]:
    if posting.member_id != order.member_id:
        return [["cashback_other_member", {}]]
    return [[reason.code, dict(reason.values)] for reason in due.reasons]
