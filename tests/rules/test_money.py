"""Money comes in as text or JSON numbers and becomes integer minor units, or is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plugin.rules import money
from plugin.rules.money import MAX_MINOR, minor_digits, to_decimal, to_minor
from tests.reached import reach, reaches

HOSTILE = ["", " ", ".", "e1", "NaN", "sNaN", "-NaN", "Infinity", "-inf", "1e999", "1e999999", "-1e999999999"]
HOSTILE += ["0x10", "1,000.00", "12.3.4", "--1", "1 2", "٣", "१२", "1_000", "½", "\x00", "1\x00", "1\n", "true", "None"]
HOSTILE += ["9" * 5000, "1e-9999999999", "0." + "0" * 5000 + "1"]


@pytest.mark.parametrize("amount", [*HOSTILE, None, True, False, [], {}, float("nan"), float("inf"), b"1.00"])
def test_what_is_not_a_finite_amount_is_refused(amount: object) -> None:
    for digits in (0, 2, 3):
        with pytest.raises(ValueError, match="amount"):
            to_minor(amount, digits)


@pytest.mark.parametrize(
    ("amount", "digits", "expected"),
    [
        ("49.95", 2, 4995),
        ("-0.01", 2, -1),
        ("-0.00", 2, 0),
        ("0.00", 2, 0),
        ("1200", 0, 1200),
        ("1200.00", 0, 1200),
        ("1.5", 3, 1500),
        ("1.2345", 3, 1235),
        ("0.005", 2, 1),
        ("-0.005", 2, -1),
        ("1e3", 2, 100_000),
        (49.95, 2, 4995),
        (0.1 + 0.2, 2, 30),
        (75, 2, 7500),
        (-7.5, 0, -8),
    ],
)
def test_an_amount_becomes_minor_units_half_away_from_zero(amount: object, digits: int, expected: int) -> None:
    assert to_minor(amount, digits) == expected


@given(st.integers(1 - MAX_MINOR, MAX_MINOR - 1), st.sampled_from(["JPY", "USD", "KWD"]))
def test_every_amount_there_and_back_is_the_same(minor: int, currency: str) -> None:
    amount = to_decimal(minor, currency)
    assert -amount.as_tuple().exponent == minor_digits(currency)  # type: ignore[operator]
    assert to_minor(f"{amount:f}", minor_digits(currency)) == minor


@reaches(amounts=0.2)
@given(st.one_of(st.text(max_size=20), st.from_regex(r"[0-9]{0,18}\.[0-9]{2}", fullmatch=True), st.decimals().map(str)))
@example("9999999999999.99")
@example("10000000000000.00")
@example("00000000000001.00")
@example("+1.00")
@example("-1.00")
@example("1²3.00")
def test_the_fast_path_says_what_the_slow_one_says(amount: str) -> None:
    if _outcome(lambda: to_minor(amount, 2)) != "refused":
        reach("amounts")
    assert _outcome(lambda: to_minor(amount, 2)) == _outcome(lambda: money._slowly(amount, 2))


def _outcome(call: object) -> object:
    try:
        return call()  # type: ignore[operator]
    except ValueError:
        return "refused"


@reaches(amounts=0.15, refused=0.15)
@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.decimals()), st.integers(0, 3))
def test_anything_at_all_is_an_amount_below_the_limit_or_a_value_error(amount: object, digits: int) -> None:
    found = _outcome(lambda: to_minor(amount, digits))
    reach("refused" if found == "refused" else "amounts")
    assert found == "refused" or abs(int(str(found))) < MAX_MINOR


@pytest.mark.parametrize("amount", [str(MAX_MINOR), f"-{MAX_MINOR}", "1e15", 10**15])
def test_more_than_any_order_is_out_of_range(amount: object) -> None:
    with pytest.raises(ValueError, match="out of range"):
        to_minor(amount, 0)
    assert to_minor(str(Decimal(MAX_MINOR) / 100 - Decimal("0.01")), 2) == MAX_MINOR - 1
