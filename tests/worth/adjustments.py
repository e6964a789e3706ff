"""The order adjustments that Shopify writes beside a refund, in the words and signs that were seen."""

from __future__ import annotations

from dataclasses import dataclass

from tests.worth.boxes import GivenBack
from tests.worth.coins import kept_tax_part
from tests.worth.setting import Setting

DISCREPANCY, PENDING = "Refund discrepancy", "Pending refund discrepancy"
BALANCING, SHIPPING = "Full return balancing adjustment", "Shipping refund"


@dataclass(frozen=True)
class Row:
    """One adjustment: without its tax, its tax, and why. Positive: less money went back than the lines are worth."""

    amount: int
    tax: int
    reason: str


def rows(setting: Setting, refund: GivenBack, *, shipping: bool) -> list[Row]:
    """All of a refund, with those of its shipping or without."""
    found = []
    if shipping:
        for _, net, tax in refund.parcels:
            apart = tax if setting.taxes_included else 0
            found.append(Row(-(net - apart), -tax, SHIPPING))
    return found + [_row(setting, amount, reason) for amount, reason in _differences(setting, refund) if amount]


def _row(setting: Setting, amount: int, reason: str) -> Row:
    tax = kept_tax_part(setting, amount) if setting.style.tax_apart and reason != BALANCING else 0
    return Row(amount - tax, tax, reason)


def _differences(setting: Setting, refund: GivenBack) -> list[tuple[int, str]]:
    style, named = setting.style, refund.named(setting.taxes_included)
    pending, moved, failed = (refund.moved(status) for status in ("pending", "success", "failure"))
    if pending:
        if named and style.pending == "pair":
            return [(named, DISCREPANCY), (-pending, PENDING)]
        return [(-pending, PENDING), (named - pending if named else 0, style.reason)]
    if failed:
        if named:
            return [(named, DISCREPANCY)]
        return [(-failed, PENDING), (failed, DISCREPANCY)] if style.settled == "rows" else []
    if refund.waited and style.settled == "rows":
        if named:
            return [(moved, DISCREPANCY), (-moved, PENDING), (named - moved, _reason(setting, refund))]
        return [(-moved, DISCREPANCY), (-moved, PENDING), (moved, DISCREPANCY)]
    return [(named - moved, _reason(setting, refund))]


def _reason(setting: Setting, refund: GivenBack) -> str:
    return BALANCING if refund.balancing else setting.style.reason
