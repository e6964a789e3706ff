"""Which pool of codes there should be, how large, and which numbers are asked for next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.codes import code_names
from plugin.rules.codes.code_sets import code_name, next_call, pool, pool_size, pools_ahead
from plugin.rules.programme import Programme

OPEN = Programme.model_validate({"next_order_code": {"bound_to_customer": False, "valid_days": 30}})
MOMENTS = st.integers(0, 50_000).map(lambda hours: datetime(2024, 1, 1, 3, tzinfo=UTC) + timedelta(hours=hours))
ZONES = st.sampled_from(["UTC", "Asia/Manila", "America/New_York", "Pacific/Kiritimati"])


def test_codes_are_bound_to_their_customers_unless_the_programme_says_otherwise() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert pool(Programme(), "USD", now, "UTC") is None
    off = Programme.model_validate({"next_order_code": {"enabled": False, "bound_to_customer": False}})
    assert pool(off, "USD", now, "UTC") is None


@given(now=MOMENTS, zone=ZONES)
def test_a_pooled_code_lives_as_long_as_promised_and_a_month_more_at_most(now: datetime, zone: str) -> None:
    found = pool(OPEN, "USD", now, zone)
    assert found is not None
    promised = code_names.expires_at(30, now, zone)
    assert timedelta() <= found.ends_at - promised <= timedelta(days=31, hours=2)


@given(now=MOMENTS, zone=ZONES, hours=st.integers(0, 48))
def test_what_is_given_within_two_days_comes_from_a_pool_that_is_filled_today(
    now: datetime, zone: str, hours: int
) -> None:
    ahead = {(one.key, one.ends_at) for one in pools_ahead(OPEN, "USD", now, zone)}
    then = pool(OPEN, "USD", now + timedelta(hours=hours), zone)
    assert then is not None
    assert (then.key, then.ends_at) in ahead


def test_other_terms_have_another_pool() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    other = Programme.model_validate({"next_order_code": {"bound_to_customer": False, "valid_days": 30, "value": 5}})
    found = [pool(programme, currency, now, "UTC") for programme in (OPEN, other) for currency in ("USD", "PHP")]
    assert len({one.key for one in found if one}) == 4


@given(st.integers(0, 1_000_000))
def test_a_pool_holds_two_days_worth_within_limits(given_last_day: int) -> None:
    low, full = pool_size(given_last_day)
    assert 250 <= full <= 5_000
    assert low * 2 == full
    assert full >= min(2 * given_last_day, 5_000)


@given(wanted=st.integers(1, 3000), refused=st.sets(st.integers(0, 3000), max_size=40))
def test_calls_cover_every_number_once_until_enough_are_there(wanted: int, refused: set[int]) -> None:
    called, seen = 0, list[int]()
    while numbers := next_call(called, wanted, len([each for each in seen if each in refused])):
        first, last = numbers
        assert 0 <= last - first < 250
        seen += range(first, last + 1)
        called = last + 1
    assert seen == list(range(len(seen)))
    assert len([each for each in seen if each not in refused]) == wanted


def test_no_two_numbers_and_no_redemption_have_the_same_code() -> None:
    names = {code_name("A", "salt", set_id, number) for set_id in range(5) for number in range(500)}
    names |= {code_names.code_name("A", "salt", number) for number in range(500)}
    assert len(names) == 3000
