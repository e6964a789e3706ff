"""Process the inbox: claim a batch of one shop, settle it in one transaction, isolate what fails.

What another transaction holds is nobody's fault here: the batch is undone, put off and not counted as an attempt.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from plugin.actions.orders import order_effects
from plugin.actions.orders.order_facts import OrderFact
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.referrals import referral_traces
from plugin.actions.rounds import around
from plugin.errors import SukiError, Unavailable
from plugin.observe import delivery_outcomes, get_logger, settle_batch, settle_seconds, waits
from plugin.store import deliveries, shops
from plugin.store.database.db import dispatch_transaction, shop_transaction
from plugin.store.database.waits import is_cut_short, is_wait, pause_seconds, reason
from plugin.store.deliveries import Delivery
from plugin.store.shops import Shop
from webhooks import compliance, lifecycle, orders, people
from webhooks.topics import APP, COMPLIANCE, CUSTOMER_CHANGES, CUSTOMERS, ORDERS, RECONCILED

BATCH = 500
ATTEMPTS = 6
log = get_logger()


def process_waiting(engine: Engine, clock: Callable[[], datetime], limit: int = BATCH, key: bytes = b"") -> int:
    """Process one batch of every shop that has something waiting; answers how many deliveries.

    `key` is what traces of buyers are hashed with; without one nothing of them is kept.
    """
    now = clock()
    with dispatch_transaction(engine) as conn:
        waiting = deliveries.shops_waiting(conn, now)
    return around("inbox", waiting, lambda shop_id: process_shop(engine, shop_id, now, limit, key))


def process_shop(engine: Engine, shop_id: int, now: datetime, limit: int = BATCH, key: bytes = b"") -> int:
    """Process the shop's oldest deliveries in one transaction; answers how many were taken.

    Takes none while another worker is at this shop: two would only wait for each other.
    """
    batch: list[Delivery] = []
    try:
        return _process(engine, shop_id, now, limit, key, batch)
    except Exception as error:
        if not is_wait(error) or not batch:
            raise
        _put_off(engine, shop_id, batch, error, now)
        return 0


def _process(engine: Engine, shop_id: int, now: datetime, limit: int, key: bytes, batch: list[Delivery]) -> int:
    """The transaction; what is claimed stands in `batch`, also when it fails."""
    started = time.monotonic()
    with shop_transaction(engine, shop_id) as conn:
        if not deliveries.only_worker(conn, shop_id):
            return 0
        batch.extend(deliveries.claim(conn, shop_id, limit, now))
        if not batch:
            return 0
        shop = shops.get(conn, shop_id)
        failed = apply_apart(conn, shop, batch, now, key)
        deliveries.processed(conn, shop_id, [d.id for d in batch if d.id not in failed])
        put_back = {d.id: _put_back(conn, shop, d, failed[d.id], now) for d in batch if d.id in failed}
    seconds = round(time.monotonic() - started, 4)
    _observe(batch, put_back, seconds)
    log.info("deliveries", shop=shop.domain, count=len(batch), failed=len(failed), seconds=seconds)
    return len(batch)


def _put_off(engine: Engine, shop_id: int, batch: Sequence[Delivery], error: Exception, now: datetime) -> None:
    """Have the whole batch tried a little later. What was cut short comes back one after the other, so that one
    delivery that always takes too long soon stands alone."""
    spread = timedelta(seconds=1 if is_cut_short(error) else 0)
    pauses = (pause_seconds(error, (now - delivery.triggered_at).total_seconds()) for delivery in batch)
    until = [now + timedelta(seconds=pause) + place * spread for place, pause in enumerate(pauses)]
    with shop_transaction(engine, shop_id) as conn:
        deliveries.put_off(conn, shop_id, [delivery.id for delivery in batch], until)
    waits.labels("inbox", reason(error)).inc()
    for topic, number in Counter(delivery.topic for delivery in batch).items():
        delivery_outcomes.labels(topic, "put off").inc(number)
    log.info("deliveries_put_off", shop_id=shop_id, count=len(batch), why=reason(error))


def _observe(batch: Sequence[Delivery], put_back: Mapping[int, str], seconds: float) -> None:
    settle_batch.observe(len(batch))
    settle_seconds.observe(seconds)
    outcomes = Counter((delivery.topic, put_back.get(delivery.id, "processed")) for delivery in batch)
    for (topic, outcome), number in outcomes.items():
        delivery_outcomes.labels(topic, outcome).inc(number)


def apply_apart(conn: Connection, shop: Shop, batch: Sequence[Delivery], now: datetime, key: bytes) -> dict[int, str]:
    """Apply the batch together; when that fails, halve it until what fails stands alone.

    Answers the error of each delivery that failed. The one place that catches everything: whatever
    is wrong with one delivery, a bug of ours included, must not hold up the others.
    """
    try:
        with conn.begin_nested():
            apply(conn, shop, batch, now, key)
    except Exception as error:
        if _lost(error) or is_wait(error):
            raise
        if len(batch) == 1:
            return {batch[0].id: describe(error)}
    else:
        return {}
    half = len(batch) // 2
    return apply_apart(conn, shop, batch[:half], now, key) | apply_apart(conn, shop, batch[half:], now, key)


def _lost(error: Exception) -> bool:
    """The connection itself is gone: nothing can be put back, and nothing was done."""
    return isinstance(error, Unavailable) or bool(getattr(error, "connection_invalidated", False))


def describe(error: Exception) -> str:
    """An error in words without personal data: our own message, or the kind of bug it is."""
    if isinstance(error, SukiError):
        return error.message
    cause = getattr(error, "orig", None) or error
    return f"{type(error).__name__}: {type(cause).__name__}"


def apply(conn: Connection, shop: Shop, batch: Sequence[Delivery], now: datetime, key: bytes = b"") -> None:
    """Apply deliveries of one shop: people first, then all orders together, then the rest in turn."""
    for delivery in batch:
        if delivery.topic in (*CUSTOMERS, *CUSTOMER_CHANGES):
            people.apply(conn, shop, delivery, now)
    facts = [_order_fact(shop, delivery) for delivery in batch if delivery.topic in (*ORDERS, RECONCILED)]
    if facts:
        settled = settle_orders(conn, shop, facts, now)
        order_effects.follow_up(conn, shop, settled, facts, now)
        referral_traces.keep(conn, shop, settled.orders, facts, key, now)
    for delivery in batch:
        if delivery.topic in APP:
            lifecycle.apply(conn, shop, delivery, now)
        elif delivery.topic in COMPLIANCE:
            compliance.apply(conn, shop, delivery, now)


def _order_fact(shop: Shop, delivery: Delivery) -> OrderFact:
    return orders.order(delivery.topic, delivery.triggered_at, delivery.body, shop.currency)


def _put_back(conn: Connection, shop: Shop, delivery: Delivery, error: str, now: datetime) -> str:
    """Have it tried again, or give it up; answers which."""
    attempts = delivery.attempts + 1
    give_up = attempts >= ATTEMPTS
    not_before = now + timedelta(seconds=min(900, 2**attempts * 5))
    deliveries.put_back(conn, shop.id, delivery.id, error, not_before, give_up=give_up)
    log.warning(
        "delivery_failed",
        shop=shop.domain,
        topic=delivery.topic,
        delivery=delivery.id,
        error=error,
        final=give_up,
    )
    return "failed" if give_up else "put back"
