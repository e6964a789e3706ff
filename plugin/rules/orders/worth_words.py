"""What left an order and what money went back, step by step, in words for staff and for shoppers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugin.rules.orders.kept import Amount
from plugin.rules.types import Reason

if TYPE_CHECKING:
    from plugin.rules.orders.worth import Steps

STAFF = {
    "left": "{gone} left the order with edits or returns, and was not paid back.",
    "left_and_back": "{gone} left the order with edits, returns or refunds, {same} was given back: the same money.",
    "back_beyond": "{beyond} was given back beyond what left. It is taken from everything that is kept and paid,"
    " in proportion.",
    "still_open": "{open} is not paid yet: it counts when it is.",
    "on_its_way_back": "A refund is on its way. It counts when the money has moved.",
}
SHOPPER = {
    "left": "{gone} left the order.",
    "left_and_back": "{gone} left the order, {same} was paid back: the same money.",
    "back_beyond": "{beyond} more was paid back; it is taken from everything you kept.",
    "still_open": "{open} is not paid yet: it counts when it is.",
    "on_its_way_back": "A refund is on its way.",
}
HEADLINES: dict[str, str] = {}


def reasons(steps: Steps | None, currency: str) -> tuple[Reason, ...]:
    """Each step that changed something."""
    return tuple(_told(steps, currency)) if steps else ()


def _told(steps: Steps, currency: str) -> Iterator[Reason]:
    left, same = _minor(steps.left_minor), _minor(steps.same_money_minor)
    if left and same:
        yield Reason("left_and_back", {"gone_minor": left, "same_minor": same, "currency": currency})
    elif left:
        yield Reason("left", {"gone_minor": left, "currency": currency})
    if beyond := _minor(steps.beyond_minor):
        yield Reason("back_beyond", {"beyond_minor": beyond, "currency": currency})
    if still_open := _minor(steps.open_minor):
        yield Reason("still_open", {"open_minor": still_open, "currency": currency})
    if steps.on_its_way:
        yield Reason("on_its_way_back")


def _minor(amount: Amount) -> int:
    return round(amount)
