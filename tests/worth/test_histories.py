"""Whatever happens to an order, in whatever sequence we hear of it: its points are what the boxes deserve.

`WORTH_HISTORIES=20000 WORTH_SEED=7 pytest tests/worth` for more of them, or `make test-long`.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reached import reach, reaches
from tests.worth.compare import (
    final,
    of_node,
    oracle,
    product,
    shuffled,
    some_terms,
    told_by_node,
    told_by_node_alone,
    with_node,
)
from tests.worth.history import History, a_history
from tests.worth.modestly import modestly
from tests.worth.oracle import Terms

HISTORIES = int(os.environ.get("WORTH_HISTORIES", "160"))
SEED = int(os.environ.get("WORTH_SEED", "1"))
PARTS = 8


@st.composite
def cases(draw: st.DrawFn) -> tuple[History, Terms, int]:
    """A history, terms, and dice for a sequence."""

    def dice(number: int) -> int:
        return draw(st.integers(0, number - 1))

    history = a_history(dice)
    return history, some_terms(dice, history.setting), draw(st.integers(0, 2**32))


def as_expected(history: History, terms: Terms, seed: int) -> None:
    """After every act, at the end in any sequence, and of every node."""
    expected = oracle(history, terms)
    assert product(history, terms) == expected, f"{history}\n{terms}"
    mixed = shuffled(history.deliveries, Random(seed).randrange)
    topics = [topic for topic, _, _ in mixed]
    assert final(mixed, history, terms) == expected[-1], f"{history}\n{terms}\nheard as {topics}"
    for number, (step, points) in enumerate(zip(history.steps, expected, strict=True)):
        if told_by_node(step):
            assert with_node(history, number, terms) == points, f"{history}\n{terms}\nfetched after: {step.words}"
        if told_by_node_alone(step):
            assert of_node(step, history, terms) == points, f"{history}\n{terms}\nnode alone after: {step.words}"


@reaches(points=0.5)
@modestly(25)
@given(cases())
def test_points_are_what_the_boxes_deserve(case: tuple[History, Terms, int]) -> None:
    as_expected(*case)
    if any(oracle(*case[:2])):
        reach("points")


@pytest.mark.parametrize("part", range(PARTS))
def test_points_are_what_the_boxes_deserve_by_seed(part: int) -> None:
    for number in range(HISTORIES // PARTS):
        dice = Random(f"{SEED} {part} {number}")
        history = a_history(dice.randrange, acts=12)
        as_expected(history, some_terms(dice.randrange, history.setting), dice.randrange(2**32))
