"""What an order earns by rules, campaigns and rates: golden cases, and what is always true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError

from plugin.rules.orders.earning import Deserved, Snapshot, available_at, deserved
from plugin.rules.orders.earning_rules import CHANNELS, CurrencyRate, OrderEarning, OrderRule, TierRate
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.types import Known, OrderView, ProductFacts, Reason, Refund, RefundLine
from tests.rules.generated import PLACED, line, view

MANILA = Known(customer_tags=frozenset(), zone="Asia/Manila")
FACTS = {1001: ProductFacts(frozenset({"Coffee"}), frozenset({55}))}


def rule(key: str = "double", **more: object) -> OrderRule:
    return OrderRule(key=key, name=key.title(), **more)  # type: ignore[arg-type]


def programme(*rules: OrderRule, **orders: object) -> Programme:
    return Programme(orders=OrderEarning(rules=rules, **orders))  # type: ignore[arg-type]


FIRST = Snapshot(1)


def judged(order: OrderView, by: Programme, snapshot: Snapshot = FIRST, known: Known = MANILA) -> Deserved:
    return deserved(order, by, snapshot, FACTS, known=known)


def points(order: OrderView, *rules: OrderRule, **orders: object) -> int:
    return judged(order, programme(*rules, **orders)).points


def codes(found: Deserved) -> list[str]:
    return [reason.code for reason in found.reasons]


TWO = view(line(1, 1000, vendor="Kape"), line(2, 2000, vendor="Iba"))
"""10.00 of coffee from Kape, and 20.00 of something else."""


def test_double_points_on_everything_and_on_some_lines_only() -> None:
    assert points(TWO, rule()) == 60
    assert points(TWO, rule(products={1001})) == 40
    assert points(TWO, rule(vendors={"KAPE"})) == 40
    assert points(TWO, rule(tags={"coffee"})) == 40
    assert points(TWO, rule(collections={55})) == 40
    assert points(TWO, rule(tags={"coffee"}, vendors={"iba"})) == 30


def test_every_line_says_what_happened_to_it() -> None:
    found = judged(TWO, programme(rule(vendors={"Kape"}), rule("extra", effect="per_item", points=5)))
    assert codes(found) == ["base_rate", "line_times", "extra_items", "together"]
    assert found.reasons[0].values == {"amount_minor": 3000, "rate_points": 1, "rate_amount": "1", "currency": "USD"}
    assert found.reasons[1].values == {"title": "Item 1", "line": 1, "rules": "Double", "multiplier": "2"}
    assert found.reasons[2].values == {"points": 10, "rule": "Extra", "items": 2, "each": 5}
    assert found.points == 50


@pytest.mark.parametrize(("stacking", "expected"), [("best", 90), ("add", 120), ("multiply", 180)])
def test_several_multipliers_stack_as_the_programme_says(stacking: str, expected: int) -> None:
    assert points(TWO, rule(), rule("triple", multiplier=3), stacking=stacking) == expected


def test_the_tier_multiplies_what_the_rules_leave_but_no_extra_points() -> None:
    gold = Snapshot(1, tier="gold", multiplier=Decimal("1.5"))
    by = programme(rule(), rule("gift", effect="per_order", points=7), per_order=3)
    assert judged(TWO, by, gold).points == 30 * 2 * 3 // 2 + 7 + 3


NOTHING = rule("staff", multiplier=0, products={1001})


@pytest.mark.parametrize("stacking", ["best", "add", "multiply"])
def test_items_times_nothing_earn_nothing_not_even_extra_points(stacking: str) -> None:
    more = (rule(), rule("each", effect="per_item", points=7), rule("own", effect="rate", points=9))
    found = judged(TWO, programme(NOTHING, *more, per_item=3, stacking=stacking))
    assert found.points == 20 * 9 * 2 + 3 + 7
    assert found.reasons[0] == Reason("line_nothing", {"title": "Item 1", "line": 1, "rules": "Staff"})


def test_an_order_of_such_items_only_earns_nothing_at_all() -> None:
    assert points(TWO, NOTHING, per_order=5) == 25
    everything = rule("staff", multiplier=0, customer_tags={"Staff"})
    by = programme(everything, rule("gift", effect="per_order", points=7), per_item=3, per_order=5)
    assert judged(TWO, by, known=replace(MANILA, customer_tags=frozenset({"staff"}))).points == 0
    assert judged(TWO, by).points == 30 + 6 + 5 + 7


def test_extra_points_by_item_and_by_order_are_added_to_the_rate() -> None:
    order = view(line(1, 1000, 3), line(2, 500))
    assert points(order, per_item=2, per_order=10) == 35 + 8 + 10
    assert points(order, rule(effect="per_item", points=5, products={1001})) == 35 + 15
    assert points(order, rule(effect="per_order", points=50, products={1001})) == 35 + 50
    assert points(order, rule(effect="per_order", points=50, products={7})) == 35


def test_the_most_specific_rate_counts() -> None:
    by = programme(
        rule(effect="rate", points=5, per_amount=Decimal(1), products={1001}),
        rates=(CurrencyRate(currency="USD", points=2, per_amount=Decimal(1)),),
        tier_rates=(TierRate(tier="gold", points=3, per_amount=Decimal(1)),),
    )
    assert judged(TWO, by).points == 50 + 40
    assert judged(TWO, by, Snapshot(1, tier="gold")).points == 50 + 60
    assert codes(judged(TWO, by)) == ["currency_rate", "line_rate", "together"]


def test_a_buyer_who_pays_in_another_currency_earns_by_its_rate_on_the_amount_they_saw() -> None:
    yen = replace(TWO, presented_currency="JPY", presented_minor={1: 1499, 2: 2999})
    rates = (CurrencyRate(currency="JPY", points=1, per_amount=Decimal(100)),)
    assert points(yen, rates=rates) == 44
    assert points(TWO, rates=rates) == 30
    half = replace(yen, refunds=(Refund(1, (RefundLine(2, 0, 1000),)),))
    assert points(half, rates=rates) == 29
    assert points(replace(yen, presented_minor=None), rates=rates) == 30


@pytest.mark.parametrize(
    ("conditions", "order"),
    [
        ({"channels": {"pos"}}, replace(TWO, source="pos")),
        ({"channels": {"draft"}}, replace(TWO, source="shopify_draft_order")),
        ({"channels": {"api"}}, replace(TWO, source="1234567")),
        ({"channels": {"online"}}, replace(TWO, source="subscription_contract_checkout_one")),
        ({"minimum_order": "30"}, TWO),
        ({"subscription": "only"}, replace(TWO, subscription=True)),
        ({"subscription": "never"}, replace(TWO, subscription=False)),
        ({"weekdays": {4}}, TWO),
        ({"starts_at": PLACED, "ends_at": PLACED + timedelta(seconds=1)}, TWO),
    ],
)
def test_a_condition_on_the_order_lets_it_through(conditions: dict[str, object], order: OrderView) -> None:
    assert points(order, rule(**conditions)) == 60


@pytest.mark.parametrize(
    ("conditions", "order"),
    [
        ({"channels": set(CHANNELS) - {"online"}}, TWO),
        ({"minimum_order": "30.01"}, TWO),
        ({"subscription": "only"}, replace(TWO, subscription=False)),
        ({"subscription": "never"}, replace(TWO, subscription=True)),
        ({"weekdays": {0, 1, 2, 3, 5, 6}}, TWO),
        ({"starts_at": PLACED + timedelta(seconds=1)}, TWO),
        ({"ends_at": PLACED}, TWO),
        ({"tiers": {"gold"}}, TWO),
        ({"customer_tags": {"vip"}}, TWO),
        ({"active": False}, TWO),
    ],
)
def test_a_condition_on_the_order_keeps_it_out(conditions: dict[str, object], order: OrderView) -> None:
    assert points(order, rule(**conditions)) == 30


def test_weekdays_are_those_of_the_shop() -> None:
    friday_evening = replace(TWO, processed_at=datetime(2026, 11, 20, 17, tzinfo=UTC))
    by = programme(rule(weekdays={5}))
    assert judged(friday_evening, by).points == 60
    assert judged(friday_evening, by, known=replace(MANILA, zone="UTC")).points == 30


def test_tier_and_customer_tags_are_those_of_the_first_look() -> None:
    by = programme(rule(customer_tags={"VIP"}), rule("gold", tiers={"gold"}), stacking="multiply")
    first = judged(TWO, by, Snapshot(1, tier="gold"), replace(MANILA, customer_tags=frozenset({"vip"})))
    later = judged(TWO, by, first.snapshot, MANILA)
    assert (first.points, later.points, later.snapshot.welcome) == (120, 120, ("double",))


def test_lines_keep_their_rules_when_products_change_later() -> None:
    by = programme(rule(tags={"coffee"}), rule("sale", sale="only"))
    first = deserved(TWO, by, Snapshot(1), FACTS, known=MANILA)
    reduced = replace(MANILA, on_sale={1: True})
    later = deserved(TWO, by, first.snapshot, {1001: ProductFacts()}, known=reduced)
    assert first.points == later.points == 40
    assert later.snapshot == first.snapshot


def test_reduced_and_custom_lines_can_be_out_or_be_a_condition() -> None:
    order = view(line(1, 1000, variant_id=1), line(2, 2000, variant_id=2), line(3, 400, product_id=None))
    known = replace(MANILA, on_sale={1: True})
    assert judged(order, programme(sale_items=False), known=known).points == 24
    assert judged(order, programme(custom_items=False), known=known).points == 30
    assert judged(order, programme(rule(sale="only")), known=known).points == 44
    assert judged(order, programme(rule(sale="never")), known=known).points == 58
    out = judged(order, programme(sale_items=False, custom_items=False), known=known)
    assert [reason.values.get("because") for reason in out.reasons[:-1]] == ["sale", "custom"]


def test_orders_with_a_code_earn_in_part_or_not_at_all() -> None:
    used = replace(TWO, discount_codes=("TEN",))
    assert points(used, code_percent=50, per_order=5) == 17
    assert codes(judged(used, programme(code_percent=0))) == ["code_used"]
    assert points(TWO, code_percent=0) == 30


def test_points_come_when_everything_is_sent_and_the_window_begins_then() -> None:
    by = Programme(earning=Earning(award_on="fulfilled", pending_days=14))
    assert codes(judged(TWO, by)) == ["awaiting_fulfilment"]
    sent = replace(TWO, fulfilled_at=PLACED + timedelta(days=3))
    assert judged(sent, by).points == 30
    assert available_at(sent, by) == PLACED + timedelta(days=17)
    assert codes(judged(replace(sent, financial_status="pending"), by)) == ["awaiting_payment"]


def test_a_refund_takes_the_multiplied_points_of_what_went_back_and_items_with_their_units() -> None:
    """Two partial refunds with product conditions add up."""
    by = programme(rule(products={1001}), rule("each", effect="per_item", points=5), per_order=9)
    order = view(line(1, 1000, 2), line(2, 2000))
    first = replace(
        order,
        lines=(line(1, 1000, 2, current_quantity=1), order.lines[1]),
        refunds=(Refund(1, (RefundLine(1, 1, 1000),)),),
    )
    second = replace(
        first,
        lines=(line(1, 1000, 2, current_quantity=0), order.lines[1]),
        refunds=(*first.refunds, Refund(2, (RefundLine(1, 1, 1000),))),
    )
    third = replace(second, refunds=(*second.refunds, Refund(3, discrepancy_minor=-1000)))
    assert [judged(one, by).points for one in (order, first, second)] == [84, 59, 34]
    assert judged(third, by).points == 10 + 5 + 9
    gone = replace(second, refunds=(*second.refunds, Refund(4, (RefundLine(2, 1, 2000),))))
    assert judged(gone, by).points == 0


def test_a_rule_doubled_after_the_order_takes_back_only_what_was_given() -> None:
    """The snapshot names the version; settling by it, a full refund leaves nothing and a half leaves half."""
    before = programme(rule())
    first = judged(TWO, before)
    half = replace(TWO, refunds=(Refund(1, discrepancy_minor=-1500),))
    assert (first.points, judged(half, before, first.snapshot).points) == (60, 30)


def test_shipping_is_doubled_only_by_rules_about_the_whole_order() -> None:
    order = replace(TWO, shipping_minor=500)
    by = [Programme(basis=Basis(shipping=True), orders=OrderEarning(rules=(one,)))
          for one in (rule(), rule(products={1001}))]  # fmt: skip
    assert [judged(order, one).points for one in by] == [70, 45]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            {"rules": [{"key": "a", "name": "A", "starts_at": PLACED, "ends_at": PLACED}]},
            "Enter an end after the start.",
        ),
        ({"rules": [{"key": "a", "name": "A", "effect": "per_order"}]}, "Enter a number greater than 0"),
        ({"rules": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]}, "already in the list"),
        ({"rates": [{"currency": "XYZ", "points": 1, "per_amount": 1}]}, "No currency found for “XYZ”"),
        ({"rules": [{"key": "a", "name": "A", "multiplier": -1}]}, "greater than or equal to 0"),
        ({"rules": [{"key": "a", "name": "A", "starts_at": "2026-01-01T00:00:00"}]}, "timezone"),
        ({"per_order": -1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        OrderEarning.model_validate(wrong)


def test_fractions_of_a_minor_unit_are_rounded_where_an_amount_is_said() -> None:
    found = judged(view(line(1, 1000, 3, discount_minor=1, current_quantity=1)), programme(rule()))
    said = {reason.code: reason.values for reason in found.reasons}
    assert said["base_rate"]["amount_minor"] == said["together"]["amount_minor"] == 1000
    assert said["together"]["original_minor"] == 2999
