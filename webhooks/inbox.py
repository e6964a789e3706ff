"""Process the inbox: claim a batch of one shop, settle it in one transaction, isolate what fails.

What another transaction holds is nobody's fault here: the batch is undone, put off and not counted as an attempt.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine

from plugin.actions.emails import carts_left
from plugin.actions.orders import order_effects
from plugin.actions.orders.order_news import OrderNews
from plugin.actions.orders.settle_orders import settle_orders
from plugin.actions.privacy import remembered
from plugin.actions.privacy.remembered import Heard
from plugin.actions.record_event import record
from plugin.actions.referrals import referral_traces
from plugin.actions.work.rounds import around
from plugin.errors import SukiError, Unavailable
from plugin.observe import delivery_outcomes, get_logger, settle_batch, settle_seconds, waits
from plugin.rules.events import DeliveryFailed, Event
from plugin.rules.payloads import json_text
from plugin.rules.privacy.about import About, about_whom
from plugin.store.database.db import dispatch_transaction, shop_transaction
from plugin.store.database.waits import is_cut_short, is_wait, pause_seconds, reason
from plugin.store.orders import guesses
from plugin.store.orders import orders as stored_orders
from plugin.store.privacy import forgotten
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import deliveries, delivery_subjects
from plugin.store.work.deliveries import Delivery
from webhooks import compliance, lifecycle, named_shop, orders, people
from webhooks.checkouts import hear
from webhooks.topics import APP, COMPLIANCE, CUSTOMER_CHANGES, CUSTOMERS, ORDERS, RECONCILED

BATCH = 500
ATTEMPTS = 6
ABOUT_ORDERS = frozenset((*ORDERS, RECONCILED))
NOT_INDEXED = ("put back", "refused")
"""What becomes of deliveries that are not about anybody here, or not yet."""
log = get_logger()


def process_waiting(
    engine: Engine, clock: Callable[[], datetime], limit: int = BATCH, key: bytes = b"", forgetting: bytes = b""
) -> int:
    """Process one batch of every shop that has something waiting; answers how many deliveries.

    `key` is what traces of buyers are hashed with; without one nothing of them is kept. `forgetting` is what
    people are recognised by who were forgotten; without one nobody is.
    """
    now = clock()
    with dispatch_transaction(engine) as conn:
        waiting = deliveries.shops_waiting(conn, now)
    return around("inbox", waiting, lambda shop_id: process_shop(engine, shop_id, now, limit, key, forgetting))


def process_shop(
    engine: Engine, shop_id: int, now: datetime, limit: int = BATCH, key: bytes = b"", forgetting: bytes = b""
) -> int:
    """Process the shop's oldest deliveries in one transaction; answers how many were taken.

    Takes none while another worker is at this shop: two would only wait for each other.
    """
    batch: list[Delivery] = []
    try:
        return _process(engine, shop_id, now, limit, (key, forgetting), batch)
    except Exception as error:
        if not is_wait(error) or not batch:
            raise
        _put_off(engine, shop_id, batch, error, now)
        return 0


def _process(
    engine: Engine, shop_id: int, now: datetime, limit: int, keys: tuple[bytes, bytes], batch: list[Delivery]
) -> int:
    """The transaction; what is claimed stands in `batch`, also when it fails."""
    (key, forgetting), started = keys, time.monotonic()
    with shop_transaction(engine, shop_id) as conn:
        if not deliveries.only_worker(conn, shop_id):
            return 0
        batch.extend(deliveries.claim(conn, shop_id, limit, now))
        if not batch:
            return 0
        anybody, shop = forgotten.share(conn, shop_id), shops.get(conn, shop_id)
        said = Said(shop)
        told = named_shop.sort_out(shop, batch, said.hear)
        heard = Heard(forgetting, anybody, said.topics, said.about)
        failed = {key: error.message for key, error in told.unreadable.items()}
        failed |= apply_apart(conn, shop, told.ours, now, key, heard, said.news)
        deliveries.processed(conn, shop_id, [d.id for d in told.ours if d.id not in failed])
        put_back = {d.id: _put_back(conn, shop, d, failed[d.id], now) for d in batch if d.id in failed}
        put_back |= _refuse(conn, shop, told.refused)
        _keep_whom(conn, shop, heard.without(number for number, what in put_back.items() if what in NOT_INDEXED))
    seconds = round(time.monotonic() - started, 4)
    _observe(batch, put_back, seconds)
    log.info("deliveries", shop=shop.domain, count=len(batch), failed=len(failed), seconds=seconds)
    return len(batch)


class Said:
    """What a batch of bodies says, each read once: whom it is about, and of an order what it tells."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.topics: dict[int, str] = {}
        self.about: dict[int, About] = {}
        self.news: dict[int, OrderNews] = {}

    def hear(self, delivery: Delivery, payload: Mapping[str, Any]) -> None:
        """Note what one says. An order that cannot be read is read again where its error is kept."""
        if not json_text.is_shallow(delivery.body) and json_text.is_too_deep(payload):
            return
        self.topics[delivery.id] = delivery.topic
        self.about[delivery.id] = about_whom(delivery.topic, payload)
        if _tells_of_an_order(delivery):
            with suppress(Exception):
                self.news[delivery.id] = _news(self.shop, delivery, payload)


def _keep_whom(conn: Connection, shop: Shop, heard: Heard) -> None:
    """Write down whom the deliveries are about; of somebody who was forgotten nothing is kept."""
    nobodys = remembered.nobodys(conn, shop.id, heard)
    remembered.note(conn, shop.id, heard.without(nobodys))
    if nobodys:
        delivery_subjects.empty(conn, shop.id, sorted(nobodys))


def _refuse(conn: Connection, shop: Shop, refused: Sequence[Delivery]) -> dict[int, str]:
    """Another shop's deliveries end here; answers so for each."""
    if refused:
        deliveries.refuse(conn, shop.id, [delivery.id for delivery in refused], named_shop.REFUSAL)
    return dict.fromkeys((delivery.id for delivery in refused), "refused")


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


def apply_apart(
    conn: Connection,
    shop: Shop,
    batch: Sequence[Delivery],
    now: datetime,
    key: bytes,
    heard: Heard = remembered.NOBODY_FORGOTTEN,
    read: Mapping[int, OrderNews] = MappingProxyType({}),
) -> dict[int, str]:
    """Apply the batch together; when that fails, halve it until what fails stands alone.

    Answers the error of each delivery that failed. The one place that catches everything: whatever
    is wrong with one delivery, a bug of ours included, must not hold up the others.
    """
    try:
        with conn.begin_nested():
            apply(conn, shop, batch, now, key, heard, read)
    except Exception as error:
        if _lost(error) or is_wait(error):
            raise
        if len(batch) == 1:
            return {batch[0].id: describe(error)}
    else:
        return {}
    half = len(batch) // 2
    first = apply_apart(conn, shop, batch[:half], now, key, heard, read)
    return first | apply_apart(conn, shop, batch[half:], now, key, heard, read)


def _lost(error: Exception) -> bool:
    """The connection itself is gone: nothing can be put back, and nothing was done."""
    return isinstance(error, Unavailable) or bool(getattr(error, "connection_invalidated", False))


def describe(error: Exception) -> str:
    """An error in words without personal data: our own message, or the kind of bug it is."""
    if isinstance(error, SukiError):
        return error.message
    cause = getattr(error, "orig", None) or error
    return f"{type(error).__name__}: {type(cause).__name__}"


def apply(
    conn: Connection,
    shop: Shop,
    batch: Sequence[Delivery],
    now: datetime,
    key: bytes = b"",
    heard: Heard = remembered.NOBODY_FORGOTTEN,
    read: Mapping[int, OrderNews] = MappingProxyType({}),
) -> None:
    """Apply deliveries of one shop: people first, then all orders together, then the rest in turn.

    `heard` is whom they are about, where somebody was forgotten; `read`, what was read already of orders, by delivery.
    """
    passed_over = remembered.ignored(conn, shop.id, heard)
    told = (delivery for delivery in batch if _tells_of_an_order(delivery))
    news = [read.get(one.id) or _news(shop, one, json_text.read(one.body)) for one in told]
    stored_orders.hold(conn, shop.id, {said.order_id for said in news})  # orders are locked before members
    for delivery in batch:
        if delivery.topic in (*CUSTOMERS, *CUSTOMER_CHANGES) and delivery.id not in passed_over:
            people.apply(conn, shop, delivery, now)
    news = remembered.strip(conn, shop.id, news, heard, now)
    if news:
        settled = settle_orders(conn, shop, news, now)
        order_effects.follow_up(conn, shop, settled, news, now)
        referral_traces.keep(conn, shop, settled.reached, news, key, now)
    for delivery in batch:
        if delivery.topic in APP:
            lifecycle.apply(conn, shop, delivery, now)
        elif delivery.topic in COMPLIANCE:
            compliance.apply(conn, shop, delivery, now)
    carts_left.ordered(conn, shop, news, now)
    hear.hear(conn, shop, batch, passed_over, now)


def _tells_of_an_order(delivery: Delivery) -> bool:
    return delivery.topic in ABOUT_ORDERS and not guesses.is_guess(delivery)


def _news(shop: Shop, delivery: Delivery, payload: Mapping[str, Any]) -> OrderNews:
    return orders.told(delivery.topic, delivery.triggered_at, payload, shop.currency, vouched=delivery.names_shop)


def _put_back(conn: Connection, shop: Shop, delivery: Delivery, error: str, now: datetime) -> str:
    """Have it tried again, or give it up; answers which."""
    attempts = delivery.attempts + 1
    give_up = attempts >= ATTEMPTS
    not_before = now + timedelta(seconds=min(900, 2**attempts * 5))
    deliveries.put_back(conn, shop.id, delivery.id, error, not_before, give_up=give_up)
    if give_up:
        record(conn, shop.id, [Event(DeliveryFailed(delivery.id, delivery.topic, attempts), "")], now)
    log.warning(
        "delivery_failed",
        shop=shop.domain,
        topic=delivery.topic,
        delivery=delivery.id,
        error=error,
        final=give_up,
    )
    return "failed" if give_up else "put back"
