"""What of a refund is read, and how it says the same in every form; and the ends of the value, by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.actions.orders.order_news import RefundSeen
from plugin.rules import explain
from plugin.rules.orders import cashback
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.programme import Basis, Programme
from plugin.rules.rewards.give_back import refunded_share
from plugin.rules.types import OrderView
from plugin.store.work.deliveries import Delivery
from tests.reached import reach, reaches
from tests.rules.test_explain import EN
from tests.worth.bodies import PLACED, Json, line, node_of, order, payment, refund, shipping, told, went
from tests.worth.drive import fetched, points_after
from webhooks.known_orders import known_orders
from webhooks.orders import order as read
from webhooks.orders import order_view

A, B = line(1, "100.00"), line(2, "100.00")


def seen(body: Json) -> OrderView:
    return order_view({**body, "updated_at": PLACED.isoformat()})


def after(*bodies: Json) -> OrderView:
    """What is known after these deliveries."""
    deliveries = [Delivery(n, f"w{n}", topic, at, body) for n, (topic, at, body) in enumerate(told(bodies))]
    view = known_orders(deliveries, "USD")[1].effective
    assert view is not None
    return view


def test_a_refund_reads_the_same_alone_within_its_order_and_from_graphql() -> None:
    given_back = refund(4, lines=[went(1, "100.00", tax="20.00")], back="131.00", shipped=("10.00", "2.00"),
                        adjustment="1.00")  # fmt: skip
    body = order([line(1, "100.00", tax="20.00"), B], refunds=[given_back], ships=[shipping("10.00", tax="2.00")])
    [(topic, at, alone)] = told([given_back])
    within = seen(body).refunds[0]
    from_node = order_view(orjson.loads(fetched(node_of(body, PLACED))[2])).refunds[0]
    assert read(topic, at, alone, "USD") == RefundSeen(1, within)
    assert replace(from_node, shipping=within.shipping) == replace(within, created_at=None)
    assert [(one.minor, one.tax_minor) for one in from_node.shipping] == [(1000, 200)]


def test_shipping_that_is_said_twice_counts_once() -> None:
    said = refund(4, shipped=("10.00", "0.00"), back="10.00")
    again = {"id": 9, "kind": "shipping_refund", "reason": "Shipping refund", "amount": "-10.00", "tax_amount": "0.00"}
    bodies = [
        {**said, "order_adjustments": [again]},
        {**said, "refund_shipping_lines": [], "order_adjustments": [again]},
    ]
    for each in (said, *bodies):
        assert [one.minor for one in seen(order([A], refunds=[each])).refunds[0].shipping] == [1000]
        assert seen(order([A], refunds=[each])).refunds[0].discrepancy_minor is None


def test_only_money_that_moved_counts_and_a_pending_refund_says_so() -> None:
    pending = refund(4, back="50.00", status="pending")
    assert points_after(told([order([A]), order([A], refunds=[pending])]), Programme(), "USD") == [100, 100]
    arrived = refund(4, back="50.00", adjustment="-50.00")
    assert points_after(told([order([A]), order([A], refunds=[arrived])]), Programme(), "USD") == [100, 50]
    codes = [one.code for one in deserved(seen(order([A], refunds=[pending])), Programme(), Snapshot(1), {}).reasons]
    assert codes == ["on_its_way_back", "eligible"]


def test_a_tip_is_a_line_with_its_key_and_counts_once() -> None:
    tip = line(9, "5.00", tip_payment_gateway=None)
    view = seen(order([A, tip], total_tip_received="5.00"))
    assert ([one.tip for one in view.lines], view.tip_minor) == ([False, True], 0)
    assert deserved(view, Programme(), Snapshot(1), {}).points == 100


def test_the_steps_are_told_to_staff_and_to_shoppers() -> None:
    goodwill = refund(5, back="60.00", adjustment="-60.00")
    view = after(order([A, B]), order([A, {**B, "current_quantity": 0}], "partially_refunded", refunds=[
        refund(4, back="100.00", adjustment="-100.00"), goodwill]))  # fmt: skip
    told_steps = deserved(view, Programme(), Snapshot(1), {}).reasons
    assert [explain.words(one, EN) for one in told_steps[:2]] == [
        "$100.00 was removed by edits, returns or refunds, and $100.00 refunded. The same money only counts once.",
        "$60.00 was refunded on top of what was removed. It's deducted proportionally from what was kept and paid for.",
    ]
    said = explain.words(told_steps[0], EN, "shopper")
    assert said == "$100.00 was removed from the order and $100.00 refunded. It only counts once."


def test_the_tender_that_does_not_count_is_what_is_left_of_it() -> None:
    """50 by gift card and 50 by card; 50 goes back to the gift card: what is kept was paid by card."""
    paid = [payment(1, "50.00", "sale", gateway="gift_card"), payment(2, "50.00", "sale")]
    back = refund(4, back="50.00", adjustment="-50.00", gateway="gift_card")
    without = Programme(basis=Basis(paid_by_gift_card=False))
    bodies = [order([A], transactions=paid, payment_gateway_names=["gift_card", "visa"])]
    bodies.append(order([A], "partially_refunded", refunds=[back], payment_gateway_names=["gift_card", "visa"]))
    assert points_after(told(bodies), without, "USD") == [50, 50]
    elsewhere = {**back, "transactions": [payment(9, "50.00", gateway="manual")]}
    assert points_after(told([bodies[0], order([A], "partially_refunded", refunds=[elsewhere])]), without, "USD") == [
        50,
        25,
    ]


def test_an_exchange_gives_nothing_of_a_redemption_back_and_half_of_the_goods_half() -> None:
    other = line(3, "100.00")
    exchanged = after(order([A]), order([{**A, "current_quantity": 0}, other]))
    assert refunded_share(exchanged) == 0
    assert refunded_share(after(order([A, B]), order([A, {**B, "current_quantity": 0}]))) == Fraction(1, 2)
    assert refunded_share(after(order([A]), order([A, other], "partially_paid", open_="100.00"))) == 0


def test_cashback_of_an_order_that_grew_stays_what_was_paid_for() -> None:
    rules = Programme(cashback=Cashback(enabled=True))
    grown = after(order([A]), order([A, B], "partially_paid", open_="100.00"))
    assert cashback.due(grown, rules, {}, None).amount_minor == 500


def test_a_new_order_with_a_deposit_waits() -> None:
    assert points_after(told([order([A], "partially_paid", open_="70.00")]), Programme(), "USD") == [0]


def test_a_deletion_ends_an_order_until_a_later_view() -> None:
    first, at = told([order([A])])[0], PLACED + timedelta(hours=1)
    gone = ("orders/delete", at, b'{"id": 1}')
    later = told([order([A]), order([A])])[1]
    assert points_after([first, gone], Programme(), "USD") == [100, 0]
    assert points_after([gone, first], Programme(), "USD") == [0, 0]
    assert points_after([gone, first, later], Programme(), "USD") == [0, 0, 100]
    assert points_after([later, gone, first], Programme(), "USD") == [100, 100, 100]


MONEY = st.integers(0, 12_000)


@reaches(in_part=0.2)
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([0, 1]), MONEY, st.booleans()), max_size=5), st.data())
def test_points_never_leave_what_is_kept_and_what_the_money_kept_earns(
    acts: list[tuple[int, int, bool]], data: st.DataObject
) -> None:
    """Returns without money and money without lines, in any sequence of deliveries: the same, and within bounds."""
    lines, refunds, back, bodies = [A, B], [], 0, [order([A, B])]
    for number, (which, minor, returns) in enumerate(acts):
        if returns and lines[which]["current_quantity"]:
            lines = [{**one, "current_quantity": 0} if n == which else one for n, one in enumerate(lines)]
            refunds = [*refunds, refund(10 + number, lines=[went(which + 1, "100.00")], adjustment="100.00")]
        elif minor := min(minor, 20_000 - back):
            back += minor
            refunds = [*refunds, refund(10 + number, back=f"{minor / 100:.2f}", adjustment=f"-{minor / 100:.2f}")]
        bodies.append(order(lines, "partially_refunded" if back else "paid", refunds=refunds))
    kept = sum(one["current_quantity"] for one in lines) * 10_000
    expected = max(0, min(kept, 20_000 - back)) // 100
    if 0 < expected < 200:
        reach("in_part")
    mixed = data.draw(st.permutations([*told(bodies), *told(bodies)[:1]]))
    assert points_after(mixed, Programme(), "USD")[-1] == expected
