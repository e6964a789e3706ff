"""What of an order is still kept: each line, the shipping, the duties, whichever way the rest left.

A unit leaves by an edit, by a return or by a refund that names its line; what it was worth then is the same. Of
money nothing is said here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from plugin.rules.types import Line, OrderView, RefundLine
from plugin.rules.worth.kept_shipping import FIRST_PARCEL, Amount, kept_of, parcel_key

__all__ = ["Amount", "parcel_key"]
SHIPPING_LINE = 0
"""The id under which shipping appears among the lines."""
DUTIES = -1
"""The same for duties and additional fees."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line, one shipping line, or the duties: what it came to with its tax, what of that is kept, and the share of
    it without tax. `ever` were on the order, `held` are: units of a line, minor units of the rest. Of shipping that an
    edit removed there is none, as if it had not been."""

    id: int
    whole_minor: int
    kept_minor: Amount
    share: Amount
    ever: int
    held: int
    tip: bool = False

    @property
    def is_shipping(self) -> bool:
        """Whether it is a shipping line."""
        return self.id <= FIRST_PARCEL


def parts(view: OrderView) -> list[Part]:
    """Everything that was ever on the order."""
    back = refunded_lines(view)
    found = [_line(line, back.get(line.id, ()), included=view.taxes_included) for line in view.lines]
    if view.parcels:
        found += _shipping(view)
    if view.duties_minor:
        found.append(_duties(view))
    return found


def refunded_lines(view: OrderView) -> dict[int, list[RefundLine]]:
    """What refunds say of each line."""
    found: dict[int, list[RefundLine]] = {}
    for refund in view.refunds:
        for row in refund.lines:
            found.setdefault(row.line_id, []).append(row)
    return found


def bought_units(line: Line) -> int:
    """The most units of the line that there ever were."""
    return line.quantity if line.quantity > line.current_quantity else line.current_quantity


def bought_net(line: Line) -> int:
    """What these cost after discounts, in the order's own tax convention."""
    return max(0, line.price_minor * bought_units(line) - line.discount_minor)


def edited_away(line: Line, rows: list[RefundLine] | tuple[RefundLine, ...]) -> int:
    """Units that left without a refund that names the line."""
    return max(0, bought_units(line) - line.current_quantity - sum(row.quantity for row in rows))


def worth_of(line: Line, row: RefundLine) -> Amount:
    """What was refunded of the line, as the refund says; by its units where it does not."""
    if row.subtotal_minor is not None:
        return row.subtotal_minor
    units = bought_units(line)
    return Fraction(bought_net(line) * row.quantity, units) if units else 0


def tax_of(line: Line, row: RefundLine) -> Amount:
    """The tax that goes with it."""
    if row.tax_minor is not None:
        return row.tax_minor
    net = bought_net(line)
    return Fraction(line.tax_minor * worth_of(line, row)) / net if net else 0


def nowhere(view: OrderView, row: RefundLine) -> int:
    """What was refunded of a line that the order does not have."""
    return (row.subtotal_minor or 0) + (0 if view.taxes_included else row.tax_minor or 0)


def kept_tip(view: OrderView) -> int:
    """Tips that are no line, less what was refunded of lines that are not there: GraphQL does not show a tip's."""
    if not view.tip_minor or not view.refunds:
        return view.tip_minor
    here = {line.id for line in view.lines}
    rows = (row for refund in view.refunds for row in refund.lines if row.line_id not in here)
    return max(0, view.tip_minor - sum(nowhere(view, row) for row in rows))


def _line(line: Line, rows: list[RefundLine] | tuple[RefundLine, ...], *, included: bool) -> Part:
    units, net = bought_units(line), bought_net(line)
    tax = 0 if included else max(0, line.tax_minor)
    if units == line.current_quantity and not rows:
        return Part(line.id, net + tax, net + tax, 1, units, units, line.tip)
    removed = edited_away(line, rows)
    left = max(0, min(line.current_quantity, units - removed - sum(row.quantity for row in rows)))
    share = _share(line, rows, removed, left) if left else 0
    kept_tax: Amount = 0
    if share:
        gone = sum((tax_of(line, row) for row in rows), Fraction(tax * removed, units))
        kept_tax = min(Fraction(tax), max(Fraction(0), tax - gone))
    return Part(line.id, net + tax, share * net + kept_tax, share, units, left, line.tip)


def _share(line: Line, rows: list[RefundLine] | tuple[RefundLine, ...], removed: int, left: int) -> Amount:
    """The part of the line's worth that is kept: by what refunds say, and never more than its units are worth."""
    units, net = bought_units(line), bought_net(line)
    if not net:
        return Fraction(left, units)
    gone = sum((worth_of(line, row) for row in rows), Fraction(net * removed, units))
    most = -(-net * left // units)
    return max(Fraction(0), min(net - Fraction(gone), Fraction(most))) / net


def _shipping(view: OrderView) -> list[Part]:
    found = []
    for one, net, tax in kept_of(view):
        whole = one.cost_minor + (0 if view.taxes_included else one.tax_minor)
        share: Amount = Fraction(net) / one.cost_minor if one.cost_minor else 0
        ever = 0 if one.removed else whole
        found.append(Part(parcel_key(one), whole, net + tax, share, ever, int(net + tax)))
    return found


def _duties(view: OrderView) -> Part:
    charged = view.duties_minor
    back = sum(refund.duties_minor for refund in view.refunds)
    now = charged if view.duties_now_minor is None else view.duties_now_minor
    kept = max(0, min(now, charged, charged - back))
    return Part(DUTIES, charged, kept, Fraction(kept, charged), charged, kept)
