"""What is sent is of the type that is described: nothing is guessed from a number in quotes, a truth or a list."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel

from plugin.errors import BadInput
from plugin.web.api import calls
from plugin.web.api.shapes import ActivityIn
from plugin.web.shopper.api.act_shapes import ClaimIn, ProfileIn, ReleaseIn, SurveyIn
from plugin.web.shopper.api.asking import body
from plugin.web.shopper.api.description import CALLS
from plugin.web.shopper.api.shapes import CartIn, KeyIn, RedeemIn
from plugin.web.shopper.api.staff_shapes import AdjustIn

LINE = {"product_id": 1, "variant_id": 2, "vendor": "Kape", "quantity": 3, "price": "1.50", "gift_card": False,
        "subscription": True}  # fmt: skip
WHOLE: dict[type[BaseModel], dict[str, Any]] = {
    CartIn: {"currency": "USD", "lines": [LINE], "subtotal": "4.50", "codes": ["TEN"]},
    RedeemIn: {"key": "k", "reward": "r1", "price": 100, "offer": "o", "points": 100},
    KeyIn: {"key": "k"},
    ReleaseIn: {"key": "k", "why": "not_taken"},
    ClaimIn: {"key": "k", "order": 1, "checkout_token": "t"},
    SurveyIn: {"key": "k", "survey": "nps", "score": 9, "comment": "Fine", "order": 1, "checkout_token": "t"},
    ProfileIn: {"key": "k", "birthday": {"month": 5, "day": 4, "text": ""}, "emails": True},
    AdjustIn: {"key": "k", "points": -5, "reason": "A late parcel"},
    ActivityIn: {"customer_id": 7, "activity": "review", "key": "k", "happened_at": "2026-05-04T10:00:00Z"},
}
"""Every shape that is sent, with everything in it."""
OTHERS: tuple[Any, ...] = ("1", "true", "yes", 1, 0, 1.5, True, [], ["1"], {}, [1])


def kind(value: Any) -> str:
    return type(value).__name__


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value within, with where it stands."""
    if path:
        yield path, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in parts:
        yield from leaves(inner, (*path, name))


def with_other(whole: dict[str, Any], path: tuple[Any, ...], other: Any) -> dict[str, Any]:
    made = copy.deepcopy(whole)
    at: Any = made
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = other
    return made


CASES = [
    pytest.param(shape, path, other, id=f"{shape.__name__}-{'.'.join(map(str, path))}-{other!r}")
    for shape, whole in WHOLE.items()
    for path, value in leaves(whole)
    for other in OTHERS
    if kind(other) != kind(value)
]


def wrong(app: Flask, shape: type[BaseModel], said: object) -> dict[str, str]:
    """What is told to be wrong with it, by field."""
    with app.test_request_context("/shopper/v1/x", method="POST", json=said):
        try:
            calls._body() if shape is ActivityIn else body(shape)
        except BadInput as error:
            return error.fields
    return {}


@pytest.mark.parametrize("shape", WHOLE)
def test_what_is_of_the_right_types_is_taken(app: Flask, shape: type[BaseModel]) -> None:
    assert wrong(app, shape, WHOLE[shape]) == {}


def test_a_value_of_another_type_is_refused_and_named_by_its_field(app: Flask) -> None:
    taken = []
    for case in CASES:
        shape, path, other = case.values
        told = wrong(app, shape, with_other(WHOLE[shape], path, other))
        field = ".".join(map(str, path))
        if not told or not all(name.startswith(field) for name in told):
            taken.append((case.id, told))
    assert taken == []


def test_no_shape_that_is_sent_is_left_out() -> None:
    assert {call.takes for call in CALLS if call.takes is not None} | {ActivityIn} == set(WHOLE)
