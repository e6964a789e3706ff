"""Small charts of a value a day: bars as one path each, in a box of fixed size. The numbers stand in a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 120


@dataclass(frozen=True, slots=True)
class Bars:
    """The paths of two series, the second within the first or beside it; `top` is what the full height stands for."""

    first: str
    second: str
    top: int


def stacked(whole: Sequence[int], part: Sequence[int]) -> Bars:
    """Bars for whole values, and within each the part of it. What is below nought is not drawn."""
    top = max((*whole, 0))
    slot = WIDTH / max(1, len(whole))
    gap = min(4.0, slot / 4)
    return Bars(_path(whole, top, slot, gap / 2, slot - gap), _path(part, top, slot, gap / 2, slot - gap), top)


def side_by_side(one: Sequence[int], other: Sequence[int]) -> Bars:
    """Two bars for each day."""
    top = max((*one, *other, 0))
    slot = WIDTH / max(1, len(one))
    gap = min(4.0, slot / 4)
    width = (slot - gap) / 2
    return Bars(_path(one, top, slot, gap / 2, width), _path(other, top, slot, gap / 2 + width, width), top)


def _path(values: Sequence[int], top: int, slot: float, begin: float, width: float) -> str:
    """A bar for each value above nought, from the bottom up."""
    bars = []
    for place, value in enumerate(values):
        height = round(HEIGHT * max(0, min(value, top)) / max(1, top), 1)
        if height:
            left = round(place * slot + begin, 1)
            bars.append(f"M{left:g} {HEIGHT}h{round(width, 1):g}v-{height:g}h-{round(width, 1):g}z")
    return "".join(bars)
