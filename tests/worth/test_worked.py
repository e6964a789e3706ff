"""The worked table of what an order is still worth, in webhooks, in refunds alone, and as GraphQL answers."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from plugin.rules.programme import Programme
from tests.worth.bodies import PLACED, Json, bag, line, node_of, order, refund, shipping, told, went
from tests.worth.drive import fetched, points_after, points_of_node

A, B = line(1, "100.00"), line(2, "100.00")
GONE = {"current_quantity": 0}
FULL_RETURN = "Full return balancing adjustment"


def without(one: Json, left: int = 0) -> Json:
    return {**one, "current_quantity": left}


def _half_of_two() -> tuple[list[Json], list[int]]:
    two = line(1, "48.00", 2, off="19.20")
    one = without(two, 1)
    back = refund(5, back="38.40", adjustment="-38.40")
    return [order([two]), order([one]), order([one], "partially_refunded", refunds=[back])], [76, 38, 38]


def _half_of_two_with_a_record() -> tuple[list[Json], list[int]]:
    two = line(1, "48.00", 2, off="19.20")
    one, record, back = without(two, 1), refund(4, lines=[went(1, "38.40")]), refund(5, back="38.40")
    after = order([one], "partially_refunded", refunds=[record, back])
    return [order([two]), order([one], refunds=[record]), after], [76, 38, 38]


def _goods_first_money_later() -> tuple[list[Json], list[int]]:
    first = refund(4, lines=[went(2, "100.00")], adjustment="100.00")
    second = refund(5, back="100.00", adjustment="-100.00")
    lines = [A, without(B)]
    after = order(lines, "partially_refunded", refunds=[first, second])
    return [order([A, B]), order(lines, refunds=[first]), after], [200, 100, 100]


def _by_line_then_by_amount() -> tuple[list[Json], list[int]]:
    dear = line(1, "500.00")
    by_line = refund(4, lines=[went(1, "500.00")], back="500.00")
    by_amount = refund(5, back="50.00", adjustment="-50.00")
    lines, status = [without(dear), B], "partially_refunded"
    return [
        order([dear, B]),
        order(lines, status, refunds=[by_line]),
        order(lines, status, refunds=[by_line, by_amount]),
    ], [600, 100, 50]


def _goodwill_return_and_the_rest() -> tuple[list[Json], list[int]]:
    goodwill = refund(4, back="50.00", adjustment="-50.00")
    returned = refund(5, lines=[went(1, "100.00")], adjustment="100.00")
    rest = refund(6, back="50.00", adjustment="-50.00")
    lines, status = [without(A), B], "partially_refunded"
    return [
        order([A, B]),
        order([A, B], status, refunds=[goodwill]),
        order(lines, status, refunds=[goodwill, returned]),
        order(lines, status, refunds=[goodwill, returned, rest]),
    ], [200, 150, 100, 100]


def _added_and_open_beside_shipping() -> tuple[list[Json], list[int]]:
    ships = [shipping("10.00")]
    grown = order([A, line(3, "20.00")], "partially_paid", ships=ships, open_="20.00")
    return [order([A], ships=ships), grown], [100, 100]


def _added_and_paid() -> tuple[list[Json], list[int]]:
    lines = [A, line(3, "20.00")]
    return [order([A]), order(lines, "partially_paid", open_="20.00"), order(lines)], [100, 100, 120]


def _shipping_in_its_own_rows() -> tuple[list[Json], list[int]]:
    back = refund(4, shipped=("10.00", "0.00"), back="10.00")
    after = order([A, B], "partially_refunded", ships=[shipping("10.00", "0.00")], refunds=[back])
    return [order([A, B], ships=[shipping("10.00")]), after], [200, 200]


def _shipping_with_its_tax() -> tuple[list[Json], list[int]]:
    goods, back = line(1, "100.00", tax="20.00"), refund(4, shipped=("20.00", "4.00"), back="24.00")
    after = order([goods], "partially_refunded", ships=[shipping("20.00", "0.00", tax="4.00")], refunds=[back])
    return [order([goods], ships=[shipping("20.00", tax="4.00")]), after], [100, 100]


def _duties() -> tuple[list[Json], list[int]]:
    charged = {"original_total_duties_set": bag("30.00"), "ships": [shipping("10.00")]}
    back = refund(4, duties="30.00", back="30.00")
    before = order([A, B], current_total_duties_set=bag("30.00"), **charged)
    after = order([A, B], "partially_refunded", refunds=[back], current_total_duties_set=bag("0.00"), **charged)
    return [before, after], [200, 200]


def _shipping_in_yen() -> tuple[list[Json], list[int]]:
    goods, back = line(1, "100.00", shown="JPY"), refund(4, shipped=("10.00", "0.00"), back="10.00", shown="JPY")
    after = order([goods], "partially_refunded", ships=[shipping("10.00", "0.00", shown="JPY")], refunds=[back],
                  shown="JPY", total="110.00")  # fmt: skip
    return [order([goods], ships=[shipping("10.00", shown="JPY")], shown="JPY", total="110.00"), after], [100, 100]


def _a_tenth_by_amount() -> tuple[list[Json], list[int]]:
    goods, ships = line(1, "100.00", tax="20.00"), [shipping("20.00", tax="4.00")]
    back = refund(4, back="14.40", adjustment="-14.40")
    return [order([goods], ships=ships), order([goods], "partially_refunded", ships=ships, refunds=[back])], [100, 90]


def _a_gift_card_added() -> tuple[list[Json], list[int]]:
    return [order([A]), order([A, line(3, "20.00", gift_card=True)], "partially_paid", open_="20.00")], [100, 100]


def _edited_up_and_given_back() -> tuple[list[Json], list[int]]:
    back = refund(4, back="100.00", adjustment="-100.00")
    return [order([A]), order([A, B]), order([A, B], "partially_refunded", refunds=[back])], [100, 200, 100]


HALVES = line(1, "50.00"), line(2, "50.00")
WITH_A_FEE = refund(4, lines=[went(1, "50.00")], back="40.00", adjustment="10.00")


def _a_restocking_fee() -> tuple[list[Json], list[int]]:
    after = order([without(HALVES[0]), HALVES[1]], "partially_refunded", refunds=[WITH_A_FEE])
    return [order(HALVES), after], [100, 50]


def _a_fee_and_goodwill() -> tuple[list[Json], list[int]]:
    lines, goodwill = [without(HALVES[0]), HALVES[1]], refund(5, back="10.00", adjustment="-10.00")
    return [
        order(HALVES),
        order(lines, "partially_refunded", refunds=[WITH_A_FEE]),
        order(lines, "partially_refunded", refunds=[WITH_A_FEE, goodwill]),
    ], [100, 50, 50]


def _cents_that_balance(cents: str, paid: str) -> tuple[list[Json], list[int]]:
    back = refund(4, lines=[went(1, "50.00")], back=paid, adjustment=cents, reason=FULL_RETURN)
    return [order(HALVES), order([without(HALVES[0]), HALVES[1]], "partially_refunded", refunds=[back])], [100, 50]


WORKED: dict[str, tuple[list[Json], list[int]]] = {
    "an edit and its money": _half_of_two(),
    "an edit with a record, and its money": _half_of_two_with_a_record(),
    "goods first, money later": _goods_first_money_later(),
    "by line, then by amount": _by_line_then_by_amount(),
    "goodwill, a return, the rest": _goodwill_return_and_the_rest(),
    "added and open, beside shipping": _added_and_open_beside_shipping(),
    "added, then paid": _added_and_paid(),
    "shipping in its own rows": _shipping_in_its_own_rows(),
    "shipping with its tax": _shipping_with_its_tax(),
    "duties": _duties(),
    "shipping in yen": _shipping_in_yen(),
    "a tenth by amount": _a_tenth_by_amount(),
    "a gift card added": _a_gift_card_added(),
    "edited up, then given back": _edited_up_and_given_back(),
    "a restocking fee": _a_restocking_fee(),
    "a restocking fee, then goodwill": _a_fee_and_goodwill(),
    "a cent less balances": _cents_that_balance("0.01", "49.99"),
    "a cent more balances": _cents_that_balance("-0.01", "50.01"),
}


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_case_has_its_points_after_each_act(name: str) -> None:
    bodies, points = WORKED[name]
    assert points_after(told(bodies), Programme(), "USD") == points


@pytest.mark.parametrize("name", WORKED)
def test_the_sequence_of_its_deliveries_does_not_matter(name: str) -> None:
    bodies, points = WORKED[name]
    for shuffled in permutations(told(bodies)):
        assert points_after([*shuffled, shuffled[0]], Programme(), "USD")[-1] == points[-1]


@pytest.mark.parametrize("name", WORKED)
def test_a_refund_that_comes_alone_says_the_same_as_its_order(name: str) -> None:
    """Alone after what was there before, alone before everything, and twice."""
    bodies, points = WORKED[name]
    for body, before in zip(bodies[1:], bodies, strict=False):
        for alone in body["refunds"][len(before["refunds"]) :]:
            sequence = told([*bodies[: bodies.index(body)], alone, alone, body])
            assert points_after(sequence, Programme(), "USD")[-1] == points[bodies.index(body)]
            early = told([alone, *bodies[: bodies.index(body) + 1]])
            assert points_after(early, Programme(), "USD")[-1] == points[bodies.index(body)]


@pytest.mark.parametrize("name", WORKED)
def test_graphql_reads_like_the_deliveries(name: str) -> None:
    bodies, points = WORKED[name]
    deliveries = [fetched(node_of(body, at)) for body, (_, at, _) in zip(bodies, told(bodies), strict=True)]
    assert points_after(deliveries, Programme(), "USD") == points


@pytest.mark.parametrize("name", [name for name in WORKED if "added" not in name])
def test_one_look_at_the_end_is_enough_where_nothing_is_open(name: str) -> None:
    bodies, points = WORKED[name]
    last = told(bodies)[-1:]
    assert points_after(last, Programme(), "USD") == points[-1:]
    assert points_of_node(node_of(bodies[-1], PLACED + timedelta(days=9)), Programme(), "USD") == points[-1]


def test_a_refund_alone_that_may_name_what_an_edit_took_waits_for_the_order() -> None:
    two = line(1, "48.00", 2, off="19.20")
    record = refund(4, lines=[went(1, "38.40")], back="38.40")
    assert points_after(told([order([two]), record]), Programme(), "USD") == [76, 38]
    assert points_after(told([order([two]), order([without(two, 1)]), record]), Programme(), "USD") == [76, 38, 38]
