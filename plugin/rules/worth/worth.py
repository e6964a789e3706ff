"""What an order is still worth: of each part, how much is kept, paid for, and not given back.

All from present totals, with tax, so that the order of the acts changes nothing: what is kept, what came in, what
went back, what is open. Money beyond what left is spread over everything that is kept and paid, in proportion;
what is open is set first against what was added and earns nothing, then against what was added and earns.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from plugin.rules.types import Moment, OrderView
from plugin.rules.worth import paid
from plugin.rules.worth.kept import Amount, Part, parts


@dataclass(frozen=True, slots=True)
class Steps:
    """In minor units with tax: what left, what of its money was given back, what went back beyond it and took from
    what is kept, what is open, and whether money is still on its way back."""

    left_minor: Amount
    same_money_minor: Amount
    beyond_minor: Amount
    open_minor: Amount
    on_its_way: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """The share of each part that counts, by its id, without its tax and with it: 0 to 1, exactly. `held` is how many
    units of a line are kept."""

    shares: Mapping[int, Amount]
    with_tax: Mapping[int, Amount]
    held: Mapping[int, int]
    steps: Steps


_ANSWERED: dict[int, tuple[weakref.ref[OrderView], dict[tuple[frozenset[int], bool], Worth]]] = {}
"""By the number of a view that is in use somewhere: figures alone."""


def untouched(view: OrderView) -> bool:
    """Whether all that was bought is there and paid for, as far as we know: nearly all orders, and quickly told.

    Of an order that is said to be paid nothing is open, whatever else it says.
    """
    if view.refunds or view.earlier:
        return False
    if view.outstanding_minor and (view.financial_status != "paid" or view.received_minor is not None):
        return False
    if view.duties_now_minor not in (None, view.duties_minor):
        return False
    for line in view.lines:  # twice as quick as any(), and asked of every line of every order
        if line.quantity > line.current_quantity:
            return False
    return not any(parcel.removed or parcel.now_minor not in (None, parcel.cost_minor) for parcel in view.parcels)


def worth(view: OrderView, earning: frozenset[int], *, at_once: bool = False) -> Worth:
    """What counts of everything on the order; `earning` are the ids of what earns. Whoever asks again for the same
    view (points, cashback, reports) gets the same answer without its being computed again."""
    found = _answers(view)
    if (asked := (earning, at_once)) not in found:
        found[asked] = _weighed(view, earning, at_once)
    return found[asked]


def _answers(view: OrderView) -> dict[tuple[frozenset[int], bool], Worth]:
    """What was answered of this very view, not of one that is equal to it; forgotten with the view, so that nothing
    about a person is kept here."""
    key = id(view)
    if (known := _ANSWERED.get(key)) is None:
        known = _ANSWERED[key] = weakref.ref(view, lambda _: _ANSWERED.pop(key, None)), {}
    return known[1]


def _weighed(view: OrderView, earning: frozenset[int], at_once: bool) -> Worth:
    found = parts(view)
    now = paid.moment_of(view, view.updated_at)
    never_paid = at_once or not paid.was_paid(view)
    came_in = now.whole_minor if never_paid else paid.received(view, now)
    opened = {} if never_paid else _open(view, found, now, earning)
    still_open = sum(opened.values(), Fraction(0))
    kept = now.kept_minor - still_open
    beyond = max(Fraction(0), kept - (came_in - now.back_minor))
    base = sum((part.kept_minor - opened.get(part.id, 0) for part in found if not part.tip), Fraction(0))
    rest: Amount = max(Fraction(0), 1 - Fraction(beyond) / base) if beyond and base else int(not beyond)
    counts = {part.id: _paid_part(part, opened) * (1 if part.tip else rest) for part in found}
    return Worth(
        {part.id: part.share * counts[part.id] for part in found},
        {part.id: Fraction(part.kept_minor) / part.whole_minor * counts[part.id] for part in found if part.whole_minor},
        {part.id: part.held for part in found if not part.is_shipping},
        _steps(view, now, beyond, still_open),
    )


def bought_share(view: OrderView) -> Fraction:
    """The part of everything that was ever on the order for which money came in."""
    if view.reading == 1 or untouched(view) or not paid.was_paid(view):
        return Fraction(1)
    now = paid.moment_of(view, view.updated_at)
    return Fraction(min(now.whole_minor, paid.received(view, now)), now.whole_minor) if now.whole_minor else Fraction(1)


def _paid_part(part: Part, opened: Mapping[int, Fraction]) -> Amount:
    return 1 - opened[part.id] / part.kept_minor if opened.get(part.id) else 1


def _open(view: OrderView, found: list[Part], now: Moment, earning: frozenset[int]) -> dict[int, Fraction]:
    """What is open of each part: of what was added since everything was paid, first what earns nothing."""
    before = paid.last_settled(view)
    if before is None:
        return {}
    added = {part.id: _added(part, before) for part in found if not part.is_shipping} | _shipping_added(found, before)
    left = Fraction(_stated(view, now, before))
    opened: dict[int, Fraction] = {}
    for earns in (False, True):
        mine = {key: amount for key, amount in added.items() if amount and (key in earning) == earns}
        whole = sum(mine.values(), Fraction(0))
        taken = min(left, whole)
        left -= taken
        opened |= {key: amount * taken / whole for key, amount in mine.items() if taken}
    return opened


def _stated(view: OrderView, now: Moment, before: Moment) -> int:
    if now.open_minor is not None:
        return now.open_minor
    return max(0, now.kept_minor - (paid.received(view, now) - now.back_minor))


def _added(part: Part, before: Moment) -> Fraction:
    """What of the part was not there then. Of a line to which units were added, those that left were the old ones: the
    same, whether units were added or removed first."""
    if part.tip or not part.held:
        return Fraction(0)
    return Fraction(part.kept_minor) * min(part.held, max(0, part.ever - before.ever.get(part.id, 0))) / part.held


def _shipping_added(found: list[Part], before: Moment) -> dict[int, Fraction]:
    """Another way of sending in the place of one that was paid is added only as far as it costs more."""
    parcels = [part for part in found if part.is_shipping]
    grown = sum(part.ever - before.ever.get(part.id, 0) for part in parcels)
    kept = sum((Fraction(part.kept_minor) for part in parcels), Fraction(0))
    share = min(Fraction(1), max(Fraction(0), grown / kept)) if kept else Fraction(0)
    return {part.id: part.kept_minor * share for part in parcels}


def _steps(view: OrderView, now: Moment, beyond: Amount, still_open: Amount) -> Steps:
    left = now.whole_minor - now.kept_minor
    return Steps(
        left_minor=left,
        same_money_minor=min(left, max(0, now.back_minor - beyond)),
        beyond_minor=beyond,
        open_minor=still_open,
        on_its_way=any(refund.pending for refund in view.refunds),
    )
