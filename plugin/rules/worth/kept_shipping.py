"""What of an order's shipping is still kept, line by line: after edits, and after refunds that may not say of which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from plugin.rules.types import OrderView, Parcel, Refund, RefundedShipping

Amount = Fraction | int
"""Minor units, exactly; whole numbers wherever nothing was divided, which is much cheaper than a fraction."""


FIRST_PARCEL = -10
"""Below it are the ids of shipping lines, turned round."""


@dataclass(slots=True)
class _Back:
    """What was refunded of one shipping line, in the order's tax convention, and the tax where it stands beside."""

    net: Amount = 0
    tax: Amount = 0

    def take(self, most_net: Amount, most_tax: Amount, rest: _Back) -> None:
        """As much of the rest as there is room for."""
        net, tax = max(0, min(rest.net, most_net - self.net)), max(0, min(rest.tax, most_tax - self.tax))
        self.net, self.tax = self.net + net, self.tax + tax
        rest.net, rest.tax = rest.net - net, rest.tax - tax


def parcel_key(parcel: Parcel) -> int:
    """The id under which a shipping line appears among the parts of an order."""
    return FIRST_PARCEL - parcel.id


def kept_of(view: OrderView) -> Iterator[tuple[Parcel, Amount, Amount]]:
    """Each shipping line, what of it is kept, and its tax where that stands beside.

    A present price is what is left after refunds, as Shopify says of `currentDiscountedPriceSet`: it is never counted
    down twice.
    """
    back = _refunded(view)
    for one in view.parcels:
        net: Amount = 0 if one.removed else max(0, min(one.cost_minor - back[one.id].net, _at_present(one)))
        tax = 0 if view.taxes_included or one.removed else max(0, one.tax_minor - back[one.id].tax)
        if net < one.cost_minor - back[one.id].net:
            tax = min(tax, Fraction(one.tax_minor * net, one.cost_minor)) if one.cost_minor else 0
        yield one, net, tax


def _at_present(parcel: Parcel) -> int:
    return parcel.cost_minor if parcel.now_minor is None else parcel.now_minor


def _refunded(view: OrderView) -> Mapping[int, _Back]:
    """What was refunded of each. A refund that names none is of what was there already when it was made: first what
    the prices show, then whatever may have been meant without their saying so, then what an edit removed."""
    back = {one.id: _Back() for one in view.parcels}
    silent: list[tuple[Refund, _Back]] = []
    for refund in view.refunds:
        for each in refund.shipping:
            told = _told(view, each)
            if each.parcel_id in back:
                named = back[each.parcel_id]
                named.net, named.tax = named.net + told.net, named.tax + told.tax
            else:
                silent.append((refund, told))
    for refund, rest in silent:
        there = [one for one in view.parcels if not _came_later(view, one, refund)] or view.parcels
        for parcel, net, tax in _rooms(there):
            back[parcel.id].take(net, tax, rest)
    return back


def _told(view: OrderView, each: RefundedShipping) -> _Back:
    return _Back(each.with_tax(True)) if view.taxes_included else _Back(each.minor, each.tax_minor)


def _came_later(view: OrderView, parcel: Parcel, refund: Refund) -> bool:
    """Whether the refund was made before the shipping line was first seen, of an order that we saw before."""
    key = parcel_key(parcel)
    seen = next((one.at for one in view.earlier if key in one.ever), view.updated_at)
    before = any(key not in one.ever for one in view.earlier)
    return before and refund.created_at is not None and refund.created_at < seen


def _rooms(parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Amount, Amount]]:
    """How much each can take, in the order in which they are asked."""
    here = [one for one in parcels if not one.removed]
    for one in here:
        if one.now_minor is not None and one.cost_minor:
            gone = max(0, one.cost_minor - one.now_minor)
            yield one, gone, Fraction(one.tax_minor * gone, one.cost_minor)
    yield from ((one, one.cost_minor, one.tax_minor) for one in here if one.now_minor is None)
    yield from ((one, one.cost_minor, one.tax_minor) for one in parcels if one.removed)
    yield from ((one, one.cost_minor, one.tax_minor) for one in here)
