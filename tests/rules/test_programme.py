"""A programme is refused where it makes no sense, and comes back from the database as it went in."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plugin.rules.programme import Earning, Programme
from tests.rules.generated import programmes


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ({"earning": {"points": -1}}, "earning.points"),
        ({"earning": {"points": 1.5}}, "earning.points"),
        ({"earning": {"per_amount": "0"}}, "earning.per_amount"),
        ({"earning": {"per_amount": "-1"}}, "earning.per_amount"),
        ({"earning": {"per_amount": "NaN"}}, "earning.per_amount"),
        ({"earning": {"per_amount": "Infinity"}}, "earning.per_amount"),
        ({"earning": {"per_amount": "0.0001"}}, "earning.per_amount"),
        ({"earning": {"rounding": "nearest"}}, "earning.rounding"),
        ({"earning": {"pending_days": 366}}, "earning.pending_days"),
        ({"basis": {"minimum_order": "-0.01"}}, "basis.minimum_order"),
        ({"basis": {"excluded_tags": [" "]}}, "basis.excluded_tags"),
        ({"basis": {"unheard_of": True}}, "basis.unheard_of"),
        ({"welcome_points": 1_000_001}, "welcome_points"),
        ({"points_name": "  "}, "points_name"),
        ({"next_order_code": {"value": "100.5"}}, "next_order_code"),
        ({"next_order_code": {"kind": "amount", "value": "0"}}, "next_order_code.value"),
        ({"next_order_code": {"valid_days": 0}}, "next_order_code.valid_days"),
        ({"next_order_code": {"prefix": "suki"}}, "next_order_code.prefix"),
        ({"next_order_code": {"prefix": "SUKI\n"}}, "next_order_code.prefix"),
        ({"goals": [{"name": "Mug", "points": 0}]}, "goals.0.points"),
        ({"goals": [{"name": "Mug", "points": 1}] * 21}, "goals"),
    ],
)
def test_rules_that_make_no_sense_are_refused_at_their_place(rules: dict[str, object], place: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Programme.model_validate(rules)
    places = {".".join(str(part) for part in error["loc"]) for error in refused.value.errors()}
    assert any(found == place or found.startswith(f"{place}.") for found in places)


def test_an_amount_may_be_more_than_a_hundred_and_a_percentage_may_not() -> None:
    assert Programme.model_validate({"next_order_code": {"kind": "amount", "value": "250"}})
    assert Programme.model_validate({"next_order_code": {"kind": "percent", "value": "100"}})


@given(programmes())
def test_a_stored_programme_is_the_same_when_it_is_read(programme: Programme) -> None:
    assert Programme.model_validate(programme.model_dump(mode="json")) == programme


@given(st.integers(0, 1_000_000), st.decimals("0.001", "999999999", places=3))
def test_the_rate_is_exact_in_every_currency(points: int, per_amount: object) -> None:
    earning = Earning.model_validate({"points": points, "per_amount": per_amount})
    for currency, minor in (("JPY", 1), ("USD", 100), ("KWD", 1000)):
        whole = Fraction(earning.per_amount) * minor
        assert earning.points_per_minor(currency) * whole == points
