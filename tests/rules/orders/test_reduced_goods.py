"""Which lines a rule about reduced goods picks, and that every other rule picks both."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plugin.rules.orders import order_rules
from plugin.rules.orders.earning_rules import Only, OrderEarning, OrderRule
from plugin.rules.types import Known
from tests.rules.generated import line, view

REDUCED, PLAIN, UNKNOWN = line(1, 100, variant_id=11), line(2, 100, variant_id=12), line(3, 100, variant_id=None)
KNOWN = Known(on_sale={11: True, 12: False})


@pytest.mark.parametrize(("sale", "picked"), [("any", {1, 2, 3}), ("only", {1}), ("never", {2, 3})])
def test_a_rule_picks_reduced_lines_as_it_says(sale: Only, picked: set[int]) -> None:
    orders = OrderEarning(rules=(OrderRule(key="r", name="R", multiplier=Decimal(2), sale=sale),))
    found = order_rules.matched(view(REDUCED, PLAIN, UNKNOWN), orders, {}, KNOWN, {})
    assert {key for key, rules in found.items() if "r" in rules} == picked
