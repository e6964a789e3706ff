"""When a lot's points end, which warnings are due before, and when they are lost.

A lot lasts to the end of a local day. Nothing is lost without a warning that was recorded at least
`last_warning_days` earlier: a lot that nobody could warn of in time (the app was down, the points came
back late) is warned of first and then lasts that many days more. And nothing is lost before it is known what became
of the last warning: where that is open at the lot's end, the lot lasts `WAITS_DAYS` more, and then no longer.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from plugin.rules.points.expiry_rules import Expiry, stricter

FIRST, LAST = 1, 2
"""The two warnings of a lot."""
WAITS_DAYS = 7
"""How long a lot lasts beyond its end when its last warning had no outcome by then, whatever happens."""
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force, and the (time, rules) of each switching on or shortening since they were last
    off: what members held then lasts at least one full period from then."""

    rules: Expiry = Expiry()
    promises: tuple[tuple[datetime, Expiry], ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """One lot as expiry sees it. `warned_for` is the end that its `warnings` were about, `warned_by` the newest one's
    message, and `told_at` when that had an outcome: None while it has none."""

    lot_id: int
    member_id: int
    left: int
    earned_at: datetime
    available_at: datetime
    active_at: datetime
    expires_at: datetime | None = None
    look_at: datetime | None = None
    kept_until: datetime | None = None
    warned_for: datetime | None = None
    warned_at: datetime | None = None
    warnings: int = 0
    warned_by: int | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a lot now, when it ends, and when to look at it again."""

    act: Literal["wait", "warn", "expire"]
    ends_at: datetime | None
    look_at: datetime | None
    warning: int = 0
    kept_until: datetime | None = None


def in_force(history: Iterable[tuple[datetime, Expiry]], now: datetime) -> Policy:
    """The policy at `now`, from every programme version's (start, expiry rules), oldest first."""
    rules, promises = Expiry(), list[tuple[datetime, Expiry]]()
    for since, new in history:
        if since > now:
            continue
        if new.policy == "never":
            promises = []
        elif stricter(new, rules):
            promises.append((since, new))
        rules = new
    return Policy(rules, tuple(promises))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The midnight after the local day, in UTC."""
    return start_of_day(day + timedelta(days=1), zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The midnight with which the local day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def last_day(ends_at: datetime, zone: ZoneInfo) -> date:
    """The last local day on which points that end then can be used."""
    return (ends_at - _MOMENT).astimezone(zone).date()


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month: 31 January + 1 = 28 February."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def period_end(rules: Expiry, since: date) -> date:
    """The last day of one full period that began on `since`."""
    if rules.policy == "calendar":
        return _next_date(rules, add_months(since, rules.at_least_months))
    if rules.unit == "months":
        return add_months(since, rules.period)
    return since + timedelta(days=rules.period)


def _next_date(rules: Expiry, earliest: date) -> date:
    for year in (earliest.year, earliest.year + 1):
        found = date(year, rules.month, min(rules.day, monthrange(year, rules.month)[1]))
        if found >= earliest:
            break
    return found


def ends_at(held: Held, policy: Policy, zone: ZoneInfo) -> datetime | None:
    """When the lot ends; None for never.

    Never before it was available for `last_warning_days`, and never before what was promised for it.
    """
    rules = policy.rules
    if rules.policy == "never":
        return None
    since = max(held.active_at, held.earned_at) if rules.policy == "inactivity" else held.earned_at
    days = [period_end(rules, _local(since, zone))]
    days += [period_end(then, _local(at, zone)) for at, then in policy.promises if held.earned_at <= at]
    days.append(_local(held.available_at, zone) + timedelta(days=rules.last_warning_days))
    end = end_of_day(max(days), zone)
    return max(end, held.kept_until) if held.kept_until else end


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def judge(held: Held, policy: Policy, zone: ZoneInfo, now: datetime) -> Verdict:
    """What is due for one lot now. Lost is only what had its last warning, for exactly this end, with an outcome."""
    end = ends_at(held, policy, zone)
    if end is None:
        return Verdict("wait", None, None)
    warned = held.warnings if held.warned_for == end else 0
    if warned == LAST:
        end = _told(held, end, zone, now)
        return Verdict("expire" if end <= now else "wait", end, end)
    first, last = (_warning(end, days, zone) for days in _thresholds(policy.rules))
    if now >= last:
        return _last_warning(end, policy.rules, zone, now)
    if warned or first <= held.earned_at:
        return Verdict("wait", end, last)
    return Verdict("warn", end, last, FIRST) if now >= first else Verdict("wait", end, first)


def _told(held: Held, end: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The end, once it is known what became of the warning: later when that was open at the time."""
    if now < end or (held.told_at is not None and held.told_at <= end):
        return end
    return at_the_latest(end, zone)


def at_the_latest(end: datetime, zone: ZoneInfo) -> datetime:
    """When a lot that was to end then ends, whatever became of its warning."""
    return end_of_day(last_day(end, zone) + timedelta(days=WAITS_DAYS), zone)


def _thresholds(rules: Expiry) -> tuple[int, int]:
    return rules.first_warning_days, rules.last_warning_days


def _warning(end: datetime, days: int, zone: ZoneInfo) -> datetime:
    return start_of_day(last_day(end, zone) - timedelta(days=days), zone)


def _last_warning(end: datetime, rules: Expiry, zone: ZoneInfo, now: datetime) -> Verdict:
    """Warn now; where that is late, the lot lasts the whole notice from today."""
    notice = end_of_day(_local(now, zone) + timedelta(days=rules.last_warning_days), zone)
    if notice <= end:
        return Verdict("warn", end, end, LAST)
    return Verdict("warn", notice, notice, LAST, kept_until=notice)


def given_back(ended_at: datetime | None, policy: Policy, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Until when points last at least that come back to a lot: the grace days, where it has already ended."""
    if ended_at is None or ended_at > now:
        return None
    return end_of_day(_local(now, zone) + timedelta(days=policy.rules.grace_days), zone)


def dates_of_new(held: Held, policy: Policy, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """When a lot that has just been credited ends, and when it is first to be looked at."""
    verdict = judge(held, policy, zone, held.earned_at)
    return verdict.ends_at, held.earned_at if verdict.act == "warn" else verdict.look_at
