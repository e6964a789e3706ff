"""What several multipliers of one line come to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from plugin.rules.orders.earning_rules import OrderRule, Stacking, fraction

ONE = Fraction(1)


def times_of(rules: Sequence[OrderRule], stacking: Stacking) -> tuple[Fraction, Sequence[OrderRule]]:
    """What the multipliers of one line come to, and by which rules. Never below nothing; nothing, if one says so."""
    if not rules:
        return ONE, ()
    factors = [fraction(rule.multiplier) for rule in rules]
    if none := [rule for rule, factor in zip(rules, factors, strict=True) if not factor]:
        return Fraction(0), none
    if stacking == "best":
        best = max(factors)
        return best, [rule for rule, factor in zip(rules, factors, strict=True) if factor == best][:1]
    if stacking == "add":
        return max(Fraction(0), sum((factor - 1 for factor in factors), ONE)), rules
    product = ONE
    for factor in factors:
        product *= factor
    return product, rules
