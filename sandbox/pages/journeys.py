"""How the clock is moved: from moment to moment at which something is due, so that it is done at its hour."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from math import ceil
from zoneinfo import ZoneInfo

from sandbox import clock

MOST_DAYS = 1100
MOST_MINUTES = 24 * 60
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NIGHT = timedelta(minutes=5)
"""So long after midnight a new day's work is looked for."""
STOPS_A_DAY, STOPS_A_DAY_FAR = 12, 4
"""On how many moments of a day it stops at most; on a journey of more than a month, fewer."""
FAR = 31 * DAY
WAIT_SECONDS = 90.0


def no_zones() -> Iterable[ZoneInfo]:
    """Midnight is only UTC's."""
    return ()


@dataclass
class Journey:
    """How far it still is, and in which steps it goes there: at most `longest`, and no step past what is due. `zones`:
    those whose days begin."""

    zones: Callable[[], Iterable[ZoneInfo]] = no_zones
    goal: timedelta | None = None
    longest: timedelta = DAY
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def left(self) -> int:
        """How many minutes are left of it; nothing while the clock stands."""
        goal = self.goal
        return 0 if goal is None else max(1, ceil((goal - clock.ahead()) / MINUTE))

    @property
    def to_go(self) -> str:
        """The same in words; empty for nothing."""
        minutes = self.left
        for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
            if minutes >= length:
                number = round(minutes / length)
                return f"{number} {unit}{'' if number == 1 else 's'}"
        return ""

    def begin(self, days: int, stopping: threading.Event) -> None:
        """Set out; ValueError while one is under way, or for a day that has passed."""
        if not 0 < days <= MOST_DAYS:
            raise ValueError(f"The clock goes forward only, and at most {MOST_DAYS} days at once.")
        self._begin(days * DAY, DAY, stopping)

    def begin_minutes(self, minutes: int, stopping: threading.Event) -> None:
        """The same, by minutes: one after the other up to an hour, by tens of them beyond."""
        if not 0 < minutes <= MOST_MINUTES:
            raise ValueError(f"The clock goes forward only, and at most {MOST_MINUTES} minutes at once.")
        way = minutes * MINUTE
        self._begin(way, MINUTE if way < HOUR else 10 * MINUTE, stopping)

    def begin_to_what_is_due(self, stopping: threading.Event) -> None:
        """To the next moment at which the app has something to do; ValueError where it knows of none."""
        due = clock.next_due()
        way = due - clock.now() if due else timedelta()
        if not timedelta() < way <= MOST_DAYS * DAY:
            raise ValueError("Nothing is due.")
        self._begin(ceil(way / MINUTE) * MINUTE, DAY, stopping)

    def _begin(self, way: timedelta, longest: timedelta, stopping: threading.Event) -> None:
        with self.lock:
            if self.goal is not None:
                raise ValueError("The clock is moving already.")
            if not clock.movable():
                raise ValueError("The clock moves only in `make demo`.")
            self.goal, self.longest = clock.ahead() + way, longest
        threading.Thread(target=self._go, args=(stopping, way > FAR), name="clock", daemon=True).start()

    def _go(self, stopping: threading.Event, far: bool) -> None:
        most, day, stops = STOPS_A_DAY_FAR if far else STOPS_A_DAY, clock.now().date(), 0
        while (left := (self.goal or timedelta()) - clock.ahead()) > timedelta() and not stopping.is_set():
            step, is_stop = next_step(clock.now(), self.zones(), clock.next_due() if stops < most else None)
            clock.move(min(left, self.longest, step))
            _wait_for_the_worker(stopping)
            stops = stops + is_stop if clock.now().date() == day else 0
            day = clock.now().date()
        self.goal = None


def next_step(now: datetime, zones: Iterable[ZoneInfo], due: datetime | None) -> tuple[timedelta, bool]:
    """How far the next moment is at which a day begins somewhere, or something is due, a minute at least; and whether
    something is due then."""
    nights = [_next_night(now, zone) for zone in (*zones, UTC)]
    at = min([*nights, *([due] if due is not None and due > now else [])])
    return max(MINUTE, at - now), at == due


def _next_night(now: datetime, zone: tzinfo) -> datetime:
    local = now.astimezone(zone)
    night = local.replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT
    return (night if night > local else night + DAY).astimezone(UTC)


def _wait_for_the_worker(stopping: threading.Event) -> None:
    """Until the app has done what the new moment brings."""
    until = time.monotonic() + WAIT_SECONDS
    while clock.seen() not in (None, clock.ahead()) and time.monotonic() < until:
        stopping.wait(0.05)
