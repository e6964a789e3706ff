"""What a correction does, and how it is undone."""

from __future__ import annotations

import pytest

from plugin.rules.points.adjusting import UNDO_LINE, Effect, effect, undo_lines, undone
from plugin.rules.points.lots import Draw


@pytest.mark.parametrize(
    ("asked", "balance", "negative", "clamped"),
    [(50, 10, 50, 50), (50, -10, 50, 50), (-5, 10, -5, -5), (-10, 10, -10, -10), (-11, 10, -11, -10), (-5, 0, -5, 0)]
    + [(-5, -10, -5, 0), (0, 10, 0, 0)],
)
def test_a_debit_takes_all_or_what_is_there(asked: int, balance: int, negative: int, clamped: int) -> None:
    assert effect(asked, balance, "negative") == Effect(asked, negative, balance)
    assert effect(asked, balance, "clamp") == Effect(asked, clamped, balance)
    assert effect(asked, balance, "clamp").after == balance + clamped


def test_a_debit_goes_back_to_the_lots_that_it_drew_on_and_the_rest_was_debt() -> None:
    draws = (Draw(1, 30), Draw(2, -5), Draw(3, 0), Draw(4, 20))
    assert undone(-70, draws) == (20, (Draw(1, 30), Draw(4, 20)))
    assert undone(-50, draws) == (0, (Draw(1, 30), Draw(4, 20)))
    assert undone(-5, ()) == (5, ())


def test_no_two_entries_share_the_lines_of_their_counter_entries() -> None:
    lines = [line for entry in range(1, 100) for line in undo_lines(entry)]
    assert len(set(lines)) == len(lines)
    assert min(lines) > UNDO_LINE > 99
    assert undo_lines(1) == (1_000_002, 1_000_003)  # as they are stored
