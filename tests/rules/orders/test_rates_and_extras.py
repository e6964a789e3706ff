"""Lines by what the buyer saw for them, and extra points by how they were counted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from plugin.rules.orders.earning_rules import CurrencyRate, OrderEarning
from plugin.rules.programme import Basis, Programme
from plugin.rules.types import Parcel, Refund, RefundLine
from tests.rules.generated import line, view
from tests.rules.orders.test_order_rules import TWO, judged, points, programme, rule


def test_each_line_earns_by_what_the_buyer_saw_for_it_and_not_by_the_orders_average() -> None:
    """10.00 seen as 30 euros, doubled, and 20.00 seen as 20: 60 + 20."""
    euros = CurrencyRate(currency="EUR", points=1, per_amount=Decimal(1))
    order = replace(TWO, presented_currency="EUR", presented_minor={1: 3000, 2: 2000, 0: 0})
    assert points(order, rule(products={1001}), rates=(euros,)) == 80
    assert points(order, rates=(euros,)) == 50


def test_a_free_line_beside_one_that_is_no_more_earns_by_the_rate_of_what_is_there() -> None:
    """The free line has no amount of its own; the buyer's amounts still name a line that left."""
    euros = CurrencyRate(currency="EUR", points=1, per_amount=Decimal(1))
    free = line(1, 1000, discount_minor=1000)
    order = view(free, line(2, 2000), presented_currency="EUR", presented_minor={1: 0, 2: 4000, 9: 7000, 0: 0})
    by = Programme(basis=Basis(before_discounts=True), orders=OrderEarning(rates=(euros,)))
    assert judged(order, by).points == 40 + 55  # 10.00 at the order's rate of 110 for 20.00


def test_extra_points_say_whether_they_are_by_item_or_by_order() -> None:
    named = programme(rule("one", effect="per_order", points=5), rule("two", effect="per_item", points=3))
    found = judged(TWO, named)
    assert [(one.code, one.values) for one in found.reasons if one.code.startswith("extra_")] == [
        ("extra_order", {"points": 5, "rule": "One"}),
        ("extra_items", {"points": 6, "rule": "Two", "items": 2, "each": 3}),
    ]
    base = judged(TWO, programme(per_item=2, per_order=7))
    assert [(one.code, one.values) for one in base.reasons if "extra" in one.code] == [
        ("base_extra_items", {"points": 4, "items": 2, "each": 2}),
        ("base_extra_order", {"points": 7}),
    ]


def test_what_the_buyer_saw_as_free_earns_nothing_whatever_it_was_before_discounts() -> None:
    euros = CurrencyRate(currency="EUR", points=1, per_amount=Decimal(1))
    free = view(line(1, 1000, discount_minor=1000), presented_currency="EUR", presented_minor={1: 0, 0: 0})
    by = Programme(basis=Basis(before_discounts=True), orders=OrderEarning(rates=(euros,)))
    assert judged(free, by).points == 0
    assert judged(replace(free, presented_minor={9: 7000}), by).points == 0  # only a line that is no more


def test_shipping_earns_by_what_the_buyer_saw_for_it() -> None:
    euros = CurrencyRate(currency="EUR", points=1, per_amount=Decimal(1))
    parcels = (Parcel(1, 500),)
    order = view(line(1, 1000), parcels=parcels, shipping_minor=500, total_minor=1500)
    order = replace(order, presented_currency="EUR", presented_minor={1: 2000, 0: 1500})
    by = Programme(basis=Basis(shipping=True), orders=OrderEarning(rates=(euros,)))
    assert judged(order, by).points == 20 + 15


def test_a_line_that_is_out_is_neither_said_nor_counted_by_any_rule() -> None:
    """The gift card beside a mug: no multiplier is told of it, no extra points, nor is it told to earn nothing."""
    order = view(line(1, 1000), line(2, 2000, gift_card=True))
    for each in (rule(), rule("own", effect="rate", points=3), rule("staff", multiplier=0)):
        found = judged(order, programme(each, per_item=2))
        told = [one.values for one in found.reasons if one.code in ("line_times", "line_rate", "line_nothing")]
        assert [values["line"] for values in told] == [1]
        items = [one.values["items"] for one in found.reasons if one.code == "base_extra_items"]
        assert items == ([] if each.key == "staff" else [1])
    assert points(view(line(2, 2000, gift_card=True)), rule("gift", effect="per_order", points=7), per_order=5) == 0


def test_an_order_earns_no_more_than_the_most_however_it_comes_to_it() -> None:
    """30.00 at 1 a unit, doubled, with 7 for the order; the tier's times and a code's percent come first."""
    for most, kept in ((66, 66), (67, 67), (68, 67)):
        assert judged(TWO, programme(rule(multiplier=2), per_order=7, most_points=most)).points == kept
    assert judged(TWO, programme(most_points=29)).points == 29  # the fast way, with nothing else set
    with_code = replace(TWO, discount_codes=("SPRING",))
    assert judged(with_code, programme(most_points=20, code_percent=50)).points == 15


def test_the_most_of_an_order_is_said_and_what_it_counts_for_a_tier_stays_whole() -> None:
    found = judged(TWO, programme(most_points=10))
    assert (found.points, found.counted_minor) == (10, 3000)
    assert [(one.code, one.values) for one in found.reasons][-1] == (
        "limited_points_order", {"limit": 10, "points": 10, "before": 30}
    )  # fmt: skip
    assert all(one.code != "limited_points_order" for one in judged(TWO, programme(most_points=30)).reasons)


def test_a_refund_takes_nothing_from_an_order_that_is_still_worth_the_most() -> None:
    """10.00 of 30.00 is kept: 10 points, but 8 at most; with a limit of 25, 15 go back."""
    kept = replace(TWO, refunds=(Refund(1, (RefundLine(2, 1, 2000),)),))
    assert judged(kept, programme()).points == 10
    assert judged(kept, programme(most_points=8)).points == judged(TWO, programme(most_points=8)).points == 8
    assert judged(TWO, programme(most_points=25)).points == 25
    assert judged(kept, programme(most_points=25)).points == 10


def test_a_rule_holds_for_the_channels_that_it_names_beside_the_kinds() -> None:
    """The Shop app, by its id, and the till; the online store and other apps earn as everybody."""
    for_some = rule(multiplier=2, channels={"pos"}, sources={"3890849", "ebay"})
    earned = {one: points(replace(TWO, source=one), for_some) for one in ("3890849", "ebay", "pos", "web", "eBay", "7")}
    assert earned == {"3890849": 60, "ebay": 60, "pos": 60, "web": 30, "eBay": 30, "7": 30}
    assert points(replace(TWO, source="3890849"), rule(multiplier=2, channels={"api"})) == 60
