"""What left an order and what money went back, step by step, as reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugin.rules.types import Reason
from plugin.rules.worth.kept import Amount

if TYPE_CHECKING:
    from plugin.rules.worth.worth import Steps


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
