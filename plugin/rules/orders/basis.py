"""What of an order counts: the eligible amount per line, before and after refunds.

The one place that reads tax, discount, tender and refund settings: earning, reversal, preview and
explanations all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from plugin.rules.programme import Basis
from plugin.rules.types import Line, OrderView, ProductFacts, Refund

Amount = Fraction | int
"""Minor units, exactly; whole numbers wherever nothing was divided, which is much cheaper than a fraction."""
SHIPPING_LINE = 0
"""The id under which shipping appears among the lines."""
GIFT_CARD, STORE_CREDIT = "gift_card", "shopify_store_credit"


def whole_minor(amount: Amount) -> int:
    """An amount that is not below nothing as it is said: in whole minor units, half of one and more counts as one."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


@dataclass(frozen=True, slots=True)
class Eligible:
    """One line's share: `original_minor` as bought, `kept_minor` after refunds and removals."""

    line_id: int
    title: str
    original_minor: Amount
    kept_minor: Amount
    excluded_because: str = ""


def exclusion(line: Line, basis: Basis, facts: Mapping[int, ProductFacts]) -> str:
    """Why the line earns nothing, as a code; empty when it earns."""
    if line.gift_card:
        return "gift_card"
    if line.tip:
        return "tip"
    if line.product_id is None:
        return ""
    if line.product_id in basis.excluded_products:
        return "product"
    known = facts.get(line.product_id)
    if known is None:
        return ""
    if known.collections & basis.excluded_collections:
        return "collection"
    lowered = {tag.casefold() for tag in known.tags}
    return "tag" if any(tag.casefold() in lowered for tag in basis.excluded_tags) else ""


def exclusions(
    view: OrderView, basis: Basis, facts: Mapping[int, ProductFacts], kept: Mapping[int, str]
) -> dict[int, str]:
    """The verdict on every line; a line judged before (`kept`) keeps its verdict."""
    return {line.id: kept[line.id] if line.id in kept else exclusion(line, basis, facts) for line in view.lines}


def eligible(view: OrderView, basis: Basis, verdicts: Mapping[int, str]) -> tuple[Eligible, ...]:
    """Each line's eligible amount, and shipping's when it counts.

    Of a line, the share is kept that is neither refunded (by the refund's own subtotal) nor removed
    by an edit. Money refunded without naming a line takes from every line in proportion.
    """
    refunded = _refunded_by_line(view.refunds)
    rows = [_line(view, line, basis, verdicts.get(line.id, ""), refunded) for line in view.lines]
    if basis.shipping and view.shipping_minor:
        rows.append(_shipping(view, basis))
    beyond, counted = _given_back_beyond_lines(view), _counted_share(view, basis)
    if not beyond and counted == 1:
        return tuple(rows)
    return tuple(_less(row, beyond, counted) for row in rows)


def _less(row: Eligible, beyond: Amount, counted: Amount) -> Eligible:
    """Money given back takes its share of what was bought; of what is kept, the counted tender's share stays."""
    kept = max(Fraction(0), row.kept_minor - row.original_minor * beyond) * counted
    return Eligible(row.line_id, row.title, row.original_minor, kept, row.excluded_because)


def _refunded_by_line(refunds: tuple[Refund, ...]) -> dict[int, tuple[int, int]]:
    sums: dict[int, tuple[int, int]] = {}
    for refund in refunds:
        for line in refund.lines:
            quantity, money = sums.get(line.line_id, (0, 0))
            sums[line.line_id] = (quantity + line.quantity, money + line.subtotal_minor)
    return sums


def _line(view: OrderView, line: Line, basis: Basis, because: str, refunded: Mapping[int, tuple[int, int]]) -> Eligible:
    quantity = max(line.quantity, line.current_quantity)
    gross = line.price_minor * quantity
    net = max(0, gross - line.discount_minor)
    amount = _taxed(view, basis, gross if basis.before_discounts else net, line.tax_minor, net)
    if because:
        return Eligible(line.id, line.title, 0, 0, because)
    given_back, money_back = refunded.get(line.id, (0, 0))
    removed = max(0, quantity - line.current_quantity - given_back)
    if not removed and not given_back and not money_back:
        return Eligible(line.id, line.title, amount, amount)
    return Eligible(line.id, line.title, amount, amount * _kept(quantity, net, given_back, money_back, removed))


def _kept(quantity: int, net: int, given_back: int, money_back: int, removed: int) -> Fraction:
    if quantity <= 0:
        return Fraction(0)
    gone = Fraction(money_back, net) if net else Fraction(given_back, quantity)
    return max(Fraction(0), 1 - gone - Fraction(removed, quantity))


def _taxed(view: OrderView, basis: Basis, amount: int, tax: int, taxed_amount: int) -> Amount:
    """`amount` with or without tax; `tax` was charged on `taxed_amount` and is scaled to `amount`."""
    if basis.tax == view.taxes_included or not tax or not taxed_amount:
        return amount
    scaled = Fraction(tax) * amount / taxed_amount
    return amount + scaled if basis.tax else max(Fraction(0), amount - scaled)


def _shipping(view: OrderView, basis: Basis) -> Eligible:
    amount = _taxed(view, basis, view.shipping_minor, view.shipping_tax_minor, view.shipping_minor)
    back = min(view.shipping_minor, sum(refund.shipping_minor for refund in view.refunds))
    return Eligible(SHIPPING_LINE, "", amount, amount * (1 - Fraction(back, view.shipping_minor)))


def _given_back_beyond_lines(view: OrderView) -> Amount:
    """The part of the order that was given back without naming a line."""
    return _part_of_paid(view, sum(refund.beyond_lines_minor for refund in view.refunds))


def _counted_share(view: OrderView, basis: Basis) -> Amount:
    """The part of the order that was paid with tender that counts."""
    return 1 - _part_of_paid(view, uncounted_tender_minor(view, basis))


def _part_of_paid(view: OrderView, amount: int) -> Amount:
    paid = view.total_minor - view.tip_minor
    return Fraction(min(amount, paid), paid) if amount > 0 and paid > 0 else 0


def uncounted_tender_minor(view: OrderView, basis: Basis) -> int:
    """How much was paid with gift cards or store credit that the basis leaves out."""
    tenders = view.tenders_minor or {}
    gift = 0 if basis.paid_by_gift_card else tenders.get(GIFT_CARD, 0)
    credit = 0 if basis.paid_by_store_credit else tenders.get(STORE_CREDIT, 0)
    return gift + credit


def tenders_needed(view: OrderView, basis: Basis) -> bool:
    """Whether amounts by gateway must be asked for before the order can be judged."""
    if view.tenders_minor is not None:
        return False
    gift = not basis.paid_by_gift_card and GIFT_CARD in view.gateways
    return gift or (not basis.paid_by_store_credit and STORE_CREDIT in view.gateways)
