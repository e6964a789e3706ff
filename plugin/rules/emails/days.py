"""On which day an email goes that comes so many days after, or before, another day; asked from either end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from plugin.rules.rewards.kinds import Reward


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """So many days after what it is about; before it where negative.

    >>> DaysAfter(7).due(date(2027, 5, 1)), DaysAfter(7).about(date(2027, 5, 8))
    (datetime.date(2027, 5, 8), datetime.date(2027, 5, 1))
    """

    days: int

    def due(self, about: date) -> date:
        """The day on which the email comes that is about a day."""
        return about + timedelta(days=self.days)

    def about(self, due: date) -> date:
        """The day that the email of a day is about."""
        return due - timedelta(days=self.days)


def crossed(offered: Iterable[Reward], available: int, came: int) -> Reward | None:
    """The dearest reward that points which came (`came` of the `available` ones) brought within reach."""
    found = (one for one in offered if available - came < one.points <= available)
    return max(found, key=lambda one: one.points, default=None)


def offered(rewards: Iterable[Reward]) -> list[Reward]:
    """The rewards of which members are told that they are within reach: those that all can have.

    >>> offered([])
    []
    """
    return [one for one in rewards if one.active and not one.tiers]


def statement_day(day: date) -> bool:
    """Whether statements come on this day, of the month before."""
    return day.day == 1


def month_before(day: date) -> date:
    """The first day of the month that the statement of a day is about."""
    return (day - timedelta(days=1)).replace(day=1)
