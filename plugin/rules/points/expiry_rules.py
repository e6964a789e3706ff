"""When points end: the part of the programme that a merchant sets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from plugin.rules.fields import Rules
from plugin.rules.words.texts import Said

LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOST_MONTHS = 120


class Expiry(Rules):
    """never · after_earning and inactivity: `period` days or months · calendar: the first `day`.`month`
    at least `at_least_months` after earning. Warnings are days before the last day."""

    policy: Literal["never", "after_earning", "inactivity", "calendar"] = "never"
    unit: Literal["days", "months"] = "days"
    period: int = Field(default=365, ge=1, le=3650)
    month: int = Field(default=12, ge=1, le=12)
    day: int = Field(default=31, ge=1, le=31)
    at_least_months: int = Field(default=6, ge=0, le=36)
    first_warning_days: int = Field(default=30, ge=2, le=180)
    last_warning_days: int = Field(default=3, ge=1, le=60)
    grace_days: int = Field(default=14, ge=1, le=365)

    @field_validator("period")
    @classmethod
    def _not_too_many_months(cls, period: int, info: ValidationInfo) -> int:
        if info.data.get("unit") == "months" and period > MOST_MONTHS:
            raise ValueError(Said("programme.expiry.many_months", most=MOST_MONTHS))
        return period

    @field_validator("day")
    @classmethod
    def _a_day_of_that_month(cls, day: int, info: ValidationInfo) -> int:
        if day > LONGEST_MONTH[info.data.get("month", 1) - 1]:
            raise ValueError(Said("programme.expiry.short_month"))
        return day

    @field_validator("last_warning_days")
    @classmethod
    def _after_the_first(cls, days: int, info: ValidationInfo) -> int:
        if days >= info.data.get("first_warning_days", days + 1):
            raise ValueError(Said("programme.expiry.last_first"))
        return days


def stricter(new: Expiry, old: Expiry) -> bool:
    """Whether `new` could end points earlier than `old` did: switched on, another policy, or shorter."""
    if new.policy == "never":
        return False
    if new.policy != old.policy:
        return True
    if new.policy == "calendar":
        return (new.month, new.day) != (old.month, old.day) or new.at_least_months < old.at_least_months
    return new.unit != old.unit or new.period < old.period
