"""Whether a member's orders reach a milestone: a function of the orders that count, whenever they arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plugin.rules.gifts.automatic_rules import Milestone
from plugin.rules.money import to_minor


@dataclass(frozen=True, slots=True)
class Placed:
    """One order and what of it counts, in minor units."""

    order_id: int
    at: datetime
    minor: int


def reached(orders: Iterable[Placed], rule: Milestone, digits: int) -> Placed | None:
    """The order with which the milestone is reached, in the order in which they were placed; None if it is not.

    An order of which nothing counts (cancelled, refunded, free) is none. `digits` are the currency's decimals.
    """
    mark = int(rule.at) if rule.metric == "orders" else to_minor(rule.at, digits)
    have = 0
    for order in sorted(orders, key=lambda one: (one.at, one.order_id)):
        if order.minor <= 0 or (rule.begins_at is not None and order.at < rule.begins_at):
            continue
        have += 1 if rule.metric == "orders" else order.minor
        if have >= mark:
            return order
    return None
