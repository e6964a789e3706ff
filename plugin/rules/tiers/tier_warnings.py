"""When a member is told that a tier would be lost, that it is lost only then, and when to look at them again.

Time takes a tier only after a warning that named the day, and once it is known what became of that: where this is open
on the day, the tier is kept `WAITS_DAYS` more, and then no longer, whatever happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plugin.rules.tiers import placing
from plugin.rules.tiers.placing import DAY, NOTHING, Done, Held, Standing
from plugin.rules.tiers.tier_rules import Tiers

WARNINGS = (28, 14, 1)
"""Days before a loss on which the member is told."""
WAITS_DAYS = 7
"""How long a tier is kept beyond the day that the warning named when nothing is known of the warning by then."""


@dataclass(frozen=True, slots=True)
class Warned:
    """What a member was told of a loss: `on` a day, how many `days` before, for which first day without the tier, and
    on which day it was known what became of the warning. Without `on` nothing was said of the loss as it is now."""

    days: int | None = None
    on: date | None = None
    lost_on: date | None = None
    told_on: date | None = None


NOT_WARNED = Warned()


def standing(
    done: Sequence[Done],
    tiers: Tiers,
    currency: str,
    today: date,
    held: Held = NOTHING,
    tagged: int = -1,
    warned: Warned = NOT_WARNED,
) -> Standing:
    """Where the member stands today, when time takes no tier before they were told."""
    until = kept_until(warned, today)
    return placing.standing(done, tiers, currency, today, held, tagged, until)


def kept_until(warned: Warned, today: date) -> date | None:
    """Until when a tier that time would take today is kept; None where the member was told.

    Without a warning that named this day, until tomorrow: the warning goes today.
    """
    if warned.on is None or warned.lost_on is None or warned.on >= today or warned.lost_on > today:
        return today + DAY
    if warned.told_on is not None and warned.told_on < warned.lost_on:
        return None
    latest = warned.lost_on + timedelta(days=WAITS_DAYS)
    return latest if today < latest else None


def waits(found: Standing, warned: Warned) -> bool:
    """Whether the tier is kept only for what becomes of its warning."""
    return found.kept_until is not None and warned.lost_on is not None and warned.lost_on < found.kept_until


def still_told(found: Standing, warned: Warned, today: date) -> int | None:
    """How many days before the loss, as it is now, the member was told; with another day than before they are told
    anew, from the next warning on. So are those who have just reached the tier, and are told of that."""
    if found.lost_on is None or (left := (found.lost_on - today).days) > WARNINGS[0]:
        return None
    fresh = found.change == "reached"
    if not fresh and (warned.days is None or found.lost_on == warned.lost_on or waits(found, warned)):
        return warned.days
    return min((days for days in WARNINGS if days > left), default=None)


@dataclass(frozen=True, slots=True)
class After:
    """What a look leaves: the `warning` that is given now (days before the loss), what the member has been `told` of
    the loss with it, and whether an earlier warning is of the `same` loss and still counts."""

    warning: int | None
    told: int | None
    same: bool


def after(found: Standing, warned: Warned, today: date) -> After:
    """What a look at a member who stands so says, and keeps of what was said before."""
    lowered = found.change == "lowered"
    told = None if lowered else still_told(found, warned, today)
    warning = None if found.change else warning_due(found.lost_on, today, told)
    same = not found.change and told is not None and (found.lost_on == warned.lost_on or waits(found, warned))
    return After(warning, warning or told, same)


def next_look(found: Standing, tiers: Tiers, today: date, warned_days: int | None) -> date | None:
    """The next day on which time alone may change something: a warning, the first grace day, a loss, the
    end of a setting."""
    if found.lost_on is None:
        return None
    days = [found.lost_on - DAY * n for n in WARNINGS if warned_days is None or n < warned_days]
    days += [found.lost_on, found.lost_on - DAY * tiers.grace_days]
    days += [found.held.pinned_until + DAY] if found.held.pinned_until else []
    ahead = [day for day in days if day > today]
    return min(ahead, default=today + DAY)


def warning_due(lost_on: date | None, today: date, warned_days: int | None) -> int | None:
    """Which of the warnings is to be given now: the tightest that is due and was not given."""
    if lost_on is None:
        return None
    left = max(1, (lost_on - today).days)
    due = [n for n in WARNINGS if left <= n and (warned_days is None or n < warned_days)]
    return min(due, default=None)
