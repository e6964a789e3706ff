"""Orders that were judged by an earlier reading of the payloads are read again from their stored deliveries.

In steps, each a transaction of its own, with a cursor in the shop's settings: what is killed goes on where it was.
Nothing is posted by itself. What an order would be worth is found out by settling it and taking that back; where it
comes to the same, the order is marked as read; else the difference is written down, and staff decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.orders import lift_guesses
from plugin.actions.orders.judged_orders import Judged
from plugin.actions.orders.order_effects import follow_up
from plugin.actions.orders.order_news import ReadAgain, merge
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.privacy import index_stored
from plugin.actions.reports import keep_facts
from plugin.actions.work.work import Work
from plugin.errors import BadPayload
from plugin.rules.payloads.readings import MARK
from plugin.rules.types import READING
from plugin.store.database.db import shop_transaction
from plugin.store.orders import orders, reading_differences
from plugin.store.orders.orders import StoredOrder
from plugin.store.orders.reading_differences import DONE, LEAVE, TAKE
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import delivery_subjects, jobs
from plugin.store.work.deliveries import Delivery
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from webhooks.known_orders import known_orders

A_STEP: Final = 20
DELIVERIES_AT_ONCE: Final = 100


def queue(work: Work, shop: Shop) -> None:
    """Queue it where it is not through, once whom deliveries are about is known and guesses are lifted."""
    if not is_done(shop) and _is_over(shop, index_stored.INDEXED) and _is_over(shop, lift_guesses.LIFTED):
        with shop_transaction(work.engine, shop.id) as conn:
            jobs.queue(conn, shop.id, JobKind.READ_AGAIN, ["stored"], work.clock())


def is_done(shop: Shop) -> bool:
    """Whether every order of the shop was read by the present reading."""
    return bool(_mark(shop).get("done"))


def _mark(shop: Shop) -> Mapping[str, Any]:
    mark = shop.settings.get(MARK)
    return mark if isinstance(mark, dict) and mark.get("reading") == READING else {}


def _is_over(shop: Shop, what: str) -> bool:
    at, end = shop.settings.get(what) or (0, 1)
    return bool(at >= end)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Read what is left, or carry out what staff decided."""
    step = read_step if job.subject == "stored" else decided_step
    while True:
        with shop_transaction(work.engine, shop.id) as conn:
            if step(conn, shops.get(conn, shop.id), work.clock()):
                return


def read_step(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Read the next orders; says whether there are none left."""
    mark = _mark(shop)
    ids = reading_differences.unread(conn, shop.id, int(mark.get("after", 0)), A_STEP)
    before = orders.lock(conn, shop.id, ids)
    for order_id in ids:
        _read(conn, shop, before[order_id], now)
    seen = int(mark.get("seen", 0)) + len(ids)
    after = {"reading": READING, "seen": seen, "after": ids[-1] if ids else 0, "done": not ids}
    shops.merge_settings(conn, shop.id, {MARK: after})
    return not ids


def _read(conn: Connection, shop: Shop, order: StoredOrder, now: datetime) -> None:
    known = _known(conn, shop, order)
    if known is None:
        reading_differences.mark_read(conn, shop.id, [order.order_id])
        return
    if order.waiting_for:
        _save(conn, shop, merge(order, ReadAgain(known)))  # it is judged when what it waits for is there
        return
    found = _would_be(conn, shop, ReadAgain(known), now)
    if found is None or found.missing:
        reading_differences.mark_read(conn, shop.id, [order.order_id])
    elif _same(found.order, order):
        _save(conn, shop, found.order)
    else:
        reading_differences.note(conn, shop.id, [_row(found.order, order, now)])


def _save(conn: Connection, shop: Shop, order: StoredOrder) -> None:
    orders.save(conn, shop.id, [order])
    keep_facts.refresh(conn, shop, [order.order_id])


def _known(conn: Connection, shop: Shop, order: StoredOrder) -> StoredOrder | None:
    """What the deliveries tell of it; None where they no longer tell of the state that we hold."""
    told: list[Delivery] = []
    while True:
        after = told[-1].id if told else 0
        page = delivery_subjects.deliveries_about(conn, shop.id, order.order_id, after, DELIVERIES_AT_ONCE)
        told += page
        if len(page) < DELIVERIES_AT_ONCE:
            break
    try:
        known = known_orders(told, shop.currency).get(order.order_id)
    except BadPayload:
        return None
    if known is None or known.view is None or (order.view and known.view.updated_at < order.view.updated_at):
        return None
    return known


def _would_be(conn: Connection, shop: Shop, said: ReadAgain, now: datetime) -> Judged | None:
    """The order as it would be settled; all that settling wrote is taken back."""
    attempt = conn.begin_nested()
    try:
        settled = settle_orders(conn, shop, [said], now)
    finally:
        attempt.rollback()
    return settled.orders[0] if settled.orders else None


def _same(one: StoredOrder, other: StoredOrder) -> bool:
    return _worth(one) == _worth(other) and one.posted == other.posted


def _worth(order: StoredOrder) -> tuple[object, ...]:
    return order.member_id, order.deserved, order.before_limits, order.counted_minor


def _row(found: StoredOrder, before: StoredOrder, now: datetime) -> dict[str, object]:
    return {
        "order_id": found.order_id,
        "member_id": before.member_id or found.member_id,
        "points": found.deserved,
        "counted_minor": found.counted_minor,
        "explanation": [(reason.code, reason.values) for reason in found.reasons],
        "found_at": now,
    }


def decided_step(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Carry out the next decisions; says whether there are none left. What a webhook has corrected since is left."""
    decided = reading_differences.decided(conn, shop.id, A_STEP)
    before = orders.lock(conn, shop.id, decided)
    open_ = [key for key, order in sorted(before.items()) if order.reading < READING]
    known = {key: _known(conn, shop, before[key]) for key in open_ if decided[key] == TAKE}
    news = [ReadAgain(found) for found in known.values() if found is not None]
    if news:
        follow_up(conn, shop, settle_orders(conn, shop, news, now), news, now)
    taken = {said.order_id for said in news}
    reading_differences.mark_read(conn, shop.id, set(open_) - taken)
    states = {key: "corrected" if key not in open_ else DONE[TAKE if key in taken else LEAVE] for key in decided}
    reading_differences.end(conn, shop.id, states)
    return not decided
