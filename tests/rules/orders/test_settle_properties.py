"""Whatever reaches us of an order, in whatever order and however often: the sums are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.actions.orders.order_news import OrderNews, OrderSeen, merge
from plugin.rules.money import MAX_MINOR
from plugin.rules.orders.earning import Snapshot, deserved
from plugin.rules.orders.settle import Posted, settle
from plugin.rules.programme import Programme
from plugin.rules.types import Refund, RefundLine
from plugin.store.orders.orders import StoredOrder
from tests.reached import reach, reaches
from tests.rules import generated
from tests.rules.generated import histories, line, net, programmes, view


def stored_after(facts: Iterable[OrderNews]) -> StoredOrder:
    return reduce(merge, facts, StoredOrder(1))


def points_of(order: StoredOrder, programme: Programme) -> int:
    """What the order deserves; nothing while only refunds are known of it."""
    if order.effective is None:
        return 0
    return deserved(order.effective, programme, Snapshot(1), {}).points


def ledger_after(facts: Iterable[OrderNews], programme: Programme) -> tuple[list[int], dict[int, int]]:
    """Every posting that settling fact by fact makes, and what each customer holds at the end."""
    order, posted, postings = StoredOrder(1), dict[int, Posted](), list[int]()
    for fact in facts:
        order = merge(order, fact)
        buyer = order.effective.buyer.customer_id if order.effective else None
        for posting in settle(points_of(order, programme), buyer, posted):
            have = posted.get(posting.member_id, Posted())
            posted[posting.member_id] = Posted(have.points + posting.points, posting.line)
            postings.append(posting.points)
    return postings, {member: have.points for member, have in posted.items()}


def without_zeros(sums: Mapping[int, int]) -> dict[int, int]:
    return {member: points for member, points in sums.items() if points}


@st.composite
def shuffled_histories(draw: st.DrawFn) -> tuple[list[OrderNews], list[OrderNews]]:
    facts = draw(histories())
    repeated = draw(st.lists(st.sampled_from(facts), max_size=4))
    return facts, draw(st.permutations(facts + repeated))


def reach_postings(postings: list[int]) -> None:
    if postings:
        reach("posted")
    if min(postings, default=0) < 0:
        reach("taken_back")


@reaches(posted=0.1, taken_back=0.03)
@settings(deadline=None)
@given(shuffled_histories(), programmes())
def test_any_order_of_arrival_and_any_repeats_end_in_the_same_sums(
    told: tuple[list[OrderNews], list[OrderNews]], programme: Programme
) -> None:
    in_order, shuffled = told
    reach_postings(ledger_after(in_order, programme)[0])
    assert without_zeros(ledger_after(shuffled, programme)[1]) == without_zeros(ledger_after(in_order, programme)[1])
    assert stored_after(shuffled).effective == stored_after(in_order).effective


@reaches(posted=0.1, taken_back=0.03)
@settings(deadline=None)
@given(shuffled_histories(), programmes())
def test_the_entries_of_an_order_add_up_to_what_it_deserves_and_one_customer_holds_them(
    told: tuple[list[OrderNews], list[OrderNews]], programme: Programme
) -> None:
    postings, sums = ledger_after(told[1], programme)
    reach_postings(postings)
    assert sum(postings) == points_of(stored_after(told[1]), programme)
    assert len(without_zeros(sums)) <= 1
    assert all(postings)


@reaches(posted=0.1, taken_back=0.03)
@settings(deadline=None)
@given(shuffled_histories(), programmes())
def test_never_more_is_taken_back_than_was_given(
    told: tuple[list[OrderNews], list[OrderNews]], programme: Programme
) -> None:
    held = 0
    postings = ledger_after(told[1], programme)[0]
    reach_postings(postings)
    for points in postings:
        held += points
        assert held >= 0


@reaches(posted=0.1, taken_back=0.03)
@settings(deadline=None)
@given(histories(), programmes())
def test_settling_again_posts_nothing(facts: list[OrderNews], programme: Programme) -> None:
    once, _ = ledger_after(facts, programme)
    reach_postings(once)
    twice, _ = ledger_after([*facts, *facts[::-1]], programme)
    assert twice == once


@reaches(of_others=0.3, target=0.3)
@given(st.dictionaries(st.integers(1, 5), st.integers(-50, 50), max_size=5), st.integers(0, 90), st.integers(1, 6))
def test_settle_brings_one_member_to_the_target_and_all_others_to_nothing(
    posted: dict[int, int], target: int, member: int
) -> None:
    postings = settle(target, member, {key: Posted(points, 3) for key, points in posted.items()})
    if any(posting.member_id != member for posting in postings):
        reach("of_others")
    if target:
        reach("target")
    after = dict(posted)
    for posting in postings:
        assert posting.line == (4 if posting.member_id in posted else 1)
        after[posting.member_id] = after.get(posting.member_id, 0) + posting.points
    assert {key: points for key, points in after.items() if points} == ({member: target} if target else {})


@reaches(points=0.4)
@settings(deadline=None)
@given(generated.lines(), st.data())
def test_partial_refunds_add_up_to_the_refund_of_the_whole(
    lines: tuple[generated.Line, ...], data: st.DataObject
) -> None:
    """However the units and the money of every line are split into refunds: the last one leaves nothing."""
    refunds = []
    for one in lines:
        units = data.draw(st.integers(0, one.quantity))
        money = data.draw(st.integers(0, net(one)))
        refunds.append(Refund(len(refunds), (RefundLine(one.id, units, money),)))
        refunds.append(Refund(len(refunds), (RefundLine(one.id, one.quantity - units, net(one) - money),)))
    if deserved(view(*lines), Programme(), Snapshot(1), {}).points:
        reach("points")
    emptied = tuple(replace(one, current_quantity=0) for one in lines)
    order = view(*emptied, refunds=tuple(refunds), financial_status="partially_refunded")
    assert deserved(order, Programme(), Snapshot(1), {}).points == 0


def test_an_order_of_500_lines_near_the_largest_amount_earns_exactly() -> None:
    price = (MAX_MINOR - 1) // 500
    order = view(*(line(number, price) for number in range(1, 501)), currency="JPY")
    assert deserved(order, Programme(), Snapshot(1), {}).points == 500 * price
    half = tuple(Refund(n, (RefundLine(n, 1, price),)) for n in range(1, 251))
    kept = replace(order, refunds=half, financial_status="partially_refunded")
    assert deserved(kept, Programme(), Snapshot(1), {}).points == 250 * price


@given(st.permutations(range(4)))
def test_amounts_by_gateway_stay_known_whichever_view_brought_them(order: list[int]) -> None:
    """Only fetched orders carry them, and what was paid only ever grows."""
    paid = [None, {"gift_card": 500}, {"gift_card": 500, "manual": 200}, None]
    facts = [
        OrderSeen(replace(view(line(1, 700)), tenders_minor=tenders, updated_at=at), at)
        for number, tenders in enumerate(paid)
        for at in [generated.PLACED.replace(minute=number)]
    ]
    merged = stored_after(facts[number] for number in order).view
    assert merged is not None
    assert (merged.tenders_minor, merged.updated_at.minute) == ({"gift_card": 500, "manual": 200}, 3)
