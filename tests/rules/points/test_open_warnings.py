"""A lot whose last warning had no outcome by its end lasts seven days more, wherever the shop is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugin.rules.points.expiry import LAST, Policy, judge, last_day
from tests.rules.points.test_expiry import MANILA, NEW_YORK, YEAR, lot


@pytest.mark.parametrize("told", [None, timedelta(seconds=1), timedelta(days=6)])
@pytest.mark.parametrize(
    ("zone", "last_day_of_it", "says"),
    [
        (MANILA, date(2027, 1, 10), "2027-01-18T00:00:00+08:00"),
        (NEW_YORK, date(2026, 3, 5), "2026-03-13T00:00:00-04:00"),  # clocks go forward on the 8th
        (NEW_YORK, date(2026, 10, 30), "2026-11-07T00:00:00-05:00"),  # and back on the 1st
    ],
)
def test_a_lot_whose_warning_is_open_at_its_end_lasts_seven_local_days_more(
    told: timedelta | None, zone: ZoneInfo, last_day_of_it: date, says: str
) -> None:
    earned = datetime.combine(last_day_of_it - timedelta(days=365), time(9), zone)
    end, latest = datetime.combine(last_day_of_it + timedelta(days=1), time(), zone), datetime.fromisoformat(says)
    warned = lot(earned, warned_for=end, warnings=LAST, told_at=end.astimezone(UTC) + told if told else None)
    assert judge(warned, Policy(YEAR), zone, end - timedelta(seconds=1)).ends_at == end
    for now, act in ((end, "wait"), (latest - timedelta(seconds=1), "wait"), (latest, "expire")):
        verdict = judge(warned, Policy(YEAR), zone, now)
        assert (verdict.act, verdict.ends_at, verdict.look_at) == (act, latest, latest)
    assert last_day(latest, zone) == last_day(end, zone) + timedelta(days=7)
