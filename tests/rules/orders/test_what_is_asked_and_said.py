"""What has to be known before an order can be judged, and what is said of it, to the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.orders.earning import Deserved, Snapshot, deserved
from plugin.rules.orders.earning_rules import CurrencyRate, Limit, OrderEarning, OrderRule, TierRate, key_for
from plugin.rules.orders.limits import Allotted, reason
from plugin.rules.programme import Basis, Earning, Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.rules.types import Moved, Refund, RefundedShipping, RefundLine
from plugin.rules.worth import first_reading
from tests.rules.generated import PLACED, line, view


def rule(key: str = "r", **more: Any) -> OrderRule:
    return OrderRule(key=key, name=key, **{"multiplier": 2, **more})


NEEDS = ("needs_products", "needs_sales", "needs_customer_tags", "needs_subscription")


@pytest.mark.parametrize(
    ("rules", "needed"),
    [
        ({}, None), ({"collections": {1}}, "needs_products"), ({"tags": {"a"}}, "needs_products"),
        ({"sale": "only"}, "needs_sales"), ({"sale": "never"}, "needs_sales"), ({"vendors": {"a"}}, None),
        ({"customer_tags": {"a"}}, "needs_customer_tags"), ({"subscription": "only"}, "needs_subscription"),
    ],
)  # fmt: skip
def test_only_what_a_live_rule_asks_for_must_be_known(rules: dict[str, Any], needed: str | None) -> None:
    found = OrderEarning(rules=(rule("other"), rule(**rules)))
    assert [name for name in NEEDS if getattr(found, name)] == ([needed] if needed else [])
    for silent in ({"active": False}, {"multiplier": 1}):
        assert not any(getattr(OrderEarning(rules=(rule(**rules, **silent),)), name) for name in NEEDS)


@pytest.mark.parametrize(
    "said",
    [{"per_order": 1}, {"per_item": 1}, {"code_percent": 99}, {"sale_items": False}, {"custom_items": False}]
    + [{"rates": (CurrencyRate(currency="EUR", points=1, per_amount=Decimal(1)),)}, {"rules": (rule(),)}]
    + [{"tier_rates": (TierRate(tier="gold", points=1, per_amount=Decimal(1)),)}],
)
def test_whatever_is_set_takes_an_order_off_the_fast_way(said: dict[str, Any]) -> None:
    assert not OrderEarning(**said).plain
    assert OrderEarning(sale_items=False).needs_sales
    assert OrderEarning().plain
    assert OrderEarning(rules=(rule(active=False), rule("once", multiplier=1)), limits=(Limit(most=1),)).plain


def test_each_is_there_once_and_the_mistake_stands_at_the_second() -> None:
    euro, gold = {"currency": "EUR", "points": 1, "per_amount": 1}, {"tier": "gold", "points": 1, "per_amount": 1}
    one = {"key": "r", "name": "R"}
    for field, twice, where in (("rates", euro, "currency"), ("tier_rates", gold, "tier"), ("rules", one, "key"),
                                ("limits", {"most": 1}, "per")):  # fmt: skip
        with pytest.raises(ValidationError, match=f"1.{where}: This is already in the list"):
            OrderEarning.model_validate({field: [twice, twice]})
    both = OrderEarning.model_validate(
        {"limits": [{"most": 1}, {"most": 1, "of": "orders"}, {"most": 1, "per": "week"}]}
    )
    assert len(both.limits) == 3
    assert OrderEarning(rules=(rule("a"), rule("b"))).rule("b") == rule("b")
    assert OrderEarning(rules=(rule("a"),)).rule("b") is None


def test_a_new_rules_key_is_its_name_in_plain_letters() -> None:
    assert [key_for("Double Points!", taken) for taken in ([], ["double-points"], ["double-points",
    "double-points-2"])] == [
        "double-points", "double-points-2", "double-points-3",
    ]  # fmt: skip
    assert (key_for("金", []), key_for("x" * 35 + " yz", [])) == ("rule", "x" * 35)


ORDER = view(line(1, 4000), line(2, 2000), line(3, 500, gift_card=True))


def judged(order: object = ORDER, **programme: Any) -> Deserved:
    kept = programme.pop("kept", Snapshot(1))
    return deserved(order, Programme(**programme), kept, {})  # type: ignore[arg-type]


def test_what_counts_is_said_with_its_rate_and_its_rounding() -> None:
    earning = Earning(points=3, per_amount=Decimal("2.50"), rounding="half_up")
    assert [(one.code, one.values) for one in judged(earning=earning).reasons] == [
        ("line_excluded", {"title": "Item 3", "because": "gift_card", "line": 3}),
        ("eligible", {"amount_minor": 6000, "currency": "USD", "points": 72, "rate_points": 3, "rate_amount": "2.50",
                      "rounding": "half_up"}),
    ]  # fmt: skip
    back = replace(ORDER, refunds=(Refund(1, (RefundLine(2, 1, 2000),)),), financial_status="partially_refunded")
    assert judged(back).reasons[-1].values["original_minor"] == 6000
    assert judged(back).counted_minor == 4000


def test_a_tier_and_a_code_are_said_with_what_they_do() -> None:
    tiers = Tiers(levels=(Tier(key="gold", name="Gold Club", enter=Decimal(1), multiplier=Decimal("1.5")),))
    kept = Snapshot(1, tier="gold", multiplier=Decimal("1.5"))
    found = judged(tiers=tiers, kept=kept)
    assert (found.points, found.reasons[1].code, found.reasons[1].values) == (
        90, "tier_multiplier", {"tier": "Gold Club", "multiplier": "1.5"},
    )  # fmt: skip
    assert judged(kept=kept).reasons[1].values["tier"] == "gold"  # a tier that is no more
    assert [one.code for one in judged(kept=Snapshot(1, tier="gold")).reasons] == ["line_excluded", "eligible"]
    coded = replace(ORDER, discount_codes=("SUKI",))
    half = judged(coded, orders=OrderEarning(code_percent=50))
    assert half.points == 30
    assert [(one.code, one.values.get("percent")) for one in half.reasons if one.code == "code_percent"] == [
        ("code_percent", 50),
    ]  # fmt: skip
    assert judged(coded, orders=OrderEarning(code_percent=99)).points == 59
    assert judged(ORDER, orders=OrderEarning(code_percent=50)).points == 60
    assert judged(coded, orders=OrderEarning(code_percent=0)).reasons[0].code == "code_used"


def test_a_rate_of_ones_own_is_said_with_whose_it_is() -> None:
    tiers = Tiers(levels=(Tier(key="gold", name="Gold Club", enter=Decimal(1)),))
    of_tier = OrderEarning(tier_rates=(TierRate(tier="gold", points=3, per_amount=Decimal("1.50")),))
    rate = {"rate_points": 3, "rate_amount": "1.50", "currency": "USD"}
    said = judged(tiers=tiers, orders=of_tier, kept=Snapshot(1, tier="gold")).reasons
    assert [one.values for one in said if one.code == "tier_rate"] == [{"tier": "Gold Club", **rate}]
    said = judged(orders=of_tier, kept=Snapshot(1, tier="gold")).reasons  # a tier that is no more
    assert [one.values for one in said if one.code == "tier_rate"] == [{"tier": "gold", **rate}]
    assert not [one for one in judged(orders=of_tier).reasons if one.code == "tier_rate"]
    of_currency = OrderEarning(rates=(CurrencyRate(currency="USD", points=3, per_amount=Decimal("1.50")),))
    said = judged(orders=of_currency).reasons
    assert [one.values for one in said if one.code == "currency_rate"] == [rate]
    own = OrderEarning(rules=(rule("own", effect="rate", points=3, per_amount=Decimal("1.50"), vendors={"Kape"}),))
    said = judged(view(line(1, 1000, vendor="Kape")), orders=own).reasons
    assert [one.values for one in said if one.code == "line_rate"] == [
        {"title": "Item 1", "line": 1, "rule": "own", **rate}
    ]


def test_an_order_that_counted_by_when_it_was_created_goes_on_counting() -> None:
    """Imported orders: placed long before Shopify, and so the programme, got to know of them."""
    since, tick = PLACED, timedelta(microseconds=1)
    order = view(line(1, 1000), created_at=since, processed_at=since - timedelta(days=9))
    assert [Snapshot(1, by_created=by).counted_from(order, since) for by in (True, False)] == [None, since]
    assert Snapshot(1, by_created=True).counted_from(order, since + tick) == since + tick


def test_a_minimum_is_said_as_the_programme_has_it() -> None:
    found = judged(basis=Basis(minimum_order=Decimal("60.01")))
    assert (found.points, found.reasons[-1].code, found.reasons[-1].values) == (
        0,
        "below_minimum",
        {"minimum": "60.01"},
    )
    assert judged(basis=Basis(minimum_order=Decimal(60))).points == 60


def test_an_order_that_earns_nothing_counts_for_nothing() -> None:
    for order in (replace(ORDER, test=True), replace(ORDER, financial_status="pending")):
        assert (judged(order).points, judged(order).counted_minor) == (0, 0)


def test_a_limit_is_said_with_what_it_left() -> None:
    assert reason(Allotted(30), 80) == ()
    [said] = reason(Allotted(30, Limit(most=100, of="orders", per="week")), 80)
    assert (said.code, said.values) == ("limited_orders_week", {"limit": 100, "points": 30, "before": 80})


SHIPPED = view(line(1, 8000), shipping_minor=2000, shipping_tax_minor=200, total_minor=10_700, tip_minor=500, reading=1)


@pytest.mark.parametrize(
    ("refund", "shares"),
    [
        (Refund(1, shipping=(RefundedShipping(0, 500),)), [8000, 1500]),
        (Refund(1, shipping=(RefundedShipping(0, 2500),)), [8000, 0]),
        (Refund(1, discrepancy_minor=-1020), [7200, 1800]),  # a tenth of what was paid without the tip
        (Refund(1, discrepancy_minor=-20_000), [0, 0]),
        (Refund(1, moved=(Moved("visa", "USD", 1020),), currency="USD"), [7200, 1800]),
        (Refund(1, (RefundLine(1, 1, 2000),)), [6000, 2000]),
    ],
)
def test_the_first_reading_took_each_refund_as_it_did(refund: Refund, shares: list[int]) -> None:
    rows = first_reading.shares(replace(SHIPPED, refunds=(refund,)), Basis(shipping=True), {}, 0)
    assert [kept for _, _, kept in rows] == shares
    assert [was for _, was, _ in rows] == [8000, 2000]


def test_the_first_reading_left_out_excluded_lines_and_tender_that_does_not_count() -> None:
    rows = first_reading.shares(SHIPPED, Basis(shipping=True, tax=True), {1: "tag"}, 1020)
    assert rows == [(1, 0, 0), (0, 2200, 1980)]
    assert first_reading.shares(replace(SHIPPED, shipping_minor=0), Basis(shipping=True), {}, 0) == [(1, 8000, 8000)]
