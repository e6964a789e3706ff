"""What a correction by staff does to a balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from plugin.rules.points.lots import Draw

MOST_POINTS = 1_000_000
UNDO_LINE = 1_000_000
"""The line of a counter-entry is twice that of the entry, and this much more."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A correction as it will be: `points` may be fewer than `asked`, where the balance stops at zero."""

    asked: int
    points: int
    before: int

    @property
    def after(self) -> int:
        """The balance then."""
        return self.before + self.points


def effect(asked: int, balance: int, below_zero: Literal["negative", "clamp"]) -> Effect:
    """What comes of adding or taking `asked` points. `clamp` takes at most what is there."""
    if asked < 0 and below_zero == "clamp":
        return Effect(asked, -min(-asked, max(balance, 0)), balance)
    return Effect(asked, asked, balance)


def undone(points: int, draws: Sequence[Draw]) -> tuple[int, tuple[Draw, ...]]:
    """How a debit of `points` (below zero) goes back: what only made debt, and what returns to which lots."""
    back = tuple(draw for draw in draws if draw.points > 0)
    return -points - sum(draw.points for draw in back), back


def undo_lines(line: int) -> tuple[int, int]:
    """The lines of the one or two counter-entries to a line."""
    return UNDO_LINE + 2 * line, UNDO_LINE + 2 * line + 1
