"""What the ledger must say, computed from the sandbox's own records and from nothing of the plugin's.

Straightforward on purpose: there are no discounts here, so a line is worth its price times what is left of it.
Things that the buyer holds stand on one side, the money that stayed on the other. The payloads, the plugin's
parsing and its rules are not used.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from sandbox.shop import sums
from sandbox.state import Record
from tests.chaos.history import Settled, Story


@dataclass(frozen=True)
class Terms:
    """The terms of one shop's programme."""

    points: int
    per_minor: int
    rounding: str = "floor"
    shipping: bool = False
    welcome: int = 0


@dataclass(frozen=True)
class Thing:
    """Something the buyer holds: what it costs, what of it earns, whether it came after the order was paid in full."""

    costs: Fraction
    earns: Fraction
    later: bool


def _rounded(value: Fraction, rounding: str) -> int:
    return {"floor": floor(value), "ceil": ceil(value), "half_up": floor(value + Fraction(1, 2))}[rounding]


def points_of(order: Record, terms: Terms, settled: Settled | None) -> int:
    """Points for one order that still exists; it was paid in full once, or earns nothing."""
    if order["cancelled_at"] or settled is None:
        return 0
    things = _without_open(_things(order, terms, settled), Fraction(sums.outstanding(order)))
    holds = sum((one.costs for one in things), Fraction(0))
    given = max(0, -sums.agreed(order) - max(0, -sums.balance(order)))
    kept = max(Fraction(0), 1 - given / holds) if holds else Fraction(0)
    worth = sum((one.earns for one in things), Fraction(0)) * kept
    return _rounded(worth * terms.points / terms.per_minor, terms.rounding)


def _without_open(things: list[Thing], open_money: Fraction) -> list[Thing]:
    """What is open was not paid: of what came later first what earns nothing, then the rest of it."""
    left: list[Thing] = [one for one in things if not one.later]
    for earning in (False, True):
        group = [one for one in things if one.later and bool(one.earns) == earning]
        costs = sum((one.costs for one in group), Fraction(0))
        taken = min(open_money, costs)
        open_money -= taken
        left += [
            Thing(one.costs * (1 - taken / costs), one.earns * (1 - taken / costs), True) for one in group if costs
        ]
    return left


def _things(order: Record, terms: Terms, settled: Settled) -> list[Thing]:
    on_top = 0 if order["taxes_included"] else 1
    things = []
    for line in order["lines"]:
        price, tax = Fraction(line["price"]), Fraction(sums.line_tax(order, line, line["quantity"]), line["quantity"])
        later = max(0, min(sums.current(line), line["quantity"] - settled.units.get(line["id"], 0)))
        for units, late in ((sums.current(line) - later, False), (later, True)):
            earns = Fraction(0) if line["gift_card"] else price - (0 if on_top else tax)
            things.append(Thing(units * (price + on_top * tax), units * earns, late))
    shipping = Fraction(sums.shipping_left(order))
    grown = min(shipping, Fraction(_grown(order, settled)))
    for part, late in ((shipping - grown, False), (grown, True)):
        things.append(Thing(part, part if terms.shipping else Fraction(0), late))
    things += [Thing(Fraction(sums.charge_left(order, name)), Fraction(0), False) for name in ("duties", "fees")]
    return [one for one in things if one.costs]


def _grown(order: Record, settled: Settled) -> int:
    """Shipping that came later costs so much more than what went in its place."""
    came, went = 0, 0
    for parcel in sums.parcels(order):
        known, removed = parcel["id"] in settled.parcels, bool(parcel.get("removed"))
        came += sums.parcel_paid(parcel) if not known and not removed else 0
        went += sums.parcel_paid(parcel) if known and removed else 0
    return max(0, came - went)


def order_points(story: Story, terms: Terms) -> dict[int, int]:
    """Points by order; those without any are left out."""
    points = {
        key: points_of(order, terms, story.settled.get(key))
        for key, order in story.orders.items()
        if key not in story.deleted
    }
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
