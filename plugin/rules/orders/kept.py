"""What of an order is still kept: each line, the shipping, the duties, whichever way the rest left.

A unit leaves by an edit, by a return or by a refund that names its line; what it was worth then is the same. Of
money nothing is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from plugin.rules.types import Line, OrderView, RefundLine

Amount = Fraction | int
"""Minor units, exactly; whole numbers wherever nothing was divided, which is much cheaper than a fraction."""
SHIPPING_LINE = 0
"""The id under which shipping appears among the lines."""
DUTIES = -1
"""The same for duties and additional fees."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line, the shipping, or the duties: what it came to with its tax, what of that is kept, the share of it
    without tax, and what is held: units of a line, minor units of the rest."""

    id: int
    whole_minor: int
    kept_minor: Amount
    share: Amount
    held: int
    tip: bool = False


def parts(view: OrderView) -> list[Part]:
    """Everything that was ever on the order."""
    back = refunded_lines(view)
    found = [_line(line, back.get(line.id, ()), included=view.taxes_included) for line in view.lines]
    if view.shipping_minor or view.shipping_removed_minor:
        found.append(_shipping(view))
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
    return max(line.quantity, line.current_quantity)


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


def _line(line: Line, rows: list[RefundLine] | tuple[RefundLine, ...], *, included: bool) -> Part:
    units, net = bought_units(line), bought_net(line)
    tax = 0 if included else max(0, line.tax_minor)
    if units == line.current_quantity and not rows:
        return Part(line.id, net + tax, net + tax, 1, units, line.tip)
    removed = edited_away(line, rows)
    left = min(max(0, line.current_quantity), units - removed - sum(row.quantity for row in rows))
    if left <= 0 or units <= 0:
        return Part(line.id, net + tax, 0, 0, 0, line.tip)
    share = _share(line, rows, removed, left)
    kept_tax: Amount = 0
    if share and tax:
        gone = sum((tax_of(line, row) for row in rows), Fraction(tax * removed, units))
        kept_tax = min(Fraction(tax), max(Fraction(0), tax - gone))
    return Part(line.id, net + tax, share * net + kept_tax, share, left, line.tip)


def _share(line: Line, rows: list[RefundLine] | tuple[RefundLine, ...], removed: int, left: int) -> Amount:
    """The part of the line's worth that is kept: by what refunds say, and never more than its units are worth."""
    units, net = bought_units(line), bought_net(line)
    if not net:
        return Fraction(left, units)
    gone = sum((worth_of(line, row) for row in rows), Fraction(net * removed, units))
    most = -(-net * left // units)
    return max(Fraction(0), min(net - Fraction(gone), Fraction(most))) / net


def _shipping(view: OrderView) -> Part:
    """Refunded shipping is first what an edit removed; a present price is what is left after refunds, as Shopify
    says of `currentDiscountedPriceSet`, and is never counted down twice."""
    cost, tax = view.shipping_minor, 0 if view.taxes_included else view.shipping_tax_minor
    back = sum(refund.shipping_minor for refund in view.refunds)
    back_tax = 0 if view.taxes_included else sum(refund.shipping_tax_minor for refund in view.refunds)
    rest = max(0, back + back_tax - view.shipping_removed_minor)
    rest_net = Fraction(rest * back, back + back_tax) if rest else Fraction(0)
    now = cost if view.shipping_now_minor is None else view.shipping_now_minor
    net = max(Fraction(0), min(Fraction(now), Fraction(cost), cost - rest_net))
    share = net / cost if cost else Fraction(0)
    kept_tax = max(Fraction(0), tax - (rest - rest_net)) if net and net == cost - rest_net else tax * share
    kept = net + kept_tax
    return Part(SHIPPING_LINE, cost + tax + view.shipping_removed_minor, kept, share, int(kept))


def _duties(view: OrderView) -> Part:
    charged = view.duties_minor
    back = sum(refund.duties_minor for refund in view.refunds)
    now = charged if view.duties_now_minor is None else view.duties_now_minor
    kept = max(0, min(now, charged, charged - back))
    return Part(DUTIES, charged, kept, Fraction(kept, charged), kept)


def by_id(found: list[Part]) -> Mapping[int, Part]:
    """The parts by their ids."""
    return {part.id: part for part in found}
