"""How much money really went back to the buyer, in minor units of the order's currency.

Only successful payments back are money. What a buyer in another currency got is told in theirs: what the refund
itself names there is set against it, and only the rest is converted, by the rate of the order's own prices.
"""

from __future__ import annotations

from fractions import Fraction

from plugin.rules.types import Line, OrderView, Refund
from plugin.rules.worth.kept import Amount, nowhere, tax_of, worth_of


def money_back(view: OrderView) -> Amount:
    """Over all refunds. Shopify's cents that balance a full return count as nothing: one for each refunded line."""
    if not view.refunds:
        return 0
    lines = {line.id: line for line in view.lines}
    moved = sum((_moved(view, refund, lines) for refund in view.refunds), 0)
    rows = sum(len(refund.lines) for refund in view.refunds)
    cents = sum(refund.balancing_minor for refund in view.refunds)
    return max(0, moved + max(-rows, min(rows, cents)))


def named(view: OrderView, refund: Refund, lines: dict[int, Line]) -> Amount:
    """What the refund names: its lines, shipping and duties, each with its tax."""
    found: Amount = refund.shipping_minor(view.taxes_included) + refund.duties_minor
    found += sum(nowhere(view, row) for row in refund.lines if row.line_id not in lines)
    known = [(lines[row.line_id], row) for row in refund.lines if row.line_id in lines]
    found += sum((worth_of(line, row) for line, row in known), 0)
    if view.taxes_included:
        return found
    return found + sum((tax_of(line, row) for line, row in known), 0)


def all_named(view: OrderView) -> Amount:
    """What all refunds together name."""
    lines = {line.id: line for line in view.lines}
    return sum((named(view, refund, lines) for refund in view.refunds), 0)


def _moved(view: OrderView, refund: Refund, lines: dict[int, Line]) -> Amount:
    """Of one refund. One without any payment back moved what its discrepancy says, or nothing at all."""
    own = refund.currency or view.currency
    if refund.moved or refund.pending:
        moved = refund.moved or ()
        abroad = sum(one.minor for one in moved if one.currency != own)
        if not abroad:
            return sum(one.minor for one in moved)
        at_home = sum(one.minor for one in moved if one.currency == own)
        return at_home + _converted(view, refund, lines, abroad, whole=not at_home)
    if refund.discrepancy_minor is None and refund.moved is not None:
        return 0
    return named(view, refund, lines) - (refund.discrepancy_minor or 0) - refund.balancing_minor


def _converted(view: OrderView, refund: Refund, lines: dict[int, Line], abroad: int, *, whole: bool) -> Amount:
    """Money in the buyer's currency as the shop's: exactly what is named where it is the same there."""
    said = named(view, refund, lines) - (refund.discrepancy_minor or 0) - refund.balancing_minor
    theirs = refund.abroad
    if view.rate is None:
        return max(0, said)
    if whole and theirs is not None:
        names = theirs.named_minor + (0 if view.taxes_included else theirs.tax_minor)
        if abroad == names - theirs.discrepancy_minor:
            return said
        return max(0, named(view, refund, lines) + _at(view.rate, abroad - names))
    return _at(view.rate, abroad)


def _at(rate: tuple[int, int], abroad: int) -> Amount:
    return Fraction(abroad * rate[0], rate[1])


def on_its_way(view: OrderView) -> bool:
    """Whether some of the money that a refund promises has not moved yet."""
    return any(refund.pending for refund in view.refunds)
