"""The properties that any reading and any formula must have, each by itself, without the oracle where that goes."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.reached import reach, reaches
from tests.worth.boxes import Boxes, GivenBack
from tests.worth.compare import (
    cashback_after,
    final,
    of_node,
    oracle,
    product,
    share_given_back,
    told_by_node_alone,
    with_node,
)
from tests.worth.history import Delivery, History, a_history
from tests.worth.modestly import modestly
from tests.worth.oracle import Terms, goods_gone, worth
from tests.worth.setting import decimals
from tests.worth.stage import WAYS, Stage

FINE = Terms(points=1000)
"""A thousand points for one unit of the currency: a coin that goes astray shows."""
seeds = st.integers(0, 2**32)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any: by seeded dice, as hypothesis prefers the first of every choice, and then nothing happens."""
    return a_history(Random(draw(seeds)).randrange)


def last(history: History, terms: Terms = FINE) -> int:
    """Points at the end."""
    return product(history, terms)[-1]


# 1. Goods kept and paid for keep their points.


@reaches(moved=0.9)
@modestly(15)
@given(seeds, st.sampled_from(("shipping", "half the shipping", "the tax of shipping", "duties", "fees", "tip")))
def test_a_refund_of_charges_alone_takes_nothing_of_goods(seed: int, what: str) -> None:
    stage = Stage(seed)
    refund = _charges(stage.boxes, what)
    assume(refund is not None and refund.named(stage.boxes.setting.taxes_included))
    assert refund is not None
    before = last(stage.history)
    reach("moved")
    stage.hands.draw = lambda _: 0
    refund.id, refund.at = stage.hands.id(), stage.hands.hour
    stage.hands.strip(refund)
    stage.keep(stage.hands.give(refund, refund.named(stage.boxes.setting.taxes_included), what))
    assert last(stage.history) == before


def _charges(boxes: Boxes, what: str) -> GivenBack | None:
    refund = GivenBack(0, 0)
    if "shipping" in what:
        if not boxes.parcels:
            return None
        parcel = boxes.parcels[0]
        parts = {"shipping": (parcel.net, parcel.tax), "half the shipping": (parcel.net // 2, parcel.tax // 2)}
        if what not in parts and boxes.setting.taxes_included:
            return None
        refund.parcels = [(parcel, *parts.get(what, (0, parcel.tax)))]
    elif what == "tip":
        refund.lines = [
            (one, 1, True) for one in boxes.lines if one.kind == "tip" and boxes.setting.style.tip != "field"
        ]
    else:
        refund.duties = boxes.duties.kept if what == "duties" else 0
        refund.fees = boxes.fees.kept if what == "fees" else 0
    return refund


# 2. Once.


@modestly(15)
@given(seeds)
def test_the_same_goods_and_the_same_money_count_once_in_whatever_way_they_left(seed: int) -> None:
    found = {}
    for name, way in WAYS.items():
        stage = Stage(seed)
        line, units = stage.line()
        way(stage, line, units, units * stage.boxes.gross(line))
        found[name] = last(stage.history)
    assert len(set(found.values())) == 1, f"{found}\n{stage.history}"


@modestly(15)
@given(seeds)
def test_goodwill_is_the_same_before_a_return_and_after_it(seed: int) -> None:
    found = []
    for goodwill_first in (True, False):
        stage = Stage(seed)
        line, units = stage.line()
        gross = units * stage.boxes.gross(line)
        grain = stage.hands.grain
        goodwill = (stage.boxes.kept - gross) // 2 // grain * grain
        if goodwill_first:
            stage.give(goodwill)
        stage.give(gross, (line, units, True))
        if not goodwill_first:
            stage.give(goodwill)
        found.append(last(stage.history))
    assert found[0] == found[1]


# 3. Never more than kept.


@reaches(points=0.5, went_back=0.3)
@modestly(15)
@given(histories(), st.booleans())
def test_points_never_exceed_what_is_kept_of_the_goods_or_of_the_money(history: History, tax: bool) -> None:
    terms = Terms(points=1000, tax=tax)
    whole = 10 ** decimals(history.setting.market.currency)
    for step, points in zip(history.steps, product(history, terms), strict=True):
        boxes = step.boxes
        apart = 0 if tax else 1 if boxes.setting.taxes_included else 0
        extra = 1 if tax and not boxes.setting.taxes_included else 0
        goods = sum(
            one.kept * (one.net - apart * one.tax + extra * one.tax) for one in boxes.lines if one.kind == "goods"
        )
        cents = sum(1 for one in boxes.refunds if one.balancing)
        money = boxes.received - boxes.returned + cents
        if points:
            reach("points")
        if boxes.returned:
            reach("went_back")
        assert 0 <= points <= 1000 * Fraction(min(goods, money), whole), step.words


@modestly(15)
@given(seeds, st.sampled_from(tuple(WAYS)), st.sampled_from(("floor", "half_up", "ceil")))
def test_nothing_is_left_when_everything_went_back_however_it_went(seed: int, way: str, rounding: str) -> None:
    stage = Stage(seed)
    for line in [one for one in stage.boxes.lines if one.kind != "tip"]:
        WAYS[way](stage, line, line.kept, line.kept * stage.boxes.gross(line))
    assert last(stage.history, Terms(rounding=rounding, points=7, per=3)) == 0


@modestly(15)
@given(seeds)
def test_all_the_money_back_by_amount_leaves_nothing(seed: int) -> None:
    stage = Stage(seed)
    stage.give(sum(stage.boxes.left_by_tender.values()))
    assert last(stage.history) == 0


# 4. What was paid stays earned.


@modestly(15)
@given(seeds, st.integers(1, 3))
def test_what_is_added_and_open_changes_nothing_until_it_is_paid(seed: int, additions: int) -> None:
    stage = Stage(seed)
    before = last(stage.history)
    for number in range(additions):
        plain = any(one.list_price == one.net and one.kind != "tip" for one in stage.boxes.lines)
        stage.keep(stage.hands.add_units() if plain and number == seed % 2 else stage.hands.add_line())
    assert last(stage.history) == before
    stage.keep(stage.hands.pay())
    assert last(stage.history) >= before
    assert last(stage.history) == oracle(stage.history, FINE)[-1]


@modestly(15)
@given(seeds)
def test_a_deposit_waits(seed: int) -> None:
    stage = Stage(seed, paid=False)
    assume(stage.boxes.balance > stage.hands.grain)
    stage.keep(stage.hands.deposit())
    assert stage.boxes.balance > 0
    assert last(stage.history) == 0


@modestly(15)
@given(seeds)
def test_paying_an_addition_bit_by_bit_only_ever_adds_points(seed: int) -> None:
    stage = Stage(seed)
    for _ in range(2):
        stage.keep(stage.hands.add_line())
    found = [last(stage.history)]
    while stage.boxes.balance > stage.hands.grain and len(found) < 5:
        stage.keep(stage.hands.pay_part())
        found.append(last(stage.history))
    assert found == sorted(found)


# 5. One reading.


@reaches(by_node=0.5)
@modestly(15)
@given(histories())
def test_webhooks_and_graphql_are_read_alike(history: History) -> None:
    for step, points in zip(history.steps, product(history, FINE), strict=True):
        if told_by_node_alone(step):
            reach("by_node")
            assert of_node(step, history, FINE) == points, step.words


@reaches(alone=0.2)
@modestly(15)
@given(histories())
def test_a_refund_heard_of_alone_counts_as_it_does_within_its_order(history: History) -> None:
    expected = product(history, FINE)
    before = list(history.steps[0].deliveries)
    for number, step in enumerate(history.steps[1:], 1):
        topics = [topic for topic, _, _ in step.deliveries]
        if topics == ["refunds/create", "orders/updated"] and not step.boxes.murky:
            reach("alone")
            alone = final([*before, step.deliveries[0]], history, FINE)
            allowed = {expected[number]}
            if any(line.removed for line, _, _ in step.boxes.refunds[-1].lines):
                allowed.add(expected[number - 1])  # which units it names only the order can tell
            assert alone in allowed, f"{history}\nafter {step.words}"
        before += step.deliveries


@reaches(left_out=0.2)
@modestly(15)
@given(histories(), st.booleans(), st.booleans())
def test_a_tender_that_does_not_count_takes_its_share(history: History, cards: bool, credit: bool) -> None:
    terms = Terms(points=1000, gift_cards_count=cards, store_credit_counts=credit)
    everything = oracle(history, FINE)
    for number, (step, points) in enumerate(zip(history.steps, oracle(history, terms), strict=True)):
        if points != everything[number]:
            reach("left_out")
        if told_by_node_alone(step):
            assert of_node(step, history, terms) == points, step.words
            assert with_node(history, number, terms) == points, step.words


# 6. Only a deletion deletes.


@reaches(points_before=0.3)
@modestly(15)
@given(seeds, st.integers(0, 4))
def test_an_older_view_does_not_revive_a_deleted_order(seed: int, acts: int) -> None:
    stage = Stage(seed)
    for _ in range(acts):
        stage.keep(stage.hands.act())
    if last(stage.history):
        reach("points_before")
    if not stage.boxes.deleted:
        stage.keep(stage.hands.delete())
    until = stage.history.deliveries
    assert final(until, stage.history, FINE) == 0
    assert final(until[::-1], stage.history, FINE) == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_deletion_counts_wherever_it_comes_in_between(seed: int) -> None:
    stage = Stage(seed)
    points = last(stage.history)
    stage.keep(stage.hands.delete())
    assert last(stage.history) == 0
    stage.keep(stage.hands.revive())
    deliveries = stage.history.deliveries
    for start in range(len(deliveries)):
        assert final(deliveries[start:] + deliveries[:start], stage.history, FINE) == points


# 7. Cashback and what a redemption gives back use the same value.


@reaches(due=0.5)
@modestly(15)
@given(histories(), st.sampled_from((1, 5, 33, 100)))
def test_cashback_is_a_share_of_the_same_value(history: History, percent: int) -> None:
    heard: list[Delivery] = []
    for step in history.steps:
        heard += step.deliveries
        share = worth(step.boxes, FINE) * percent / 100
        if share >= 1:
            reach("due")
        assert cashback_after(heard, history, percent) == floor(share), f"{history}\nafter {step.words}"


@reaches(goods_left=0.2)
@modestly(15)
@given(histories())
def test_a_redemption_gives_back_the_share_of_the_goods_that_left(history: History) -> None:
    heard: list[Delivery] = []
    for step in history.steps:
        heard += step.deliveries
        boxes = step.boxes
        if not boxes.ever_paid or boxes.deleted or boxes.cancelled or any(one.added for one in boxes.lines):
            continue
        if boxes.murky or any(not one.placed for one in boxes.parcels):
            continue
        if goods_gone(boxes):
            reach("goods_left")
        assert share_given_back(heard, history) == goods_gone(boxes), f"{history}\nafter {step.words}"
