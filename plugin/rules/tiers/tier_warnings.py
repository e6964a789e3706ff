"""When a member is told that a tier would be lost, and when to look at them again."""

from __future__ import annotations

from datetime import date

from plugin.rules.tiers.placing import DAY, Standing
from plugin.rules.tiers.tier_rules import Tiers

WARNINGS = (28, 14, 1)
"""Days before a loss on which the member is told."""


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
