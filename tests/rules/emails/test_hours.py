"""At which moment an email goes that comes with a day, by clocks that skip hours and show them twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.emails import kind_settings
from plugin.rules.emails.hours import at_hour, due
from plugin.rules.message_kinds import MessageKind
from tests.reached import reach, reaches

MANILA, NEW_YORK, BERLIN = ZoneInfo("Asia/Manila"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
ZONES = ("Asia/Manila", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia",
         "America/Santiago", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago")  # fmt: skip


@pytest.mark.parametrize(
    ("day", "hour", "zone", "at"),
    [
        (date(2027, 5, 3), 9, MANILA, "2027-05-03T01:00"),
        (date(2027, 3, 14), 2, NEW_YORK, "2027-03-14T07:00"),  # clocks go from 2:00 to 3:00, which is this moment
        (date(2027, 11, 7), 1, NEW_YORK, "2027-11-07T05:00"),  # 1:00 comes twice: the first
        (date(2027, 3, 28), 9, BERLIN, "2027-03-28T07:00"),
        (date(2027, 4, 30), 0, ZoneInfo("Africa/Cairo"), "2027-04-29T22:00"),  # the day begins at 1:00
    ],
)  # fmt: skip
def test_the_clock_of_the_zone_decides(day: date, hour: int, zone: ZoneInfo, at: str) -> None:
    assert at_hour(day, hour, zone) == datetime.fromisoformat(at).replace(tzinfo=UTC)


CHANGES = tuple(
    datetime(2027, month, day, tzinfo=UTC) for month, day in ((3, 14), (3, 28), (4, 4), (4, 30), (10, 31), (11, 7))
)
"""Days around which clocks change somewhere."""
AROUND = st.tuples(st.sampled_from(CHANGES), st.timedeltas(timedelta(days=-2), timedelta(days=2))).map(
    lambda pair: pair[0] + pair[1]
)
ANY_DAY = st.timedeltas(timedelta(), timedelta(days=1000)).map(lambda past: CHANGES[0] + past)
MOMENTS = AROUND | ANY_DAY


@reaches(later=0.1)
@given(MOMENTS, st.integers(0, 23), st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_it_goes_once_the_hour_of_its_day_has_come_and_never_before(
    now: datetime, hour: int, shops: str, readers: str
) -> None:
    shop, reader = ZoneInfo(shops), ZoneInfo(readers)
    day = now.astimezone(shop).date()
    at = due(day, hour, reader, now)
    local = at.astimezone(reader)
    assert at >= now
    assert local.date() >= day
    assert local.time() >= time(hour)
    assert at - now <= timedelta(days=2, hours=3)
    if at > now:
        reach("later")
        before = (at - timedelta(microseconds=1)).astimezone(reader)
        assert before.date() < local.date() or before.time() < time(hour)


def test_warnings_and_losses_go_by_the_clock_of_the_shop_and_the_rest_by_the_readers() -> None:
    now, day = datetime(2027, 5, 2, 16, 5, tzinfo=UTC), date(2027, 5, 3)

    def when(kind: MessageKind, hour: int) -> datetime:
        return kind_settings.due({"emails": {kind.value: {"hour": hour}}}, kind, day, MANILA, NEW_YORK, now)

    by_shop = {MessageKind.POINTS_EXPIRING, MessageKind.POINTS_EXPIRED, MessageKind.TIER_ENDING, MessageKind.TIER_LOST}
    for kind in MessageKind:
        if kind in by_shop:
            assert when(kind, 10) == datetime(2027, 5, 3, 2, tzinfo=UTC)
        elif kind.about.clock:
            assert when(kind, 10) == datetime(2027, 5, 3, 14, tzinfo=UTC)
        else:
            assert when(kind, 10) == now + kind.about.waits
    assert {kind.value for kind in MessageKind if kind.about.clock == "reader"} >= {
        "birthday", "anniversary", "win_back", "statement", "reward_ending", "survey_asked", "invite_friends"
    }  # fmt: skip


def test_without_a_setting_it_goes_at_nine() -> None:
    now = datetime(2027, 5, 2, 16, 5, tzinfo=UTC)
    at = kind_settings.due({}, MessageKind.BIRTHDAY, date(2027, 5, 3), MANILA, MANILA, now)
    assert at == datetime(2027, 5, 3, 1, tzinfo=UTC)
