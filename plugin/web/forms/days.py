"""Days of a form: the first one, and the last one, which is included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plugin.rules.activities.activity_rules import Activity
from plugin.rules.fields import OUT_OF_REACH, within_reach
from plugin.rules.rewards.kinds import Reward
from plugin.rules.words.texts import Said

DAYS = ("starts_at", "ends_at")


def days_of(one: Reward | Activity, zone: ZoneInfo) -> dict[str, str]:
    """The form's fields for the first day and the last one, which is included."""
    days = {"starts_at": one.starts_at, "ends_at": one.ends_at and one.ends_at - timedelta(seconds=1)}
    return {name: at.astimezone(zone).date().isoformat() for name, at in days.items() if at is not None}


def moment_of(text: str, name: str, zone: ZoneInfo, wrong: dict[str, str]) -> datetime | None:
    """The way back, of one of DAYS: the midnight with which the day begins, or with which the last one ends."""
    day = day_of(text, name, wrong) if text else None
    return None if day is None else datetime.combine(day + timedelta(days=name == "ends_at"), time(), zone)


def day_of(text: str, field: str, wrong: dict[str, str]) -> date | None:
    """The day that somebody typed. One that is none, or out of reach, is named as wrong at its field."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong[field] = Said("frame.wrong.day")
        return None
    if not within_reach(day.year) or not within_reach((day + timedelta(days=1)).year):
        wrong[field] = OUT_OF_REACH
        return None
    return day
