"""The figures that a storefront is given: whole, to the letter, and what is too much or over is left to the app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plugin.rules.orders.earning_rules import OrderEarning, OrderRule, TierRate
from plugin.rules.orders.shown_figures import MOST_IDS, MOST_REWARDS, figures
from plugin.rules.programme import Basis, Earning, Goal, Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GOLD = Tiers(levels=(Tier(key="gold", name="Gold Club", enter=Decimal(1), multiplier=Decimal("1.5")),))
PLAIN = {
    "currency": "USD", "name": "", "rate": {"points": 1, "per": 1}, "rounding": "floor", "min": 0, "up_to": False,
    "before_discounts": False, "no_sale": False, "code_percent": 100, "per_item": 0, "per_order": 0,
    "stacking": "best", "tiers": [], "tier_rates": [], "rules": [], "rewards": [], "asks": False,
}  # fmt: skip


def shown(programme: Programme, **more: Any) -> dict[str, Any]:
    return figures(programme, "USD", **{"taxes_included": False, "now": NOW, **more})


def of_rules(*rules: OrderRule) -> dict[str, Any]:
    return shown(Programme(tiers=GOLD, orders=OrderEarning(rules=rules)))


def rule(key: str = "r", **more: Any) -> OrderRule:
    return OrderRule(key=key, name=key, **more)


def test_a_programme_as_it_comes_is_a_rate_and_nothing_else() -> None:
    assert shown(Programme()) == PLAIN
    assert [MOST_IDS, MOST_REWARDS] == [150, 20]


def test_everything_that_a_programme_says_of_orders_is_there() -> None:
    orders = OrderEarning(
        per_order=5, per_item=2, stacking="add", code_percent=50, sale_items=False, most_points=900,
        tier_rates=tuple(TierRate(tier=key, points=3, per_amount=Decimal("2.50")) for key in ("gold", "gone")),
    )  # fmt: skip
    earning = Earning(points=2, per_amount=Decimal(50), rounding="ceil")
    basis = Basis(
        minimum_order=Decimal("20.50"), before_discounts=True, excluded_products=frozenset({9, 3}),
        excluded_collections=frozenset({8, 4}), excluded_tags=frozenset({"Sale", "SALE", "gift"}),
    )  # fmt: skip
    programme = Programme(points_name="Stars", earning=earning, basis=basis, tiers=GOLD, orders=orders)
    assert shown(programme) == {
        **PLAIN, "name": "Stars", "rate": {"points": 2, "per": 50}, "rounding": "ceil", "min": 2050,
        "before_discounts": True, "no_sale": True, "code_percent": 50, "per_item": 2, "per_order": 5,
        "stacking": "add", "tiers": [{"name": "Gold Club", "times": 1.5}],
        "tier_rates": [{"tier": "Gold Club", "points": 3, "per": 2.5}, {"tier": "", "points": 3, "per": 2.5}],
        "no_products": [3, 9], "no_collections": [4, 8], "no_tags": ["gift", "sale"], "most": 900,
    }  # fmt: skip


@pytest.mark.parametrize(("included", "tax", "up_to"), [(True, False, True), (True, True, False), (False, False, False),
                                                        (False, True, False)])  # fmt: skip
def test_where_tax_is_in_the_price_and_earns_nothing_a_price_says_at_most(
    included: bool, tax: bool, up_to: bool
) -> None:
    assert shown(Programme(basis=Basis(tax=tax)), taxes_included=included)["up_to"] is up_to


def test_of_a_rule_only_what_is_filled_in_is_there() -> None:
    starts, ends = NOW - SECOND, NOW + timedelta(days=1)
    full = rule(
        "full", effect="rate", points=3, per_amount=Decimal("1.50"), starts_at=starts, ends_at=ends,
        weekdays={6, 0}, minimum_order=Decimal("19.99"), tiers={"gold"}, customer_tags={"VIP", "Aunt"},
        products={7, 5}, collections={4, 2}, tags={"Hot", "cold"}, vendors={"Kape", "ALON"}, sale="never",
    )  # fmt: skip
    assert of_rules(full)["rules"] == [{
        "does": "rate", "points": 3, "per": 1.5, "from": int(starts.timestamp()), "to": int(ends.timestamp()),
        "days": [1, 7], "min": 1999, "tiers": ["Gold Club"], "who": ["aunt", "vip"], "products": [5, 7],
        "collections": [2, 4], "tags": ["cold", "hot"], "vendors": ["alon", "kape"], "sale": "never",
    }]  # fmt: skip
    assert of_rules(rule(multiplier=Decimal("2.5")), rule("gift", effect="per_item", points=7))["rules"] == [
        {"does": "multiplier", "times": 2.5}, {"does": "per_item", "points": 7},
    ]  # fmt: skip
    odd = rule(multiplier=0), rule("none", effect="rate", points=0), rule("old", tiers={"gone"})
    assert of_rules(*odd)["rules"] == [
        {"does": "multiplier", "times": 0}, {"does": "rate", "points": 0, "per": 1},
        {"does": "multiplier", "times": 2, "tiers": [""]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ({}, True), ({"active": False}, False), ({"multiplier": 1}, False),
        ({"ends_at": NOW}, False), ({"ends_at": NOW + SECOND}, True), ({"starts_at": NOW + SECOND}, True),
        ({"channels": {"pos"}}, False), ({"channels": {"pos", "online"}}, True),
        ({"subscription": "only"}, False), ({"subscription": "never"}, True),
    ],
)  # fmt: skip
def test_a_rule_is_there_where_it_can_hold_for_what_is_bought_online(said: dict[str, Any], there: bool) -> None:
    found = of_rules(rule(**said))
    assert (len(found["rules"]), found["asks"]) == (there, False)


MOST: list[int] = list(range(1, 151))
WORDS = {f"w{number}" for number in MOST}


@pytest.mark.parametrize(("name", "values", "one_more"), [
    ("products", set(MOST), 999), ("collections", set(MOST), 999), ("tags", WORDS, "w999"), ("vendors", WORDS, "w999"),
    ("customer_tags", WORDS, "w999"),
])  # fmt: skip
def test_a_rule_about_too_many_goods_is_left_to_the_app(name: str, values: set[Any], one_more: Any) -> None:
    found = of_rules(rule("many", **{name: values}), rule("other"))
    assert ([one["does"] for one in found["rules"]], found["asks"]) == (["multiplier", "multiplier"], False)
    found = of_rules(rule("many", **{name: values | {one_more}}), rule("other"))
    assert (found["rules"], found["asks"]) == ([{"does": "multiplier", "times": 2}], True)


@pytest.mark.parametrize(("name", "values", "one_more", "shown_as"), [
    ("excluded_products", MOST, [999, 1000], "no_products"),
    ("excluded_collections", MOST, [999, 1000], "no_collections"),
    ("excluded_tags", sorted(WORDS), ["w999", "x"], "no_tags"),
])  # fmt: skip
def test_of_too_many_goods_that_earn_nothing_as_many_are_told_as_show_that_there_are_more(
    name: str, values: list[Any], one_more: list[Any], shown_as: str
) -> None:
    found = shown(Programme(basis=Basis(**{name: frozenset(values)})))
    assert (found[shown_as], found["asks"]) == (values, False)
    found = shown(Programme(basis=Basis(**{name: frozenset([*values, *one_more])})))
    assert (found[shown_as], found["asks"]) == ([*values, one_more[0]], True)


def test_the_twenty_cheapest_rewards_are_told_the_cheapest_first() -> None:
    rewards = [AmountOff(id=f"r{points}", name=f"R{points}", points=points, value=1) for points in range(22, 0, -1)]
    told = shown(Programme(rewards=tuple(rewards)))["rewards"]
    assert told == [{"title": f"R{points}", "points": points} for points in range(1, 21)]
    assert shown(Programme(goals=(Goal(name="Mug", points=5),)))["rewards"] == [{"title": "Mug", "points": 5}]
