"""Whether an activity earns now, and if not, why and from when again.

Days, weeks (from Monday), months and years are those of the shop's zone. What counts against a limit is
when things happened, not when we heard of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plugin.rules.activities.activity_rules import Activity, Anniversary, Birthday, Repeated
from plugin.rules.points.expiry import start_of_day
from plugin.rules.types import Reason

NOT_TWICE_WITHIN = timedelta(days=350)
"""Two birthdays, or two anniversaries, of one member are further apart than this, whatever is changed meanwhile."""
BY_HAND_WITHIN = timedelta(days=7)
"""How far from a birthday staff may give its points by hand."""
CHANGED_ONCE_IN = timedelta(days=365)
OLDEST = timedelta(days=90)
AHEAD = timedelta(minutes=5)
PERIODS = ("day", "week", "month", "year")


def refusal(activity: Activity, at: datetime, given: Sequence[datetime], zone: ZoneInfo) -> Reason | None:
    """Why what happened at `at` does not earn, or None. `given`: when the member earned with it so far."""
    if not activity.active:
        return Reason("activity_paused")
    if activity.starts_at is not None and at < activity.starts_at:
        return Reason("activity_not_yet", {"again_on": _day(activity.starts_at, zone)})
    if activity.ends_at is not None and at >= activity.ends_at:
        return Reason("activity_over")
    if not isinstance(activity, Repeated):
        return Reason("activity_once") if given and not yearly(activity) else None
    return _limits(activity, at, given, zone)


def yearly(activity: Activity) -> bool:
    """Whether it comes by itself, once a year."""
    return isinstance(activity, Birthday | Anniversary)


def _limits(activity: Repeated, at: datetime, given: Sequence[datetime], zone: ZoneInfo) -> Reason | None:
    if activity.in_total is not None and len(given) >= activity.in_total:
        return Reason("activity_total", {"limit": activity.in_total})
    for period in reversed(PERIODS):
        limit = getattr(activity, f"per_{period}")
        start, end = bounds(at, period, zone)
        if limit is not None and sum(start <= each < end for each in given) >= limit:
            return Reason(f"activity_{period}", {"limit": limit, "again_on": _day(end, zone)})
    pause = timedelta(hours=activity.cooldown_hours)
    near = [each for each in given if abs(at - each) < pause]
    if near:
        values = {"hours": activity.cooldown_hours, "again_on": _day(max(near) + pause, zone)}
        return Reason("activity_cooldown", values)
    return None


def bounds(at: datetime, period: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The beginning and the end of the local day, week, month or year that holds the moment."""
    day = at.astimezone(zone).date()
    first = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }[period]
    return start_of_day(first, zone), start_of_day(_next(first, period), zone)


def _next(first: date, period: str) -> date:
    if period in ("day", "week"):
        return first + timedelta(days=1 if period == "day" else 7)
    long = first + timedelta(days=32 if period == "month" else 366)
    return long.replace(day=1) if period == "month" else long.replace(month=1, day=1)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def misdated(at: datetime, counts_from: datetime, now: datetime) -> Reason | None:
    """Why something with this time is not taken at all: not yet, too long ago, or before the programme."""
    if at > now + AHEAD:
        return Reason("activity_ahead")
    if at < now - OLDEST:
        return Reason("activity_too_old", {"days": OLDEST.days})
    return Reason("activity_before_programme") if at < counts_from else None


@dataclass(frozen=True, slots=True)
class Born:
    """A birthday, and the day on which it was last set; what staff set counts at once."""

    month: int
    day: int
    set_on: date
    by_staff: bool = False


def possible(month: int, day: int) -> bool:
    """Whether there is such a day, in a leap year."""
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def celebrated(month: int, day: int, year: int, leap_day: str) -> date:
    """The day of a year on which a month and a day are celebrated."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1) if leap_day == "1 March" else date(year, 2, 28)


def days_of(today: date, leap_day: str) -> tuple[tuple[int, int], ...]:
    """The (month, day) that are celebrated today: two of them where today stands for 29 February."""
    own = ((today.month, today.day),)
    stands_in = own[0] != (2, 29) and celebrated(2, 29, today.year, leap_day) == today
    return (*own, (2, 29)) if stands_in else own


def birthday_refusal(
    activity: Birthday, born: Born, day: date, joined_on: date, given: Sequence[date]
) -> Reason | None:
    """Why the member's birthday does not earn on `day`, or None."""
    if any(abs(day - each) < NOT_TWICE_WITHIN for each in given):
        return Reason("birthday_given")
    if (day - joined_on).days < activity.member_days:
        return Reason("birthday_new_member", {"days": activity.member_days})
    if not told_in_time(activity, born, day):
        return Reason("birthday_waits", {"days": activity.waiting_days})
    return None


def told_in_time(activity: Birthday, born: Born, day: date) -> bool:
    """Whether the birthday was set long enough before the day that brings something for it; by staff, it always was."""
    return born.by_staff or (day - born.set_on).days >= activity.waiting_days


def next_birthday(activity: Birthday, born: Born, today: date, joined_on: date, given: Sequence[date]) -> date:
    """The next day, from today on, on which the birthday earns."""
    year = today.year
    while True:
        day = celebrated(born.month, born.day, year, activity.leap_day)
        if day >= today and birthday_refusal(activity, born, day, joined_on, given) is None:
            return day
        year += 1


def waits(activity: Birthday, born: Born, today: date, joined_on: date, given: Sequence[date]) -> Reason | None:
    """Why the birthday that comes next, from today on, brings nothing; None where it does."""
    days = (celebrated(born.month, born.day, year, activity.leap_day) for year in (today.year, today.year + 1))
    coming = next(day for day in days if day >= today)
    if given and max(given) == coming:
        return None
    return birthday_refusal(activity, born, coming, joined_on, given)


def anniversary_is_new(day: date, given: Sequence[date]) -> bool:
    """Whether a member's anniversary earns on `day`: none did within a year before."""
    return all(each <= day - NOT_TWICE_WITHIN for each in given)


def next_anniversary(activity: Anniversary, joined_on: date, today: date, given: Sequence[date]) -> date:
    """The next day, from today on, on which the anniversary earns."""
    year = max(today.year, joined_on.year + 1)
    while True:
        day = celebrated(joined_on.month, joined_on.day, year, activity.leap_day)
        if day >= today and anniversary_is_new(day, given):
            return day
        year += 1


def gift_refusal(born: Born | None, today: date, given: Sequence[date]) -> Reason | None:
    """Why staff cannot give the birthday's points by hand today, or None: they see whoever stands before them, so it
    may be some days before or after, and however new the member is."""
    if born is None:
        return Reason("birthday_unknown")
    if any(abs(today - each) < NOT_TWICE_WITHIN for each in given):
        return Reason("birthday_given")
    near = min(abs(today - celebrated(born.month, born.day, year, "28 February")) for year in _around(today))
    return Reason("birthday_not_near") if near > BY_HAND_WITHIN else None


def gift_year(born: Born, today: date) -> int:
    """The year whose birthday is given by hand today."""
    return min(_around(today), key=lambda year: abs(today - celebrated(born.month, born.day, year, "28 February")))


def _around(today: date) -> tuple[int, int, int]:
    return today.year, today.year - 1, today.year + 1


def change_refusal(born: Born | None, today: date) -> Reason | None:
    """Why a member may not change the birthday today, or None. Staff always may."""
    if born is None:
        return None
    again = born.set_on + CHANGED_ONCE_IN
    return Reason("birthday_changed", {"again_on": again.isoformat()}) if today < again else None
