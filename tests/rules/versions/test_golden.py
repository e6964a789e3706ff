"""Every limit and default of the programme, to the letter: a wrong one costs shops money and no rule would notice.

The golden files are what the schema is held against; the limits that they state are then tried at both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tests.rules.versions.golden import GOLDEN, TELL, as_text, files, models


@pytest.mark.parametrize("name", sorted(files()))
def test_limits_defaults_and_weights_are_what_they_were(name: str) -> None:
    assert json.loads(as_text(files()[name])) == json.loads((GOLDEN / name).read_text(encoding="utf-8")), TELL


@cache
def known() -> dict[str, type[BaseModel]]:
    """`models()`, once."""
    return models()


def limits() -> Iterator[tuple[str, str, str, str, Any]]:
    """Model, field, kind of JSON, limit and its value, as the golden schema has them."""
    for name, said in json.loads((GOLDEN / "schema.json").read_text(encoding="utf-8")).items():
        model, _, field = name.rpartition(".")
        for one in [said, *said.get("anyOf", ())]:
            for limit in LIMITS.keys() & one.keys():
                yield model, field, one.get("type", ""), limit, one[limit]


LIMITS = {
    "minimum": (lambda limit: [limit], lambda limit: [limit - 1]),
    "maximum": (lambda limit: [limit], lambda limit: [limit + 1]),
    "exclusiveMinimum": (lambda limit: [limit + 1], lambda limit: [limit]),
    "exclusiveMaximum": (lambda limit: [limit - 1], lambda limit: [limit]),
    "minLength": (lambda limit: ["a" * limit], lambda limit: ["a" * (limit - 1)]),
    "maxLength": (lambda limit: ["a" * limit], lambda limit: ["a" * (limit + 1)]),
}
"""What passes, and what does not."""
OUT_OF_BOUNDS = {"greater_than_equal", "less_than_equal", "greater_than", "less_than", "string_too_short"} | {
    "string_too_long", "too_long", "too_short",
}  # fmt: skip


def items(described: dict[str, Any], many: int) -> list[object]:
    """So many different ones: numbers, countries or words. What is made of models is pinned by the file alone."""
    if described.get("type") == "integer":
        return list(range(1, many + 1))
    letters = [chr(first) + chr(second) for first in range(65, 91) for second in range(65, 91)]
    return [*letters, *(f"word {number}" for number in range(many))][:many]


def lists() -> Iterator[tuple[str, str, dict[str, Any], int]]:
    """Model, field, what is in the list, and how much of it at most."""
    for name, said in json.loads((GOLDEN / "schema.json").read_text(encoding="utf-8")).items():
        model, _, field = name.rpartition(".")
        for one in [said, *said.get("anyOf", ())]:
            if "maxItems" in one and "type" in one["items"]:
                yield model, field, one["items"], one["maxItems"]


@pytest.mark.parametrize(("model", "field", "described", "most"), list(lists()))
def test_a_list_as_long_as_it_may_be_is_allowed_and_one_more_is_not(
    model: str, field: str, described: dict[str, Any], most: int
) -> None:
    assert not out_of_bounds(model, field, items(described, most))
    assert out_of_bounds(model, field, items(described, most + 1))


def out_of_bounds(model: str, field: str, value: object) -> bool:
    """Whether the model says so of this field; whatever else is wrong does not matter here."""
    try:
        known()[model].model_validate({field: value})
    except ValidationError as wrong:
        return any(one["loc"][:1] == (field,) and one["type"] in OUT_OF_BOUNDS and len(one["loc"]) < 3
                   for one in wrong.errors())  # fmt: skip
    return False


@pytest.mark.parametrize(("model", "field", "kind", "limit", "value"), sorted(set(limits()), key=str))
def test_a_limit_is_allowed_and_the_next_value_is_not(
    model: str, field: str, kind: str, limit: str, value: Any
) -> None:
    value = int(value) if value == int(value) else Decimal(str(value))
    within, beyond = (make(value)[0] for make in LIMITS[limit])
    assert not out_of_bounds(model, field, within)
    assert out_of_bounds(model, field, beyond)


def test_every_model_has_some_limit_and_they_are_many() -> None:
    assert len(set(limits())) > 100
    assert {model for model, *_ in limits()} <= known().keys()
