"""When promotional emails may go: the reader's night, in every zone and on every day, and how many in how long."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global
from hypothesis import example, given
from hypothesis import strategies as st

from plugin.rules import zones
from plugin.rules.sending.country_zones import _BY_REGION, CHIEF, zone_of
from plugin.rules.sending.promotional import Sending, quiet_until, room_from, stored
from tests.reached import reach, reaches

COUNTRIES = sorted(key for key, found in get_global("territory_zones").items() if len(key) == 2 and key.isalpha())
ZONES = sorted({zone for zone in map(zone_of, COUNTRIES) if zone} | {"Australia/Lord_Howe", "America/St_Johns"})
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
CHANGES = [  # around which clocks change: New York, Berlin, Lord Howe, Gaza, Cairo, Santiago
    datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, tzinfo=UTC),
    datetime(2026, 9, 6, 4, tzinfo=UTC), datetime(2026, 4, 5, 3, tzinfo=UTC),
]  # fmt: skip
MOMENTS = st.one_of(
    st.integers(0, 5 * 365 * 24 * 60).map(
        lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.builds(lambda at, minutes: at + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-600, 600)),
)
NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
NIGHT = Sending(quiet_from=time(21), quiet_until=time(8))


def shows_quiet(rules: Sending, moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the reader's clock shows a quiet time."""
    at, begin, end = moment.astimezone(zone).time(), rules.quiet_from, rules.quiet_until
    return begin <= at < end if begin < end else begin != end and (at >= begin or at < end)


@reaches(quiet=0.2)
@given(MOMENTS, st.sampled_from(ZONES), TIMES, TIMES)
@example(datetime(2026, 11, 1, 5, 50, tzinfo=UTC), "America/New_York", time(23), time(1, 30))
@example(datetime(2026, 11, 1, 6, 10, tzinfo=UTC), "America/New_York", time(23), time(1, 30))
@example(datetime(2026, 3, 8, 6, 50, tzinfo=UTC), "America/New_York", time(23), time(2, 30))
def test_an_email_waits_exactly_as_long_as_the_clock_shows_quiet_hours(
    now: datetime, zone_name: str, begin: time, end: time
) -> None:
    rules, zone = Sending(quiet_from=begin, quiet_until=end), ZoneInfo(zone_name)
    until = quiet_until(rules, now, zone)
    assert (until is not None) == shows_quiet(rules, now, zone)
    if until is None:
        return
    reach("quiet")
    assert now < until <= now + timedelta(hours=27)
    assert not shows_quiet(rules, until, zone)
    steps = int((until - now) / timedelta(minutes=5))
    assert all(shows_quiet(rules, now + n * timedelta(minutes=5), zone) for n in range(steps))
    assert quiet_until(rules, until, zone) is None


@pytest.mark.parametrize(
    ("now", "zone", "until"),
    [
        ("2026-11-20T02:30+00:00", NEW_YORK, "2026-11-20T13:00+00:00"),  # half past nine at night
        ("2026-11-20T12:59+00:00", NEW_YORK, "2026-11-20T13:00+00:00"),
        ("2026-11-20T13:00+00:00", NEW_YORK, None),
        ("2026-10-31T23:00+00:00", NEW_YORK, None),
        ("2026-11-01T01:00+00:00", NEW_YORK, "2026-11-01T13:00+00:00"),  # a night of 12 hours
        ("2026-03-28T20:00+00:00", BERLIN, "2026-03-29T06:00+00:00"),  # one of 10
    ],
)
def test_nights_by_hand(now: str, zone: ZoneInfo, until: str | None) -> None:
    found = quiet_until(NIGHT, datetime.fromisoformat(now), zone)
    assert found == (datetime.fromisoformat(until) if until else None)


def test_no_quiet_hours_are_none() -> None:
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    assert quiet_until(Sending(quiet=False), midnight, ZoneInfo("UTC")) is None
    assert quiet_until(Sending(quiet_from=time(9), quiet_until=time(9)), midnight, ZoneInfo("UTC")) is None


@reaches(full=0.2)
@given(st.lists(st.integers(0, 9 * 24), min_size=2, max_size=8), st.integers(0, 4), st.integers(2, 9))
def test_never_more_than_so_many_in_any_so_many_days(hours: list[int], most: int, days: int) -> None:
    now, rules = datetime(2026, 11, 20, tzinfo=UTC), Sending(most=most, days=days)
    handed = [now - timedelta(hours=each) for each in hours]
    window = timedelta(days=days)

    def within(moment: datetime) -> int:
        return sum(moment - window < each for each in handed)

    free = room_from(rules, handed, now)
    assert (free is None) == (most == 0 or within(now) < most)
    if free is None:
        return
    reach("full")
    assert free > now
    assert within(free) < most
    assert within(free - timedelta(seconds=1)) >= most


def test_what_cannot_be_read_is_the_usual() -> None:
    assert stored({}) == stored({"sending": {"most": "many"}}) == stored({"sending": None}) == Sending()
    assert stored({"sending": {"quiet_from": "22:30", "quiet_until": "07:15", "most": 1}}) == Sending(
        quiet_from=time(22, 30), quiet_until=time(7, 15), most=1
    )


def test_every_country_with_people_has_a_zone_and_every_zone_is_its_own() -> None:
    known = get_global("territory_zones")
    without = [each for each in COUNTRIES if not zone_of(each)]
    assert set(without) <= {"ZZ"}
    several = {key for key, found in known.items() if len(found) > 1 and len(key) == 2}
    assert several - set(CHIEF) == {"AQ", "UM", "ZZ"}
    assert [key for key, zone in CHIEF.items() if zone not in known[key] and zone != "Europe/Kyiv"] == []
    assert [zone for zone in _BY_REGION.values() if not zones.is_known(zone)] == []
    assert [key for key, zone in _BY_REGION.items() if zone not in known[key[:2]]] == []


@pytest.mark.parametrize(
    ("country", "region", "zone"),
    [
        ("US", "NY", "America/New_York"), ("US", "CA", "America/Los_Angeles"), ("US", "", "America/New_York"),
        ("US", "XX", "America/New_York"), ("PH", "PH-00", "Asia/Manila"), ("FR", "", "Europe/Paris"),
        ("AU", "WA", "Australia/Perth"), ("", "", ""), ("xx", "CA", ""),
    ],
)  # fmt: skip
def test_zones_of_places(country: str, region: str, zone: str) -> None:
    assert zone_of(country, region) == zone
