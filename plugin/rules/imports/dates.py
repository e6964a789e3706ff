"""Days as files write them: 1990-12-24, 24.12.1990, 12/24/1990, 12-24, 24 Dec 1990; read by one order a column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Order = Literal["ymd", "dmy", "mdy"]
ORDERS: Final[tuple[Order, ...]] = ("ymd", "mdy", "dmy")
"""Without a year, `ymd` and `mdy` both have the month first."""
FIRST_YEAR: Final = 1900
"""What stands before, and 1900 itself in some apps, only fills the place of a year that nobody gave."""
_MONTHS: Final = {name: at for at, name in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1
)}  # fmt: skip
_NUMBERS = re.compile(r"(?:--)?([0-9]{1,4})\s*[-/.]\s*([0-9]{1,2})(?:\s*[-/.]\s*([0-9]{1,4}))?\.?")
_CLOCK = re.compile(r"[T ]\s{0,3}[0-9]{1,2}:[0-9]{2}.*$", re.DOTALL)
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[\s,.-]+([a-z]{3,9})\.?(?:[\s,.-]+([0-9]{4}))?", re.IGNORECASE)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?[\s,.-]+([0-9]{1,2})(?:st|nd|rd|th)?(?:[\s,.-]+([0-9]{4}))?", re.IGNORECASE)
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a year, or of every year where none is given."""

    month: int
    day: int
    year: int | None = None

    @property
    def whole(self) -> date | None:
        """As a date; None without a year."""
        return date(self.year, self.month, self.day) if self.year else None


def read(cell: str, order: Order) -> Day | None:
    """The day that a cell says in this order; None where it says none."""
    text = _CLOCK.sub("", cell.strip()[:_LONGEST])
    if found := _NAMED.fullmatch(text):
        return _day(found[3], _month(found[2]), int(found[1]))
    if found := _NAMED_FIRST.fullmatch(text):
        return _day(found[3], _month(found[1]), int(found[2]))
    found = _NUMBERS.fullmatch(text)
    return _by_order(found[1], found[2], found[3], order) if found else None


def _by_order(first: str, second: str, third: str | None, order: Order) -> Day | None:
    if third is None:
        if len(first) > 2:
            return None
        month, day = (first, second) if order != "dmy" else (second, first)
        return _day(None, int(month), int(day))
    if len(first) == 4:  # a year in front is followed by the month, whatever the rest of the column does
        return _day(first, int(second), int(third)) if len(third) <= 2 else None
    if order == "ymd" or len(third) == 3 or len(first) > 2:
        return None
    month, day = (first, second) if order == "mdy" else (second, first)
    return _day(third, int(month), int(day))


def _month(name: str) -> int:
    return _MONTHS.get(name[:3].casefold(), 0)


def _day(year: str | None, month: int, day: int) -> Day | None:
    number = _full(year) if year else None
    kept = number if number and number > FIRST_YEAR else None
    try:
        date(kept or 2000, month, day)  # 2000 has a 29th of February
    except ValueError:
        return None
    return Day(month, day, kept)


def _full(year: str) -> int:
    """A year of two digits is of this century up to 30, else of the last."""
    return int(year) if len(year) > 2 else int(year) + (2000 if int(year) <= 30 else 1900)


@dataclass(frozen=True, slots=True)
class Seen:
    """In which orders most of a column's cells are days, and whether these read each of them alike."""

    orders: tuple[Order, ...] = ORDERS
    alike: bool = True


def seen(cells: Iterable[str]) -> Seen:
    """What a column shows of the order in which it writes days."""
    said = {cell for cell in cells if cell.strip()}
    fits = {order: sum(read(cell, order) is not None for cell in said) for order in ORDERS}
    best = tuple(order for order in ORDERS if fits[order] == max(fits.values()))
    return Seen(best, all(len({read(cell, order) for order in best}) == 1 for cell in said))


def choose(found: Seen, usual: str) -> tuple[Order, bool]:
    """Which order to read by, and whether that is sure: `usual`, as the source writes days, decides between several."""
    hints: dict[str, Order] = {"ymd": "ymd", "md": "mdy", "mdy": "mdy", "dmy": "dmy", "dm": "dmy"}
    hint = hints.get(usual)
    if hint in found.orders:
        return hint, True
    return found.orders[0], found.alike
