"""What came in for an order, and which of it was there when it was paid: from what was seen of it over time.

Deliveries do not say what came in. It follows from the views of the order, oldest first: what an order was paid
with first, then whatever made what was open smaller. An order that we fetched ourselves says it outright.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from plugin.rules.orders.kept import parts
from plugin.rules.orders.money_back import money_back
from plugin.rules.types import Moment, OrderView

PAID = frozenset({"paid", "partially_refunded"})
UNPAID = frozenset({"pending", "authorized", "partially_paid"})
_WAS_PAID = PAID | {"refunded"}
CENTS = 2
"""How far amounts of the same money can be apart where each was rounded in its own currency."""


def moment_of(view: OrderView, triggered_at: datetime) -> Moment:
    """The order's money as this view shows it, in whole minor units."""
    found = parts(view)
    kept = view.tip_minor + sum(int(part.kept_minor) for part in found)
    return Moment(
        at=view.updated_at,
        triggered_at=triggered_at,
        paid=view.financial_status in _WAS_PAID,
        whole_minor=view.tip_minor + sum(part.whole_minor for part in found),
        kept_minor=kept,
        back_minor=round(money_back(view)),
        open_minor=_open(view, kept),
        received_minor=view.received_minor,
        held={part.id: part.held for part in found if part.held},
    )


def _open(view: OrderView, kept: int) -> int | None:
    if view.financial_status == "paid":
        return 0
    if view.outstanding_minor is not None:
        return view.outstanding_minor
    if view.financial_status in _WAS_PAID:
        return 0
    return None if view.financial_status == "partially_paid" else kept


def remembered(now: OrderView, moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Of what was seen earlier, what says something that `now` does not, oldest first.

    Of equal ones the latest: a function of all that was seen, whatever the order in which it was heard of.
    """
    latest: dict[tuple[object, ...], Moment] = {}
    for moment in sorted(moments, key=_age):
        latest[_content(moment)] = moment
    latest.pop(_content(moment_of(now, now.updated_at)), None)
    return tuple(sorted((one for one in latest.values() if _says_something(one)), key=_age))


def _age(moment: Moment) -> tuple[object, ...]:
    return moment.at, moment.triggered_at, str(_content(moment))


def _content(moment: Moment) -> tuple[object, ...]:
    sums = moment.paid, moment.whole_minor, moment.kept_minor, moment.back_minor, moment.open_minor
    return *sums, moment.received_minor, tuple(sorted(moment.held.items()))


def _says_something(moment: Moment) -> bool:
    """An order that is not paid yet, of which nothing has left, is how they all begin."""
    untouched = moment.whole_minor == moment.kept_minor and not moment.back_minor and not moment.received_minor
    return moment.paid or not untouched or moment.open_minor != moment.kept_minor


def was_paid(view: OrderView) -> bool:
    """Whether the order was paid in full at some time, as far as we have seen."""
    return view.financial_status in _WAS_PAID or any(moment.paid for moment in view.earlier)


def is_paid(view: OrderView) -> bool:
    """Whether it is paid, or was and then grew; not one whose money all went back."""
    return view.financial_status in PAID or (view.financial_status in UNPAID and was_paid(view))


def received(view: OrderView, now: Moment) -> int:
    """What came in up to now, in minor units."""
    came_in, before = 0, None
    for moment in (*view.earlier, now):
        came_in += _first(moment) if before is None else _paid_between(before, moment, came_in)
        came_in = _said(moment, came_in, view)
        before = moment
    return came_in


def _first(moment: Moment) -> int:
    """An order that is paid was paid as a whole; of another one, what is not open any more."""
    if moment.paid:
        return moment.whole_minor
    return max(0, moment.kept_minor - (moment.kept_minor if moment.open_minor is None else moment.open_minor))


def _said(moment: Moment, came_in: int, view: OrderView) -> int:
    """What payments say, where they are known and cover what is held without being open."""
    said = moment.received_minor
    if said is None or abs(said - came_in) <= (CENTS if view.rate else 0):
        return came_in
    held = moment.kept_minor - (moment.open_minor or 0)
    return said if said and said + CENTS >= held else came_in


def _paid_between(before: Moment, after: Moment, came_in: int) -> int:
    """What the buyer paid from one moment to the next: what made the open amount smaller than it would be.

    What left without its money pays for what was added first; the shop states what is open after that.
    """
    if after.open_minor is None:
        return 0
    was_open = max(0, before.kept_minor - (came_in - before.back_minor))
    was_open = was_open if before.open_minor is None else before.open_minor
    added = max(0, after.whole_minor - before.whole_minor)
    left = (after.whole_minor - after.kept_minor) - (before.whole_minor - before.kept_minor)
    owed = max(0, left - (after.back_minor - before.back_minor))
    unused = max(0, came_in - before.back_minor - (before.kept_minor - was_open))
    credit = unused + max(0, owed - was_open)
    without = max(0, was_open - owed) + max(0, added - credit)
    return max(0, without - after.open_minor)


def when_paid(view: OrderView) -> Moment | None:
    """The last moment at which everything on the order was paid."""
    return next((one for one in reversed(view.earlier) if one.paid and not one.open_minor), None)
