"""What of an order counts, setting by setting, in golden cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.orders.basis import tenders_needed
from plugin.rules.orders.earning import Deserved, Snapshot, deserved, round_points
from plugin.rules.programme import Basis, Earning, Programme, Rounding
from plugin.rules.types import Buyer, OrderView, Parcel, ProductFacts, Refund, RefundedShipping, RefundLine
from tests.rules.generated import PLACED, line, view

GATEWAYS = {"paid_by_gift_card": "gift_card", "paid_by_store_credit": "shopify_store_credit"}
GUEST = Buyer(email="guest@example.com")
NO_FACTS: dict[int, ProductFacts] = {}


def judged(
    order: OrderView, *, facts: dict[int, ProductFacts] = NO_FACTS, rounding: Rounding = "floor", **basis: object
) -> Deserved:
    programme = Programme(earning=Earning(rounding=rounding), basis=Basis(**basis))  # type: ignore[arg-type]
    return deserved(order, programme, Snapshot(1), facts)


def points(order: OrderView, **settings: object) -> int:
    return judged(order, **settings).points  # type: ignore[arg-type]


def why(order: OrderView, **settings: object) -> str:
    return judged(order, **settings).reasons[-1].code  # type: ignore[arg-type]


@pytest.mark.parametrize(("rounding", "expected"), [("floor", 49), ("half_up", 50), ("ceil", 50)])
def test_49_95_is_rounded_as_the_programme_says(rounding: Rounding, expected: int) -> None:
    assert points(view(line(1, 4995)), rounding=rounding) == expected


@pytest.mark.parametrize(("rounding", "expected"), [("floor", 49), ("half_up", 49), ("ceil", 50)])
def test_49_49_is_rounded_as_the_programme_says(rounding: Rounding, expected: int) -> None:
    assert points(view(line(1, 4949)), rounding=rounding) == expected


def test_an_order_is_rounded_once_and_not_line_by_line() -> None:
    assert points(view(line(1, 50), line(2, 50))) == 1


@given(st.fractions(0, 10**12))
def test_rounding_stays_within_one_point_and_keeps_its_direction(amount: Fraction) -> None:
    down, half, up = (round_points(amount, rounding) for rounding in ("floor", "half_up", "ceil"))
    assert down <= amount <= up <= down + 1
    assert half == (up if amount - down >= Fraction(1, 2) else down)


@pytest.mark.parametrize(("currency", "expected"), [("JPY", 1200), ("USD", 12), ("KWD", 1)])
def test_a_point_for_each_unit_of_a_currency_with_0_2_or_3_decimals(currency: str, expected: int) -> None:
    assert points(view(line(1, 1200), currency=currency)) == expected


def test_a_refund_of_75_from_100_leaves_25() -> None:
    order = view(line(1, 10_000), refunds=(Refund(1, discrepancy_minor=-7_500),))
    assert points(order) == 25


def test_two_partial_refunds_with_an_excluded_product_add_up() -> None:
    """Of three lines one earns nothing: refunding it changes nothing, refunding the others takes theirs."""
    lines = (line(1, 2000, 2), line(2, 3000), line(3, 5000))
    settings = {"excluded_products": {1002}}
    first = Refund(1, (RefundLine(1, 1, 2000), RefundLine(2, 1, 3000)))
    second = Refund(2, (RefundLine(3, 1, 5000),))
    after_first = (replace(lines[0], current_quantity=1), replace(lines[1], current_quantity=0), lines[2])
    after_both = (*after_first[:2], replace(lines[2], current_quantity=0))
    assert points(view(*lines), **settings) == 90
    assert points(view(*after_first, refunds=(first,)), **settings) == 70
    assert points(view(*after_both, refunds=(first, second)), **settings) == 20


def test_an_edit_takes_the_removed_units_and_gives_the_added_ones() -> None:
    assert points(view(line(1, 1000, 3, current_quantity=1))) == 10
    assert points(view(line(1, 1000, 1, current_quantity=3))) == 30


def test_tax_counts_only_where_the_programme_says_so_in_both_conventions() -> None:
    on_top = view(line(1, 10_000, tax_minor=1200))
    within = view(line(1, 11_200, tax_minor=1200), taxes_included=True)
    assert [points(on_top), points(on_top, tax=True)] == [100, 112]
    assert [points(within), points(within, tax=True)] == [100, 112]


def test_shipping_counts_only_where_the_programme_says_so_less_what_was_refunded() -> None:
    order = view(line(1, 10_000), shipping_minor=800, parcels=(Parcel(9, 800),), total_minor=10_800)
    refunded = replace(order, refunds=(Refund(1, shipping=(RefundedShipping(9, 300),)),))
    assert [points(order), points(order, shipping=True)] == [100, 108]
    assert [points(refunded), points(refunded, shipping=True)] == [100, 105]


def test_discounts_are_taken_off_unless_the_programme_counts_the_full_price() -> None:
    order = view(line(1, 10_000, discount_minor=2500))
    assert [points(order), points(order, before_discounts=True)] == [75, 100]


def test_a_free_order_earns_nothing_and_its_refund_takes_nothing() -> None:
    free = line(1, 1000, discount_minor=1000)
    refund = Refund(1, (RefundLine(1, 1, 0),))
    assert points(view(free)) == 0
    assert points(view(replace(free, current_quantity=0), refunds=(refund,)), before_discounts=True) == 0


def test_gift_card_lines_and_tips_never_earn_and_say_so() -> None:
    order = view(line(1, 10_000), line(2, 5000, gift_card=True), line(3, 700, tip=True), tip_minor=300)
    result = judged(order)
    assert result.points == 100
    assert [reason.values["because"] for reason in result.reasons[:-1]] == ["gift_card", "tip"]


@pytest.mark.parametrize(
    ("excluded", "because"),
    [
        ({"excluded_products": {1001}}, "product"),
        ({"excluded_collections": {55}}, "collection"),
        ({"excluded_tags": {"No-Points"}}, "tag"),
    ],
)
def test_an_excluded_product_collection_or_tag_earns_nothing_whatever_its_case(
    excluded: dict[str, object], because: str
) -> None:
    facts = {1001: ProductFacts(frozenset({"no-points"}), frozenset({55}))}
    result = judged(view(line(1, 4000), line(2, 1000)), facts=facts, **excluded)
    assert (result.points, result.snapshot.verdicts) == (10, {1: because, 2: ""})


def test_a_line_keeps_its_verdict_when_the_product_changes_later() -> None:
    programme = Programme(basis=Basis(excluded_tags=frozenset({"sale"})))
    order = view(line(1, 4000))
    first = deserved(order, programme, Snapshot(1), {1001: ProductFacts()})
    later = deserved(order, programme, first.snapshot, {1001: ProductFacts(frozenset({"sale"}))})
    assert (first.points, later.points) == (40, 40)


def test_what_was_paid_with_a_gift_card_or_store_credit_counts_or_not() -> None:
    order = view(
        line(1, 10_000), tenders_minor={"gift_card": 2500, "shopify_store_credit": 1000, "shopify_payments": 6500}
    )
    assert points(order) == 100
    assert points(order, paid_by_gift_card=False) == 75
    assert points(order, paid_by_store_credit=False) == 90
    assert points(order, paid_by_gift_card=False, paid_by_store_credit=False) == 65


def test_a_refund_of_half_an_order_paid_half_by_gift_card_takes_half_of_its_points() -> None:
    order = view(line(1, 5000, 2), tenders_minor={"gift_card": 5000, "shopify_payments": 5000})
    by_line = replace(
        order, lines=(line(1, 5000, 2, current_quantity=1),), refunds=(Refund(1, (RefundLine(1, 1, 5000),)),)
    )
    by_amount = replace(order, refunds=(Refund(1, discrepancy_minor=-5000),))
    assert [points(one, paid_by_gift_card=False) for one in (order, by_line, by_amount)] == [50, 25, 25]


def test_amounts_by_gateway_are_asked_for_only_when_they_matter() -> None:
    order = view(line(1, 100), gateways=("gift_card", "shopify_payments"))
    assert not tenders_needed(order, Basis())
    assert not tenders_needed(order, Basis(paid_by_store_credit=False))
    assert tenders_needed(order, Basis(paid_by_gift_card=False))
    assert not tenders_needed(replace(order, tenders_minor={}), Basis(paid_by_gift_card=False))


def test_the_minimum_is_held_against_what_was_bought_and_not_against_what_was_kept() -> None:
    assert why(view(line(1, 2999)), minimum_order="30") == "below_minimum"
    assert points(view(line(1, 3000)), minimum_order="30") == 30
    refunded = view(line(1, 3000), refunds=(Refund(1, discrepancy_minor=-1000),))
    assert points(refunded, minimum_order="30") == 20


@pytest.mark.parametrize(
    ("change", "settings", "reason"),
    [
        ({"cancelled_at": PLACED}, {}, "cancelled"),
        ({"test": True}, {}, "test_order"),
        ({"buyer": Buyer()}, {}, "no_customer"),
        ({"buyer": GUEST}, {"guests": False}, "guest"),
        ({"financial_status": "pending"}, {}, "awaiting_payment"),
        ({"financial_status": "partially_paid"}, {}, "awaiting_payment"),
        ({"financial_status": "voided"}, {}, "not_paid"),
        ({"financial_status": "refunded"}, {}, "refunded"),
    ],
)
def test_an_order_that_earns_nothing_says_why(
    change: dict[str, object], settings: dict[str, object], reason: str
) -> None:
    result = judged(replace(view(line(1, 5000)), **change), **settings)  # type: ignore[arg-type]
    assert (result.points, [one.code for one in result.reasons]) == (0, [reason])


@pytest.mark.parametrize(("change", "settings"), [({"test": True}, {"test_orders": True}), ({"buyer": GUEST}, {})])
def test_test_orders_and_guests_earn_where_the_programme_says_so(
    change: dict[str, object], settings: dict[str, object]
) -> None:
    assert points(replace(view(line(1, 5000)), **change), **settings) == 50  # type: ignore[arg-type]


def test_an_unpaid_order_earns_where_points_are_awarded_at_once() -> None:
    at_once = Programme(earning=Earning(award_on="created"))
    order = view(line(1, 5000), financial_status="pending")
    assert deserved(order, at_once, Snapshot(1), {}).points == 50
    assert deserved(replace(order, financial_status="voided"), at_once, Snapshot(1), {}).points == 0


def test_an_order_from_before_the_programme_earns_nothing() -> None:
    order, start = view(line(1, 5000)), PLACED + timedelta(seconds=1)
    assert deserved(order, Programme(), Snapshot(1), {}, start).reasons[0].code == "before_programme"
    assert deserved(order, Programme(), Snapshot(1), {}, PLACED).points == 50


@pytest.mark.parametrize("left_out", GATEWAYS)
@pytest.mark.parametrize("gateway", [*GATEWAYS.values(), "visa"])
def test_how_an_order_was_paid_is_asked_where_it_may_have_been_by_what_is_left_out(left_out: str, gateway: str) -> None:
    basis = Basis(**{left_out: False})  # type: ignore[arg-type]
    order = view(line(1, 1000), gateways=("manual", gateway))
    assert tenders_needed(order, basis) == (GATEWAYS[left_out] == gateway)
    assert not tenders_needed(order, Basis())
    assert not tenders_needed(replace(order, tenders_minor={}), basis)


def test_a_line_that_is_left_out_counts_for_no_minimum_and_speaks_of_no_refund() -> None:
    order = view(line(1, 1000), line(2, 500, gift_card=True))
    found = judged(order)
    assert found.points == 10
    assert [reason.values.get("original_minor") for reason in found.reasons if reason.code == "eligible"] == [None]
    assert why(order, minimum_order="10.01") == "below_minimum"
    assert why(order, minimum_order="10") == "eligible"
