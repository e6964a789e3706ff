"""What counted of an order by the first reading of payloads: for views that were stored then, until a new one comes.

Nothing new is judged by it. Such an order keeps the points that it has until it is heard of again, or read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from plugin.rules.programme import Basis
from plugin.rules.types import Line, OrderView, Refund
from plugin.rules.worth.kept import SHIPPING_LINE, Amount

Share = tuple[int, Amount, Amount]
"""Line, original and kept."""


def shares(view: OrderView, basis: Basis, verdicts: Mapping[int, str], uncounted_minor: int) -> list[Share]:
    """Each line's amount as bought and as kept, and shipping's when it counts."""
    refunded = _refunded_by_line(view.refunds)
    rows = [_line(view, line, basis, verdicts.get(line.id, ""), refunded) for line in view.lines]
    if basis.shipping and view.shipping_minor:
        rows.append(_shipping(view, basis))
    beyond = _part_of_paid(view, sum(beyond_lines(refund) for refund in view.refunds))
    counted = 1 - _part_of_paid(view, uncounted_minor)
    return [(key, was, max(Fraction(0), kept - was * beyond) * counted) for key, was, kept in rows]


def beyond_lines(refund: Refund) -> int:
    """What a refund gave back without naming a line."""
    if refund.discrepancy_minor is not None:
        return max(0, -refund.discrepancy_minor)
    if refund.lines or not refund.moved:
        return 0
    named = refund.shipping_minor(False) + refund.duties_minor
    own = sum(one.minor for one in refund.moved if one.currency == refund.currency)
    return max(0, own - named)


def _refunded_by_line(refunds: tuple[Refund, ...]) -> dict[int, tuple[int, int]]:
    sums: dict[int, tuple[int, int]] = {}
    for refund in refunds:
        for line in refund.lines:
            quantity, money = sums.get(line.line_id, (0, 0))
            sums[line.line_id] = (quantity + line.quantity, money + (line.subtotal_minor or 0))
    return sums


def _line(view: OrderView, line: Line, basis: Basis, because: str, refunded: Mapping[int, tuple[int, int]]) -> Share:
    quantity = max(line.quantity, line.current_quantity)
    if because or not quantity:
        return line.id, 0, 0
    gross = line.price_minor * quantity
    net = max(0, gross - line.discount_minor)
    amount = taxed(view, basis, gross if basis.before_discounts else net, line.tax_minor, net)
    given_back, money_back = refunded.get(line.id, (0, 0))
    removed = max(0, quantity - line.current_quantity - given_back)
    return line.id, amount, amount * _kept(quantity, net, given_back, money_back, removed)


def _kept(quantity: int, net: int, given_back: int, money_back: int, removed: int) -> Fraction:
    gone = Fraction(money_back, net) if net else Fraction(given_back, quantity)
    return max(Fraction(0), 1 - gone - Fraction(removed, quantity))


def taxed(view: OrderView, basis: Basis, amount: int, tax: int, taxed_amount: int) -> Amount:
    """`amount` with or without tax; `tax` was charged on `taxed_amount` and is scaled to `amount`."""
    if basis.tax == view.taxes_included or not tax or not taxed_amount:
        return amount
    scaled = Fraction(tax) * amount / taxed_amount
    return amount + scaled if basis.tax else max(Fraction(0), amount - scaled)


def _shipping(view: OrderView, basis: Basis) -> Share:
    amount = taxed(view, basis, view.shipping_minor, view.shipping_tax_minor, view.shipping_minor)
    back = min(view.shipping_minor, sum(each.minor for refund in view.refunds for each in refund.shipping))
    return SHIPPING_LINE, amount, amount * (1 - Fraction(back, view.shipping_minor))


def _part_of_paid(view: OrderView, amount: int) -> Amount:
    paid = view.total_minor - view.tip_minor
    return Fraction(max(0, min(amount, paid)), paid) if paid > 0 else 0
