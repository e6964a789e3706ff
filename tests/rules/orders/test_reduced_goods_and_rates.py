"""Which lines a rule about reduced goods picks; and rates and multipliers at their ends."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from plugin.rules.orders import order_rules
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.orders.earning_rules import CurrencyRate, Only, OrderEarning, OrderRule
from plugin.rules.orders.stacking import times_of
from plugin.rules.programme import Programme
from plugin.rules.types import Known
from tests.rules.generated import line, view

REDUCED, PLAIN, UNKNOWN = line(1, 100, variant_id=11), line(2, 100, variant_id=12), line(3, 100, variant_id=None)
KNOWN = Known(on_sale={11: True, 12: False})


@pytest.mark.parametrize(("sale", "picked"), [("any", {1, 2, 3}), ("only", {1}), ("never", {2, 3})])
def test_a_rule_picks_reduced_lines_as_it_says(sale: Only, picked: set[int]) -> None:
    orders = OrderEarning(rules=(OrderRule(key="r", name="R", multiplier=Decimal(2), sale=sale),))
    found = order_rules.matched(view(REDUCED, PLAIN, UNKNOWN), orders, {}, KNOWN, {})
    assert {key for key, rules in found.items() if "r" in rules} == picked


def test_multipliers_that_are_added_are_never_below_nothing() -> None:
    low = [OrderRule(key=key, name=key, multiplier=Decimal("0.2")) for key in ("a", "b")]
    assert times_of(low, "add") == (0, low)
    assert times_of(low[:1], "add") == (Fraction(1, 5), low[:1])


def test_the_rate_of_a_currency_is_told_as_it_is_set() -> None:
    rate = CurrencyRate(currency="USD", points=3, per_amount=Decimal("2.5"))
    found = deserved(view(line(1, 1000)), Programme(orders=OrderEarning(rates=(rate,))), Snapshot(1), {})
    [told] = [one.values for one in found.reasons if one.code == "currency_rate"]
    assert (found.points, told["rate_points"], told["rate_amount"]) == (12, 3, "2.5")
