"""The worked cases, each heard act by act, shuffled, and as GraphQL shows it."""

from __future__ import annotations

from random import Random

import orjson
import pytest

from tests.worth.compare import final, of_node, oracle, product, shuffled, told_by_node_alone
from tests.worth.history import History
from tests.worth.oracle import Terms
from tests.worth.script import Script
from tests.worth.webhook_shapes import refund_body
from tests.worth.worked import CASES


@pytest.mark.parametrize("name", CASES)
def test_the_worked_case(name: str) -> None:
    script, points = CASES[name]
    history, terms = script.history, Terms()
    expected = [0, *points]
    assert product(history, terms) == expected
    for seed in range(6):
        assert final(shuffled(history.deliveries, Random(seed).randrange), history, terms) == expected[-1]
    for step, deserved in zip(history.steps, expected, strict=True):
        if told_by_node_alone(step):
            assert of_node(step, history, terms) == deserved
    for number, before in enumerate(expected[:-1]):
        _heard_alone(history, number + 1, before, expected[number + 1])


def _heard_alone(history: History, number: int, before: int, after: int) -> None:
    """Of a refund, what refunds/create says is enough; unless it may name what an edit took."""
    step = history.steps[number]
    if step.deliveries[0][0] == "refunds/create":
        heard = [one for earlier in history.steps[:number] for one in earlier.deliveries]
        waits = any(line.removed for line, _, _ in step.boxes.refunds[-1].lines)
        assert final([*heard, step.deliveries[0]], history, Terms()) in ({before, after} if waits else {after})


@pytest.mark.parametrize("arrives", [True, False])
def test_a_refund_heard_of_twice_is_the_one_in_which_more_has_happened(arrives: bool) -> None:
    script = CASES["pending, by amount" if arrives else "pending, by amount, failed"][0]
    history = script.history
    *heard, settled = history.deliveries[:-1]
    alone = [one for one in history.deliveries if one[0] == "refunds/create"][-1]
    boxes = history.steps[-1].boxes
    later = ("refunds/create", history.deliveries[-1][1], orjson.dumps(refund_body(boxes, boxes.refunds[-1])))
    known = [one for one in heard if one[0] != "refunds/create"]
    assert settled[0] == "orders/updated"
    for sequence in ([alone, later], [later, alone], [later, alone, later]):
        assert final([*known, *sequence], history, Terms()) == (150 if arrives else 200)


def test_a_refund_that_may_name_what_an_edit_took_waits_for_the_order() -> None:
    script = Script(("A", 100, 3), ("excluded", 300, 1)).pay().remove("A").back(250, A=1)
    history = script.history
    *heard, whole = history.deliveries
    assert [topic for topic, _, _ in (heard[-1], whole)] == ["refunds/create", "orders/updated"]
    assert final(heard, history, Terms(points=10)) == 2000
    assert final([*heard, whole], history, Terms(points=10)) == 875 == oracle(history, Terms(points=10))[-1]


@pytest.mark.parametrize(
    ("through", "points"),
    [("", 100), ("bank_transfer", 75)],
    ids=["to the same gateways", "another way, in proportion"],
)
def test_a_gift_card_that_does_not_count_takes_its_share_of_the_money_that_stayed(through: str, points: int) -> None:
    script = Script(("A", 200, 1)).pay(50, "gift_card").pay().back(100, through=through)
    terms = Terms(gift_cards_count=False)
    assert of_node(script.history.steps[-1], script.history, terms) == points
    assert oracle(script.history, terms)[-1] == points
