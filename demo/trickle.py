"""New orders, one every few seconds, until stopped."""

from __future__ import annotations

import random
import threading

from demo import buyers
from sandbox.local import Sandbox
from sandbox.shop import discounts, orders, sums
from sandbox.state import Record, Shop, now

OF_STORIES = "@stories.example.com"
"""Addresses of people whose stories are told: nobody else buys in their name."""


class Trickle:
    """A thread that buys, and now and then regrets."""

    def __init__(self, box: Sandbox, shop: Shop, every_seconds: float = 6.0, seed: int | None = None) -> None:
        self.box, self.shop, self.every_seconds = box, shop, every_seconds
        self.dice = random.Random(seed)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, name="sandbox-trickle", daemon=True)
        self.placed = 0

    def start(self) -> Trickle:
        """Begin."""
        self.thread.start()
        return self

    def stop(self) -> None:
        """End."""
        self.stopped.set()
        self.thread.join(5)

    def _run(self) -> None:
        while not self.stopped.wait(self.every_seconds * self.dice.uniform(0.5, 1.5)):
            if self.box.stopping.is_set():
                return
            self.one()

    def one(self) -> Record:
        """One order, with the buyer's code if there is one; some older order may be refunded as well."""
        buyer = buyers.make(self.dice, self.dice.randrange(10_000, 99_999))
        known = [one for one in self.shop.customer.values() if not one["email"].endswith(OF_STORIES)]
        wish = orders.Wish(lines=self._lines(), email=buyer.email, locale=buyer.locale, shipping=0)
        if known and self.dice.random() < 0.75:
            customer = self.dice.choice(known[-400:])
            wish.customer_id, wish.email, wish.locale = customer["id"], customer["email"], customer["locale"]
            wish.codes = self._code_of(customer) if self.dice.random() < 0.5 else []
        guest = wish.customer_id is None and buyer.guest
        order = self._place(wish, buyer, guest)
        self.placed += 1
        if self.dice.random() < 0.08:
            self._regret()
        return order

    def _place(self, wish: orders.Wish, buyer: buyers.Buyer, guest: bool) -> Record:
        def buy() -> Record:
            return self.box.place(
                self.shop, wish, first_name=buyer.first_name, last_name=buyer.last_name, as_customer=not guest
            )

        return buyers.buys_anyway(wish, buy)

    def _lines(self) -> list[tuple[int, int]]:
        variants = [one["id"] for product in self.shop.product.values() for one in product["variants"]]
        chosen = self.dice.sample(variants, self.dice.choice((1, 1, 2, 3)))
        return [(one, self.dice.choice((1, 1, 1, 2))) for one in chosen]

    def _code_of(self, customer: Record) -> list[str]:
        for discount in list(self.shop.discount.values())[::-1]:
            mine = customer["id"] in discount["customers"]
            unused = not any(one["uses"] for one in discount["codes"])
            if mine and unused and discounts.status(discount, now()) == "ACTIVE":
                return [discount["codes"][0]["code"]]
        return []

    def _regret(self) -> None:
        newest = [one for one in list(self.shop.order.values())[-60:] if not one["email"].endswith(OF_STORIES)]
        if recent := [one for one in newest if sums.received(one) > sums.refunded(one)]:
            order = self.dice.choice(recent)
            self.box.refund(self.shop, order, lines={order["lines"][0]["id"]: 1}, note="Changed my mind")
