"""At which hour of which clock an email goes that comes with a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

Clock = Literal["", "shop", "reader"]
"""By whose clock a kind goes at an hour: that of the shop, whose days it is about, or that of the reader; none: at
once."""
HOUR: Final = "hour"
"""The figure of every kind that goes at an hour."""
USUAL_HOUR: Final = 9


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """When the clock of a zone first shows the hour on a day, in UTC; where it skips the hour, when it goes on.

    >>> [f"{at_hour(date(2027, 3, 28), hour, ZoneInfo('Europe/Berlin')):%H:%M}" for hour in (1, 2, 3)]
    ['00:00', '01:00', '01:00']
    """
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def due(day: date, hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    """When an email goes that is about a day, and is written down now: not before the hour of the day, nor before the
    hour of a later one that it has become meanwhile."""
    return max(now, at_hour(max(day, now.astimezone(zone).date()), hour, zone))
