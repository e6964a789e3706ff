"""What happened in the shops: orders placed, paid, edited, refunded, cancelled, deleted; customers merged.

Everything happens in the sandbox's own records, so that the app can ask Shopify and hears the same; the
webhooks that tell of it are written down here, for a sender that mistreats them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import orjson

from sandbox import happenings, orders, people, sums
from sandbox.orders import Happened, Wish
from sandbox.state import Record, Shop
from tests.payloads import signed

CUSTOMERS, NEW_CUSTOMERS, GUESTS, MERGES = 60, 6, 25, 5
FRESH_SHARE, GUEST_SHARE, MALFORMED_SHARE, DUPLICATE_SHARE = 0.2, 0.12, 0.02, 0.28
NOT_SUBSCRIBED = ("orders/fulfilled",)
PAID = ("paid", "partially_refunded")


@dataclass(frozen=True)
class Webhook:
    """One signed delivery, as it goes over the wire."""

    id: str
    domain: str
    topic: str
    body: bytes
    headers: dict[str, str]
    malformed: bool = False


@dataclass
class Story:
    """One shop's history, and what is needed to judge it afterwards."""

    shop: Shop
    secret: str
    dice: Random
    now: datetime
    webhooks: list[Webhook] = field(default_factory=list)
    orders: dict[int, Record] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    always_paid: set[int] = field(default_factory=set)
    """Fresh orders that were paid in every state that a webhook told of."""

    def live(self, number: int) -> None:
        """So many orders, and all that comes of them."""
        self._enrol()
        for count in range(number):
            if count in {number * part // (MERGES + 1) for part in range(1, MERGES + 1)}:
                self._merge()
            self._order()

    # people

    def _enrol(self) -> None:
        for count in range(CUSTOMERS):
            new = count >= CUSTOMERS - NEW_CUSTOMERS
            at = self.now - (timedelta(hours=1) if new else timedelta(days=40, minutes=count))
            email = f"buyer{count}@{self.shop.domain}.example"
            customer = people.enrol(self.shop, at, first_name=f"Ana{count}", last_name="Reyes", email=email)
            self._tell("customers/create", people.customer_body(self.shop, customer), at)

    def _merge(self) -> None:
        kept, gone = self.dice.sample(self._mergeable(), 2)
        at = self.now - timedelta(hours=1)
        self._tell("customers/merge", people.merge(self.shop, kept, gone, at), at)

    def _mergeable(self) -> list[Record]:
        """Some of the customers; guests share an address only with the others. One may be merged twice."""
        return [one for one in self._customers() if one["first_name"] < "Ana3"]

    def _customers(self) -> list[Record]:
        return list(self.shop.customer.values())

    def _buyer(self) -> tuple[int | None, str]:
        if self.dice.random() >= GUEST_SHARE:
            customer = self.dice.choice(self._customers())
            return customer["id"], customer["email"]
        if self.dice.random() < 0.3:
            return None, self.dice.choice([one for one in self._customers() if one["first_name"] >= "Ana3"])["email"]
        return None, f"Guest{self.dice.randrange(GUESTS)}@{self.shop.domain}.example"

    # orders

    def _order(self) -> None:
        fresh = self.dice.random() < FRESH_SHARE
        age = timedelta(minutes=self.dice.uniform(10, 40)) if fresh else timedelta(days=self.dice.uniform(3, 20))
        at = self.now - age
        customer_id, email = self._buyer()
        order, happened = orders.place(self.shop, self._wish(customer_id, email), at)
        self.orders[order["id"]] = order
        if fresh:
            self.fresh.add(order["id"])
            self.always_paid.add(order["id"])
        self._tell_order(order, happened, at)
        for _ in range(self.dice.choice((0, 1, 1, 2, 3, 4))):
            at += timedelta(seconds=self.dice.choice((0.21, 1, 7) if fresh else (0.21, 5, 3600, 20_000)))
            self._tell_order(order, self.dice.choice(self._events())(order, at), at)

    def _wish(self, customer_id: int | None, email: str) -> Wish:
        goods = list(self.shop.product.values())
        chosen = self.dice.sample(goods, self.dice.choice((1, 1, 2, 3)))
        lines = [(self.dice.choice(product["variants"])["id"], self.dice.randint(1, 4)) for product in chosen]
        return Wish(
            lines=lines,
            email=email,
            customer_id=customer_id,
            shipping=self.dice.choice((0, 500, 1250)),
            paid=self.dice.random() < 0.85,
            locale=self.dice.choice(("en", "fil-PH")),
        )

    def _events(self) -> list[Callable[[Record, datetime], Happened]]:
        often = [self._pay, self._fulfil, self._refund_lines, self._refund_amount, self._edit]
        return [*often, *often, self._refund_shipping, self._cancel, self._delete]

    def _pay(self, order: Record, at: datetime) -> Happened:
        return [] if self._over(order) else orders.mark_paid(self.shop, order, at)

    def _fulfil(self, order: Record, at: datetime) -> Happened:
        return [] if self._over(order) else orders.fulfil(self.shop, order, at)

    def _refund_lines(self, order: Record, at: datetime) -> Happened:
        if self._over(order) or sums.financial_status(order) not in PAID:
            return []
        line = self.dice.choice(order["lines"])
        return orders.refund(self.shop, order, at, lines={line["id"]: self.dice.randint(1, 3)})[1]

    def _refund_amount(self, order: Record, at: datetime) -> Happened:
        if self._over(order) or sums.financial_status(order) not in PAID:
            return []
        left = sums.received(order) - sums.refunded(order)
        return orders.refund(self.shop, order, at, amount=max(1, left * self.dice.randint(1, 5) // 10))[1]

    def _refund_shipping(self, order: Record, at: datetime) -> Happened:
        if self._over(order) or sums.financial_status(order) not in PAID or not sums.shipping_left(order):
            return []
        return orders.refund(self.shop, order, at, shipping=sums.shipping_left(order))[1]

    def _edit(self, order: Record, at: datetime) -> Happened:
        if self._over(order):
            return []
        line = self.dice.choice(order["lines"])
        wanted = max(0, sums.current(line) + self.dice.choice((-1, -1, 1)))
        return orders.edit(self.shop, order, {line["id"]: wanted}, at)

    def _cancel(self, order: Record, at: datetime) -> Happened:
        return [] if self._over(order) else orders.cancel(self.shop, order, at, with_refund=self.dice.random() < 0.5)

    def _delete(self, order: Record, at: datetime) -> Happened:
        if self._over(order):
            return []
        self.deleted.add(order["id"])
        return orders.delete(self.shop, order)

    def _over(self, order: Record) -> bool:
        return order["id"] in self.deleted or bool(order["cancelled_at"])

    # webhooks

    def _tell_order(self, order: Record, happened: Happened, at: datetime) -> None:
        for topic, body in happenings.bodies(self.shop, order, happened):
            if topic not in NOT_SUBSCRIBED:
                self._tell(topic, body, at)
        if self._over(order) or (happened and sums.financial_status(order) not in PAID):
            self.always_paid.discard(order["id"])

    def _tell(self, topic: str, record: Record, at: datetime) -> None:
        body = orjson.dumps(record)
        self.webhooks.append(self._webhook(topic, body, at))
        if self.dice.random() < MALFORMED_SHARE:
            self.webhooks.append(self._webhook(topic, body[: len(body) // 2], at, malformed=True))

    def _webhook(self, topic: str, body: bytes, at: datetime, *, malformed: bool = False) -> Webhook:
        key = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": self.shop.domain,
            "X-Shopify-API-Version": "2026-10",
            "X-Shopify-Webhook-Id": key,
            "X-Shopify-Event-Id": key,
            "X-Shopify-Triggered-At": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "X-Shopify-Hmac-Sha256": signed(self.secret, body),
        }
        return Webhook(key, self.shop.domain, topic, body, headers, malformed)


def shuffled(stories: list[Story], dice: Random) -> list[Webhook]:
    """Every webhook of every shop, some of them more than once, in no order at all."""
    everything = [webhook for story in stories for webhook in story.webhooks]
    copies = [webhook for webhook in everything if dice.random() < DUPLICATE_SHARE]
    result = everything + copies
    dice.shuffle(result)
    return result
