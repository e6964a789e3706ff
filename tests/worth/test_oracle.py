"""The oracle itself: it agrees with every worked case, and its boxes never lose a coin."""

from __future__ import annotations

from random import Random

import pytest

from tests.worth.history import a_history
from tests.worth.oracle import Terms, deserved
from tests.worth.worked import CASES


@pytest.mark.parametrize("name", CASES)
def test_the_oracle_knows_the_worked_case(name: str) -> None:
    script, points = CASES[name]
    assert [deserved(step.boxes, Terms()) for step in script.history.steps] == [0, *points]


def test_boxes_never_lose_a_coin() -> None:
    for seed in range(60):
        for step in a_history(Random(seed).randrange, certain=False).steps:
            boxes = step.boxes
            assert 0 <= boxes.returned <= boxes.received
            assert all(0 <= line.kept <= line.ever and line.named <= line.removed for line in boxes.lines)
            assert all(left >= 0 for left in boxes.left_by_tender.values())
            assert boxes.kept >= boxes.tips_kept >= 0
