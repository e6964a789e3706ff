"""What the ledger must say, computed from the sandbox's own records and from nothing of the plugin's.

Straightforward on purpose: there are no discounts here, so a line is worth its price times what is left
of it. The payloads, the plugin's parsing and its rules are not used.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from sandbox import sums
from sandbox.state import Record
from tests.chaos.history import PAID, Story


@dataclass(frozen=True)
class Terms:
    """The terms of one shop's programme."""

    points: int
    per_minor: int
    rounding: str = "floor"
    shipping: bool = False
    welcome: int = 0


def _rounded(value: Fraction, rounding: str) -> int:
    return {"floor": floor(value), "ceil": ceil(value), "half_up": floor(value + Fraction(1, 2))}[rounding]


def points_of(order: Record, terms: Terms) -> int:
    """Points for one order that still exists."""
    if order["cancelled_at"] or sums.financial_status(order) not in PAID:
        return 0
    beyond = sum(-one["amount"] for refund in order["refunds"] for one in refund["adjustments"]
                 if one["kind"] == "refund_discrepancy")  # fmt: skip
    gone = min(Fraction(1), Fraction(max(0, beyond), order["placed"]["total"]))
    worth = sum((max(Fraction(0), left - whole * gone) for whole, left in _parts(order, terms)), Fraction(0))
    return _rounded(worth * terms.points / terms.per_minor, terms.rounding)


def _parts(order: Record, terms: Terms) -> list[tuple[Fraction, Fraction]]:
    """Per line that counts: its worth without tax as ordered, and of what is left of it."""
    parts = []
    for line in order["lines"]:
        if not line["gift_card"]:
            whole = Fraction(line["price"] * line["quantity"])
            if order["taxes_included"]:
                whole -= sums.line_tax(order, line, line["quantity"])
            parts.append((whole, whole * Fraction(sums.current(line), line["quantity"])))
    if terms.shipping:
        parts.append((Fraction(order["shipping"]["price"]), Fraction(sums.shipping_left(order))))
    return parts


def order_points(story: Story, terms: Terms) -> dict[int, int]:
    """Points by order; those without any are left out."""
    points = {key: points_of(order, terms) for key, order in story.orders.items() if key not in story.deleted}
    return {key: value for key, value in points.items() if value}


def holdings(story: Story, terms: Terms) -> Counter[str]:
    """Points by person: a customer's number, or the address of somebody who never was one."""
    by_email = {one["email"].lower(): one["id"] for one in story.shop.customer.values()}
    held: Counter[str] = Counter()
    for key, points in order_points(story, terms).items():
        order = story.orders[key]
        customer = order["customer_id"] or by_email.get(order["email"].lower())
        held[str(customer or order["email"].lower())] += points
    for customer in story.shop.customer:
        held[str(customer)] += terms.welcome
    return +held
