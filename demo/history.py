"""A made-up past of a shop: two years of customers and orders, always the same for the same seed."""

from __future__ import annotations

import heapq
import itertools
import queue
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from demo import buyers
from sandbox.admin_api import code_discounts
from sandbox.local import Sandbox
from sandbox.shop import orders, people, refunds, sums
from sandbox.shop.catalogue import usual_shipping
from sandbox.state import Record, Shop, iso, now, parse_time
from sandbox.webhooks.dispatcher import Delivery, prepare
from sandbox.webhooks.happenings import bodies
from sandbox.webhooks.sending import Sender

FIRST_HISTORY_ID = 4_000_000_000_001
SEASON = (0.75, 0.85, 0.95, 1.0, 1.05, 1.0, 0.9, 0.95, 1.0, 1.1, 1.5, 1.9)
CODES = (("SALAMAT10", 0.10), ("PASKO15", 0.15), ("BALIK5", 0.05))
TRIES = 8

Told = tuple[str, Record, datetime, str]


@dataclass
class Plan:
    """What the history is made of; orders 0 means all of them."""

    seed: int = 7
    buyers: int = 300
    months: int = 24
    orders: int = 0
    end: datetime | None = None


@dataclass
class Past:
    """The simulation: a heap of things to come, worked off in time order."""

    shop: Shop
    plan: Plan
    start: datetime
    end: datetime
    dice: random.Random
    heap: list[tuple[datetime, int, Callable[[datetime], Iterator[Told]]]] = field(default_factory=list)
    count: Iterator[int] = field(default_factory=itertools.count)

    def at(self, moment: datetime, what: Callable[[datetime], Iterator[Told]]) -> None:
        """Something will happen, unless it lies in the future."""
        if moment < self.end:
            heapq.heappush(self.heap, (moment.replace(microsecond=0), next(self.count), what))

    def run(self) -> Iterator[Told]:
        """Everything, in time order."""
        span = (self.end - self.start).total_seconds()
        for number in range(self.plan.buyers):
            buyer = buyers.make(self.dice, number)
            # Most come early, so that the shop does not look as if it had opened yesterday.
            moment = self.start + timedelta(seconds=span * self.dice.random() ** 1.4)
            self.at(_in_opening_hours(moment, self.dice), partial(self.buys, buyer))
        while self.heap:
            moment, _, what = heapq.heappop(self.heap)
            yield from what(moment)

    def buys(self, buyer: buyers.Buyer, when: datetime) -> Iterator[Told]:
        """One order, what follows from it, and the next one."""
        shop, dice = self.shop, self.dice
        if not buyer.guest and buyer.customer_id is None:
            customer = people.enrol(
                shop, when, first_name=buyer.first_name, last_name=buyer.last_name, email=buyer.email,
                locale=buyer.locale,
            )  # fmt: skip
            buyer.customer_id = customer["id"]
            yield "customers/create", people.customer_body(shop, customer), when, self._event()
        order, happened = self._place(buyer, when)
        yield from self._tell(order, happened, when)
        self._follow(order, when)
        if buyer.days_between:
            gap = dice.expovariate(1 / buyer.days_between) / SEASON[when.month - 1]
            again = _in_opening_hours(when + timedelta(days=gap), dice)
            self.at(max(again, when + timedelta(hours=2)), lambda moment: self.buys(buyer, moment))

    def _place(self, buyer: buyers.Buyer, when: datetime) -> tuple[Record, orders.Happened]:
        dice = self.dice
        variants = [one["id"] for product in self.shop.product.values() for one in product["variants"]]
        chosen = dice.sample(variants, dice.choices((1, 2, 3, 4), (45, 32, 16, 7))[0])
        wish = orders.Wish(
            lines=[(one, dice.choices((1, 2, 3), (78, 17, 5))[0]) for one in chosen], email=buyer.email,
            customer_id=buyer.customer_id, locale=buyer.locale, paid=dice.random() > 0.14,
            shipping=0 if dice.random() < 0.25 else usual_shipping(self.shop), test=dice.random() < 0.004,
            tip=orders.from_form(self.shop, "20") if dice.random() < 0.03 else 0,
            source="pos" if dice.random() < 0.08 else "web",
            codes=[dice.choice(CODES)[0]] if dice.random() < 0.16 else [],
        )  # fmt: skip
        return buyers.buys_anyway(wish, lambda: orders.place(self.shop, wish, when))

    def _follow(self, order: Record, when: datetime) -> None:
        dice, shop = self.dice, self.shop
        chance = dice.random()
        paid = sums.received(order) > 0
        if not paid:
            if chance < 0.12:
                self._later(order, when, 72, lambda at: orders.cancel(shop, order, at, reason="declined"))
                return
            self._later(order, when, 50, lambda at: orders.mark_paid(shop, order, at))
        if chance < 0.03 and paid:
            self._later(order, when, 12, lambda at: orders.cancel(shop, order, at))
            return
        if chance < 0.06:
            self._later(order, when, 6, lambda at: self._edit(order, at))
        self._later(order, when, 60, lambda at: orders.fulfil(shop, order, at))
        if 0.06 <= chance < 0.105:
            self._later(order, when, 24 * 20, lambda at: self._refund(order, at))

    def _later(self, order: Record, when: datetime, hours: float, what: Callable[[datetime], Any]) -> None:
        moment = when + timedelta(hours=0.1 + self.dice.random() * hours)
        self.at(moment, lambda at: self._tell(order, what(at), at))

    def _edit(self, order: Record, at: datetime) -> orders.Happened:
        line = self.dice.choice(order["lines"])
        wanted = sums.current(line) + self.dice.choice((-1, 1))
        return orders.edit(self.shop, order, {line["id"]: max(0, wanted)}, at)

    def _refund(self, order: Record, at: datetime) -> orders.Happened:
        kind = self.dice.random()
        if sums.received(order) <= sums.refunded(order):
            return []
        if kind < 0.35:
            return refunds.refund_all(self.shop, order, at)
        if kind < 0.6:
            return orders.refund(self.shop, order, at, amount=sums.received(order) // 5, note="Goodwill")[1]
        line = self.dice.choice(order["lines"])
        return orders.refund(self.shop, order, at, lines={line["id"]: 1}, note="Damaged")[1]

    def _tell(self, order: Record, happened: orders.Happened, at: datetime) -> Iterator[Told]:
        event = self._event()
        for topic, body in bodies(self.shop, order, happened):
            yield topic, body, at, event

    def _event(self) -> str:
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))


def _in_opening_hours(moment: datetime, dice: random.Random) -> datetime:
    """Most people buy between breakfast and bedtime."""
    return moment.replace(hour=dice.choice((0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 22, 23)))


def tell(shop: Shop, plan: Plan) -> Iterator[Told]:
    """The history: topic, body, moment and event id, in time order. The shop's own records grow along."""
    end = plan.end or now()
    past = Past(shop, plan, end - timedelta(days=round(plan.months * 30.44)), end, random.Random(plan.seed))
    ids, shop.ids = shop.ids, itertools.count(FIRST_HISTORY_ID)
    try:
        _merchant_codes(shop, past.start)
        yield from past.run()
    finally:
        shop.ids = ids


def _merchant_codes(shop: Shop, start: datetime) -> None:
    for code, percentage in CODES:
        asked = {
            "title": f"{percentage:.0%} off, by the merchant", "code": code, "startsAt": iso(start),
            "context": {"all": "ALL"},
            "customerGets": {"value": {"percentage": percentage}, "items": {"all": True}},
        }  # fmt: skip
        code_discounts.create(shop, asked, "basic", "basicCodeDiscount")


def _begin(shop: Shop, plan: Plan) -> Plan:
    """A fresh start. A run that was interrupted is repeated with the same ids, so nothing counts twice."""
    for kind in ("order", "customer", "discount"):
        for key in [key for key in shop.records[kind] if isinstance(key, int) and key < FIRST_HISTORY_ID * 1.2]:
            shop.drop(kind, key)
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    shop.settings.setdefault("history_end", iso(plan.end or today))
    shop.settings["next_order_number"] = 1001
    shop.save_settings()
    return Plan(plan.seed, plan.buyers, plan.months, plan.orders, parse_time(shop.settings["history_end"]))


def _deliveries(box: Sandbox, shop: Shop, plan: Plan) -> list[Delivery]:
    """The whole history, signed; the shop's own records are made along the way."""
    made: list[Delivery] = []
    placed = 0
    for topic, body, at, event in tell(shop, plan):
        placed += topic == "orders/create"
        for subscription in box.dispatcher.subscriptions.of(topic):
            webhook_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{shop.domain}/{plan.seed}/{len(made)}"))
            made.append(prepare(box.options, shop.domain, subscription, body, at, event, webhook_id))
        if plan.orders and placed >= plan.orders:
            break
    return made


def send_history(box: Sandbox, shop: Shop, progress: Callable[[int, int], None] | None = None,
                 plan: Plan | None = None, connections: int = 12) -> int:  # fmt: skip
    """Send a shop's history as signed webhooks, once; the number of deliveries (0 when it was sent before).

    progress(sent, total) is called now and then. Raises RuntimeError when the app does not take a delivery.
    """
    if shop.settings.get("history_done"):
        return 0
    made = _deliveries(box, shop, _begin(shop, plan or Plan()))
    belt = _Belt(box, connections)
    for sent, delivery in enumerate(made):
        if progress and sent % 25 == 0:
            progress(sent, len(made))
        belt.put(delivery)
    belt.finish()
    shop.settings["history_done"] = True
    shop.save_settings()
    if progress:
        progress(len(made), len(made))
    return len(made)


class _Belt:
    """Threads that send what is put on the belt; a full belt makes whoever puts wait."""

    def __init__(self, box: Sandbox, connections: int) -> None:
        self.box = box
        self.queue: queue.Queue[Delivery | None] = queue.Queue(maxsize=200)
        self.failure = ""
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(connections)]
        for thread in self.threads:
            thread.start()

    def put(self, delivery: Delivery) -> None:
        """Send it soon."""
        self._check()
        self.queue.put(delivery)

    def _check(self) -> None:
        if self.failure or self.box.stopping.is_set():
            for _ in self.threads:
                self.queue.put(None)
            raise RuntimeError(f"the history was not sent: {self.failure or 'the sandbox is stopping'}")

    def _run(self) -> None:
        sender = Sender(self.box.options.connect_timeout_seconds, 15.0)
        while (delivery := self.queue.get()) is not None:
            if not self.failure:
                self._send(sender, delivery)
        sender.close()

    def _send(self, sender: Sender, delivery: Delivery) -> None:
        for attempt in range(TRIES):
            outcome = sender.post(delivery.url, delivery.body, delivery.headers)
            if outcome.accepted or self.box.stopping.wait(0.2 * 2**attempt):
                return
        self.failure = f"{delivery.topic}: {outcome.status} {outcome.text}"

    def finish(self) -> None:
        """Wait for the last one."""
        for _ in self.threads:
            self.queue.put(None)
        for thread in self.threads:
            thread.join()
        if self.failure:
            raise RuntimeError(f"the history was not sent: {self.failure}")
