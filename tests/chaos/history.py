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

from sandbox.shop import orders, people, refunds, sums
from sandbox.shop.orders import Happened, Wish
from sandbox.state import Record, Shop
from sandbox.webhooks import happenings
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


@dataclass(frozen=True)
class Settled:
    """What was on an order when it was last paid in full: the units that there ever were, and ways of sending."""

    units: dict[int, int]
    parcels: frozenset[int]


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
    settled: dict[int, Settled] = field(default_factory=dict)
    murky: set[int] = field(default_factory=set)
    """Orders of which something left that was never paid, or came for money that was owed. Their views do not tell
    how much came in, so that no money goes back without a thing that it is for."""
    buyers: tuple[str, str] | None = None
    """Another currency in which every third buyer pays, and its rate."""
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
            duties=self.dice.choice((0, 0, 0, 700)),
            fees=self.dice.choice((0, 0, 0, 200)),
            presentment=self.buyers if self.dice.random() < 0.33 else None,
        )

    def _events(self) -> list[Callable[[Record, datetime], Happened]]:
        often = [self._pay, self._fulfil, self._refund_lines, self._refund_amount, self._edit]
        money = [self._refund_shipping, self._refund_charges, self._refund_owed, self._settle]
        return [*often, *often, self._return, self._add, self._ship_otherwise, *money, self._cancel, self._delete]

    def _pay(self, order: Record, at: datetime) -> Happened:
        return [] if self._over(order) else orders.mark_paid(self.shop, order, at)

    def _fulfil(self, order: Record, at: datetime) -> Happened:
        return [] if self._over(order) else orders.fulfil(self.shop, order, at)

    def _may_refund(self, order: Record, *, open_too: bool = False) -> bool:
        if self._over(order) or sums.financial_status(order) not in PAID:
            return False
        return sums.refundable(order) > 0 and (open_too or sums.balance(order) <= 0)

    def _refund_lines(self, order: Record, at: datetime) -> Happened:
        line = self.dice.choice(order["lines"])
        if not self._may_refund(order) or sums.refundable(order) < line["price"] * 4:
            return []
        pending = self.dice.random() < 0.2
        return self._back(order, at, lines={line["id"]: self.dice.randint(1, 3)}, pending=pending)

    def _return(self, order: Record, at: datetime) -> Happened:
        """Goods come back, the money later or never."""
        line = self.dice.choice(order["lines"])
        if not self._may_refund(order):
            return []
        return self._back(order, at, lines={line["id"]: 1}, move_money=False)

    def _refund_amount(self, order: Record, at: datetime) -> Happened:
        if not self._may_refund(order, open_too=True) or order["id"] in self.murky:
            return []
        amount = max(1, sums.refundable(order) * self.dice.randint(1, 5) // 10)
        return self._back(order, at, amount=amount, pending=self.dice.random() < 0.2)

    def _refund_shipping(self, order: Record, at: datetime) -> Happened:
        left = sums.shipping_left(order)
        if not self._may_refund(order) or not left or sums.refundable(order) < left:
            return []
        return self._back(order, at, shipping=left)

    def _refund_charges(self, order: Record, at: datetime) -> Happened:
        charges = {name: sums.charge_left(order, name) for name in ("duties", "fees")}
        if not self._may_refund(order) or sums.refundable(order) < sum(charges.values()):
            return []
        return self._back(order, at, **charges)

    def _refund_owed(self, order: Record, at: datetime) -> Happened:
        if not self._may_refund(order) or not 0 < -sums.balance(order) <= sums.refundable(order):
            return []
        return self._back(order, at, amount=-sums.balance(order))

    def _settle(self, order: Record, at: datetime) -> Happened:
        """Money that was on its way arrives, or does not."""
        waiting = [one["id"] for one in order["refunds"] for part in one["transactions"] if part["status"] == "pending"]
        if self._over(order) or not waiting:
            return []
        return refunds.settle(self.shop, order, waiting[0], at, arrives=self.dice.random() < 0.7)

    def _back(self, order: Record, at: datetime, **what: object) -> Happened:
        return orders.refund(self.shop, order, at, **what)[1]

    def _edit(self, order: Record, at: datetime) -> Happened:
        line = self.dice.choice(order["lines"])
        delta = self.dice.choice((-1, -1, 1))
        wanted = max(0, sums.current(line) + delta)
        if self._over(order) or not self._may_change(order, grows=delta > 0):
            return []
        return orders.edit(self.shop, order, {line["id"]: wanted}, at)

    def _add(self, order: Record, at: datetime) -> Happened:
        """Something new, open until it is paid."""
        if self._over(order) or not self._may_change(order, grows=True):
            return []
        product = self.dice.choice(list(self.shop.product.values()))
        return orders.edit(self.shop, order, {}, at, [(self.dice.choice(product["variants"])["id"], 1)])

    def _ship_otherwise(self, order: Record, at: datetime) -> Happened:
        parcel = sums.parcels(order)[-1]
        touched = sums.parcel_left(order, parcel) != sums.parcel_paid(parcel)
        if self._over(order) or touched or _gave_more(order) or not self._may_change(order, grows=False):
            return []
        self.murky.add(order["id"])
        return orders.edit(self.shop, order, {}, at, shipping=self.dice.choice((300, 900)))

    def _may_change(self, order: Record, *, grows: bool) -> bool:
        """Whether an edit leaves a view that tells all; if it does not, no money goes without a thing from now on."""
        balance = sums.balance(order)
        unclear = balance < 0 if grows else balance > 0
        if unclear and _gave_more(order):
            return False
        if unclear or (not grows and order["id"] not in self.settled):
            self.murky.add(order["id"])
        return True

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
        self._look_whether_settled(order)
        for topic, body in happenings.bodies(self.shop, order, happened):
            if topic not in NOT_SUBSCRIBED:
                self._tell(topic, body, at)
        if self._over(order) or (happened and sums.financial_status(order) not in PAID):
            self.always_paid.discard(order["id"])

    def _look_whether_settled(self, order: Record) -> None:
        if sums.received(order) and sums.balance(order) <= 0 and not order["cancelled_at"]:
            units = {line["id"]: line["quantity"] for line in order["lines"]}
            there = frozenset(one["id"] for one in sums.parcels(order) if not one.get("removed"))
            self.settled[order["id"]] = Settled(units, there)

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


def _gave_more(order: Record) -> bool:
    """Whether money went back, or is on its way, that no thing on a refund explains."""
    return any(
        sum(part["amount"] for part in one["transactions"] if part["status"] != "failure") > refunds.worth(order, one)
        for one in order["refunds"]
    )


def shuffled(stories: list[Story], dice: Random) -> list[Webhook]:
    """Every webhook of every shop, some of them more than once, in no order at all."""
    everything = [webhook for story in stories for webhook in story.webhooks]
    copies = [webhook for webhook in everything if dice.random() < DUPLICATE_SHARE]
    result = everything + copies
    dice.shuffle(result)
    return result
