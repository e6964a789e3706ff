"""The tax that a cart does not say: learned from the lines of orders, so that a cart earns what its order will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_DECIMALS = 3
"""Of a tax rate in %: New York's is 8.875 %."""
Taxed = tuple[int, int]
"""What a line cost after its discounts, in the order's own tax convention, and its tax; in minor units."""


@dataclass(frozen=True, slots=True)
class Taxes:
    """Whether prices include tax, and how much it is of a price without it (None: nobody knows yet)."""

    included: bool = False
    rate: Fraction | None = None

    def of(self, minor: int) -> int:
        """The tax in, or on, what a line costs, half up; nothing while the rate is not known."""
        if not self.rate:
            return 0
        tax = minor * self.rate
        return _half_up(tax / (1 + self.rate) if self.included else tax)


UNTAXED = Taxes()


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def learned(lines: Sequence[Taxed], *, included: bool) -> Taxes:
    """The one rate that explains the rounded tax of every line, the plainest of several; without one, their average."""
    sound = [(cost, tax) for cost, tax in lines if cost > 0 and 0 <= tax < cost]
    if not sound:
        return Taxes(included)
    least = max(Fraction(2 * tax - 1, 2 * cost) for cost, tax in sound)
    most = min(Fraction(2 * tax + 1, 2 * cost) for cost, tax in sound)
    average = Fraction(sum(tax for _, tax in sound), sum(cost for cost, _ in sound))
    if included:
        least, most, average = (each / (1 - each) for each in (least, most, average))
    if least > most:
        return Taxes(included, average)
    return Taxes(included, _plainest(least, most, min(most, max(least, average))))


def _plainest(least: Fraction, most: Fraction, near: Fraction) -> Fraction:
    """The rate with the fewest decimals that is not outside; `near` itself where more are needed than any has."""
    for decimals in range(MOST_DECIMALS + 1):
        steps = 100 * 10**decimals
        rate = Fraction(_half_up(near * steps), steps)
        if least <= rate <= most:
            return rate
    return near
