"""Whether a member's orders reach a milestone: a function of the orders that count, whenever they arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plugin.rules.gifts.automatic_rules import Milestone
from plugin.rules.money import to_minor


@dataclass(frozen=True, slots=True)
class Placed:
    """One order and what of it counts, in minor units; `before_all`: nothing, as it came before the programme."""

    order_id: int
    at: datetime
    minor: int
    before_all: bool = False


def reached(orders: Iterable[Placed], rule: Milestone, digits: int) -> Placed | None:
    """The order with which the milestone is reached, in the order in which they were placed; None if it is not.

    An order of which nothing counts (cancelled, refunded, free) is none. `digits` are the currency's decimals.
    """
    mark = int(rule.at) if rule.metric == "orders" else to_minor(rule.at, digits)
    begins, have = rule.begins_at, 0
    for order in sorted(orders, key=lambda one: (one.at, one.order_id)):
        early = begins is not None and order.at < begins
        if _counts(order, rule) and (rule.earlier or not early):
            have += 1 if rule.metric == "orders" else order.minor
            if have >= mark:
                return None if early else order
    return None


def _counts(order: Placed, rule: Milestone) -> bool:
    return order.minor > 0 or (rule.earlier and order.before_all)
