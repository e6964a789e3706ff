"""What a merchant can set of expiry, at its limits, and which change ends points earlier."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.points import expiry
from plugin.rules.points.expiry import Held, Policy, Verdict
from plugin.rules.points.expiry_rules import MOST_MONTHS, Expiry, stricter
from plugin.rules.words.texts import text

AT = datetime(2026, 1, 31, tzinfo=UTC)


def refused(**wrong: Any) -> tuple[str, str]:
    """The field that is wrong, and what is said of it."""
    with pytest.raises(ValidationError) as found:
        Expiry(**wrong)
    [error] = found.value.errors()
    return str(error["loc"][0]), str(error["msg"])


def test_as_it_comes_nothing_ends() -> None:
    usual = Expiry()
    assert (usual.policy, usual.unit, usual.period) == ("never", "days", 365)
    assert (usual.month, usual.day, usual.at_least_months) == (12, 31, 6)
    assert (usual.first_warning_days, usual.last_warning_days, usual.grace_days) == (30, 3, 14)
    assert Policy() == Policy(usual, ())
    assert (expiry.FIRST, expiry.LAST) == (1, 2)
    assert Held(1, 2, 3, AT, AT, AT) == Held(1, 2, 3, AT, AT, AT, None, None, None, None, None, 0)
    assert Verdict("wait", AT, AT) == Verdict("wait", AT, AT, 0, None)


@pytest.mark.parametrize(("month", "longest"), list(enumerate((31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)))
def test_a_month_has_its_days(month: int, longest: int) -> None:
    assert Expiry(policy="calendar", month=month, day=longest).day == longest
    field, said = refused(policy="calendar", month=month, day=longest + 1)
    assert field == "day"
    assert longest == 31 or said == f"Value error, {text('en', 'programme.expiry.short_month')}"


def test_a_period_has_a_hundred_and_twenty_months_or_as_many_days() -> None:
    assert Expiry(unit="months", period=120).period == MOST_MONTHS == 120
    assert Expiry(unit="days", period=3650).period == 3650
    assert refused(unit="months", period=121) == (
        "period", f"Value error, {text('en', 'programme.expiry.many_months', most=120)}",
    )  # fmt: skip


def test_the_last_warning_comes_after_the_first() -> None:
    assert Expiry(first_warning_days=4, last_warning_days=3).last_warning_days == 3
    for days in (4, 5):
        assert refused(first_warning_days=4, last_warning_days=days) == (
            "last_warning_days", f"Value error, {text('en', 'programme.expiry.last_first')}",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "earlier"),
    [
        ({}, {}, False), ({}, {"policy": "inactivity"}, True), ({"policy": "inactivity"}, {}, False),
        ({"policy": "inactivity"}, {"policy": "after_earning"}, True),
        ({"policy": "inactivity", "period": 9}, {"policy": "inactivity", "period": 9}, False),
        ({"policy": "inactivity", "period": 9}, {"policy": "inactivity", "period": 10}, False),
        ({"policy": "inactivity", "period": 9}, {"policy": "inactivity", "period": 8}, True),
        ({"policy": "inactivity", "period": 9}, {"policy": "inactivity", "period": 9, "unit": "months"}, True),
        ({"policy": "inactivity"}, {"policy": "inactivity", "month": 1, "at_least_months": 1}, False),
        ({"policy": "calendar"}, {"policy": "calendar"}, False),
        ({"policy": "calendar"}, {"policy": "calendar", "period": 1}, False),
        ({"policy": "calendar"}, {"policy": "calendar", "month": 1}, True),
        ({"policy": "calendar"}, {"policy": "calendar", "day": 30}, True),
        ({"policy": "calendar"}, {"policy": "calendar", "at_least_months": 5}, True),
        ({"policy": "calendar"}, {"policy": "calendar", "at_least_months": 7}, False),
    ],
)  # fmt: skip
def test_a_change_is_stricter_where_it_could_end_points_earlier(
    old: dict[str, Any], new: dict[str, Any], earlier: bool
) -> None:
    assert stricter(Expiry(**new), Expiry(**old)) is earlier
