"""What came in for an order, and which of it was there when it was paid: from what was seen of it over time.

Deliveries do not say what came in. It follows from the views of the order, oldest first: what an order was paid
with first, then whatever made what was open smaller. An order that we fetched ourselves says it outright.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from plugin.rules.types import Buyer, Moment, OrderView
from plugin.rules.worth.kept import kept_tip, parts
from plugin.rules.worth.money_back import all_named, money_back

PAID = frozenset({"paid", "partially_refunded"})
UNPAID = frozenset({"pending", "authorized", "partially_paid"})
_WAS_PAID = PAID | {"refunded"}
CENTS = 2
"""How far amounts of the same money can be apart where each was rounded in its own currency."""


def moment_of(view: OrderView, triggered_at: datetime) -> Moment:
    """The order's money as this view shows it, in whole minor units."""
    found = parts(view)
    kept = kept_tip(view) + sum(int(part.kept_minor) for part in found)
    return Moment(
        at=view.updated_at,
        triggered_at=triggered_at,
        paid=view.financial_status in _WAS_PAID,
        whole_minor=view.tip_minor + sum(part.whole_minor for part in found),
        kept_minor=kept,
        back_minor=round(money_back(view)),
        named_minor=round(all_named(view)),
        open_minor=_open(view, kept),
        received_minor=view.received_minor,
        ever={part.id: part.ever for part in found if part.ever and not part.tip},
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

    Of equal ones the latest, with what came in where any of them says so: a function of all that was seen, whatever
    the order in which it was heard of.
    """
    latest: dict[tuple[object, ...], Moment] = {}
    for moment in sorted(moments, key=_age):
        before = latest.get(_content(moment))
        latest[_content(moment)] = replace(moment, received_minor=_most(before, moment))
    here = [] if now.cancelled_at else [moment_of(now, now.updated_at)]
    paid_for = {_things(one) for one in (*latest.values(), *here) if one.paid}
    for moment in here:
        if _most(latest.get(_content(moment)), moment) == moment.received_minor:
            latest.pop(_content(moment), None)
    return tuple(sorted((one for one in latest.values() if _says_something(one, paid_for)), key=_age))


def _most(one: Moment | None, other: Moment) -> int | None:
    known = [each.received_minor for each in (one, other) if each and each.received_minor is not None]
    return max(known, default=None)


def _age(moment: Moment) -> tuple[object, ...]:
    return moment.at, moment.triggered_at, str(_content(moment))


def _content(moment: Moment) -> tuple[object, ...]:
    sums = moment.paid, moment.whole_minor, moment.kept_minor, moment.back_minor, moment.named_minor, moment.open_minor
    return *sums, tuple(sorted(moment.ever.items()))


def _says_something(moment: Moment, paid_for: set[tuple[object, ...]]) -> bool:
    """How every order begins: not paid yet, and nothing has left; unless it was paid with other things on it."""
    untouched = moment.whole_minor == moment.kept_minor and not moment.back_minor and not moment.received_minor
    return moment.paid or not untouched or moment.open_minor != moment.kept_minor or _things(moment) not in paid_for


def _things(moment: Moment) -> tuple[object, ...]:
    return moment.whole_minor, tuple(sorted(moment.ever.items()))


def was_paid(view: OrderView) -> bool:
    """Whether the order was paid in full at some time, as far as we have seen."""
    return view.financial_status in _WAS_PAID or any(moment.paid for moment in view.earlier)


def is_paid(view: OrderView) -> bool:
    """Whether it is paid, or was and then grew; not one whose money all went back."""
    return view.financial_status in PAID or (view.financial_status in UNPAID and was_paid(view))


def buyer_behind(view: OrderView) -> Buyer:
    """Who placed the order. A customer who paid under an address has proved that it is theirs."""
    counts = is_paid(view) and view.total_minor > 0 and not view.test and view.cancelled_at is None
    proved = counts and view.buyer.customer_id is not None and bool(view.buyer.email)
    return replace(view.buyer, verified=True) if proved and not view.buyer.verified else view.buyer


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

    What left without its money pays for what was added first, goodwill given before or not; the shop states what is
    open after that. Where this is not sure, less came in: an edited order is fetched, and then says it outright.
    """
    if after.open_minor is None:
        return 0
    was_open = max(0, before.kept_minor - (came_in - before.back_minor))
    was_open = was_open if before.open_minor is None else before.open_minor
    added = max(0, after.whole_minor - before.whole_minor)
    left = (after.whole_minor - after.kept_minor) - (before.whole_minor - before.kept_minor)
    owed = max(0, left - (after.back_minor - before.back_minor))
    unused = came_in - before.back_minor - (before.kept_minor - was_open)
    unnamed = came_in - before.kept_minor - before.named_minor
    credit = max(0, unused, unnamed) + max(0, owed - was_open)
    without = max(0, was_open - owed) + max(0, added - credit)
    return max(0, without - after.open_minor)


def last_settled(view: OrderView) -> Moment | None:
    """The last moment at which nothing was open: what came since was added."""
    return next((one for one in reversed(view.earlier) if one.paid and not one.open_minor), None)
