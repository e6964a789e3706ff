"""What of an order counts: the eligible amount per line, before and after refunds, returns and edits.

The one place that reads tax, discount, tender and refund settings: earning, reversal, preview, cashback, what a
redemption gives back and explanations all ask here. Source of the rules: docs/decisions/0006.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from plugin.rules.programme import Basis
from plugin.rules.types import Line, OrderView, ProductFacts
from plugin.rules.values.quick import quickly_made
from plugin.rules.worth import first_reading, tenders
from plugin.rules.worth.first_reading import taxed
from plugin.rules.worth.kept import SHIPPING_LINE, Amount, bought_units, parcel_key
from plugin.rules.worth.tenders import tenders_needed, uncounted_tender_minor
from plugin.rules.worth.worth import Steps, Worth, untouched, worth

__all__ = ["SHIPPING_LINE", "Amount", "Eligible", "Weighed", "eligible", "tenders_needed", "uncounted_tender_minor"]


def whole_minor(amount: Amount) -> int:
    """An amount that is not below nothing as it is said: in whole minor units, half of one and more counts as one."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


@quickly_made
@dataclass(frozen=True, slots=True)
class Eligible:
    """One line's share: `original_minor` as bought, `kept_minor` after refunds and removals."""

    line_id: int
    title: str
    original_minor: Amount
    kept_minor: Amount
    excluded_because: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Every line's share, and what led from what was bought to what counts; nothing where that is the same."""

    rows: tuple[Eligible, ...]
    steps: Steps | None = None


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


def eligible(
    view: OrderView, basis: Basis, verdicts: Mapping[int, str], *, at_once: bool = False
) -> tuple[Eligible, ...]:
    """Each line's eligible amount, and shipping's when it counts: see `weigh`."""
    return weigh(view, basis, verdicts, at_once=at_once).rows


def weigh(view: OrderView, basis: Basis, verdicts: Mapping[int, str], *, at_once: bool = False) -> Weighed:
    """What of each line counts, with the steps that led there.

    Of a line counts what is kept of it, paid for, and not taken by money that went back beyond what left. `at_once`:
    points come before the payment, so that what is open counts as paid.
    """
    counted = tenders.counted_share(view, basis)
    if view.reading == 1:
        return _by_the_first_reading(view, basis, verdicts)
    if untouched(view):
        rows = _bought(view, basis, verdicts)
        return Weighed(rows if counted == 1 else tuple(_part(row, counted) for row in rows))
    found = worth(view, _earning(view, basis, verdicts), at_once=at_once)
    rows = tuple(_part(row, _left(view, basis, found, row.line_id) * counted) for row in _bought(view, basis, verdicts))
    return Weighed(rows, found.steps)


def kept_minor(
    view: OrderView, basis: Basis, verdicts: Mapping[int, str], *, at_once: bool = False
) -> Mapping[int, Amount]:
    """What of each line counts, by its id: the same as `eligible` says, for whoever explains nothing."""
    if view.reading != 1 and not basis.shipping and untouched(view) and tenders.counted_share(view, basis) == 1:
        return {line.id: _amount(view, line, basis, verdicts.get(line.id, "")) for line in view.lines}
    return {row.line_id: row.kept_minor for row in eligible(view, basis, verdicts, at_once=at_once)}


def _by_the_first_reading(view: OrderView, basis: Basis, verdicts: Mapping[int, str]) -> Weighed:
    shares = first_reading.shares(view, basis, verdicts, uncounted_tender_minor(view, basis))
    lines = {line.id: line for line in view.lines}
    return Weighed(
        tuple(
            Eligible(key, lines[key].title if key in lines else "", original, kept, verdicts.get(key, ""))
            for key, original, kept in shares
        )
    )


def _earning(view: OrderView, basis: Basis, verdicts: Mapping[int, str]) -> frozenset[int]:
    """The ids of what earns."""
    lines = {line.id for line in view.lines if not verdicts.get(line.id)}
    return frozenset(lines | {parcel_key(parcel) for parcel in view.parcels} if basis.shipping else lines)


def _left(view: OrderView, basis: Basis, found: Worth, line_id: int) -> Amount:
    if line_id != SHIPPING_LINE:
        return found.shares[line_id]
    with_tax = basis.tax and not view.taxes_included
    here = [parcel for parcel in view.parcels if not parcel.removed]
    costs = {parcel_key(one): one.cost_minor + (one.tax_minor if with_tax else 0) for one in here}
    shares, whole = found.with_tax if with_tax else found.shares, sum(costs.values())
    return Fraction(sum(cost * shares.get(key, 0) for key, cost in costs.items())) / whole if whole else 0


def _part(row: Eligible, share: Amount) -> Eligible:
    return Eligible(row.line_id, row.title, row.original_minor, row.original_minor * share, row.excluded_because)


def _bought(view: OrderView, basis: Basis, verdicts: Mapping[int, str]) -> tuple[Eligible, ...]:
    rows = [_line(view, line, basis, verdicts.get(line.id, "")) for line in view.lines]
    if basis.shipping and view.shipping_minor:
        cost = view.shipping_minor
        amount = taxed(view, basis, cost, view.shipping_tax_minor, cost)
        rows.append(Eligible(SHIPPING_LINE, "", amount, amount))
    return tuple(rows)


def _line(view: OrderView, line: Line, basis: Basis, because: str) -> Eligible:
    amount = _amount(view, line, basis, because)
    return Eligible(line.id, line.title, amount, amount, because)


def _amount(view: OrderView, line: Line, basis: Basis, because: str) -> Amount:
    """What the whole line counts for as it was bought; nothing, where a verdict keeps it out."""
    if because:
        return 0
    gross = line.price_minor * bought_units(line)
    net = max(0, gross - line.discount_minor)
    amount = gross if basis.before_discounts else net
    return taxed(view, basis, amount, line.tax_minor, net) if line.tax_minor else amount
