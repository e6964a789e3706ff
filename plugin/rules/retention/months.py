"""Months as bits: in which months somebody ordered, counted from a month that the whole shop shares."""

from __future__ import annotations

from datetime import date
from typing import Final

WORD: Final = 63
"""How many months stand in one 64-bit number: its sign stays free."""
MONTHS: Final = 2 * WORD
STEP: Final = 60


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def months_between(first: date, later: date) -> int:
    """How many calendar months `later` is after `first`; below nothing when it is before.

    >>> months_between(date(2024, 11, 30), date(2026, 2, 1))
    15
    """
    return (later.year - first.year) * 12 + later.month - first.month


def first_month(first_day: date, today: date) -> date:
    """The month of bit 0: that of the shop's first order. In a shop whose orders span more than MONTHS months it moves
    on by STEP months at a time, so that the present is always there; what is older has no bit.

    >>> first_month(date(2024, 11, 30), date(2026, 2, 1)), first_month(date(2010, 3, 5), date(2026, 2, 1))
    (datetime.date(2024, 11, 1), datetime.date(2020, 3, 1))
    """
    first, behind = month_of(first_day), months_between(first_day, today)
    steps = max(0, -(-(behind + 1 - MONTHS) // STEP))
    return first.replace(year=first.year + steps * STEP // 12)


def bits(first: date, days: list[date]) -> tuple[int, int]:
    """The two words of somebody who ordered on these days: bit k of the first for the k-th month, then of the second.

    >>> bits(date(2026, 1, 1), [date(2026, 1, 9), date(2026, 3, 2), date(2031, 4, 1), date(2025, 12, 31)])
    (5, 1)
    """
    at = {k for k in (months_between(first, day) for day in days) if 0 <= k < MONTHS}
    return sum(1 << k for k in at if k < WORD), sum(1 << (k - WORD) for k in at if k >= WORD)
