"""The worked cases, each heard act by act, shuffled, and as GraphQL shows it."""

from __future__ import annotations

from random import Random

import pytest

from tests.worth.compare import final, of_node, product, shuffled, told_by_node_alone
from tests.worth.oracle import Terms
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
