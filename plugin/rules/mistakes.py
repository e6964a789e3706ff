"""What is wrong with values that somebody wrote down, in words, by field."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

NOT_RIGHT = "Some fields are not right yet."
_WORDS = {
    "missing": "must be filled in",
    "finite_number": "must be a number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large",
    "decimal_parsing": "must be a number",
    "decimal_max_places": "has too many decimals",
    "decimal_max_digits": "has too many digits",
    "string_too_short": "must be filled in",
    "literal_error": "must be one of the choices",
}
_IN_ONE = "basis.excluded_tags"
"""A list that stands in one field: what is wrong with one of it is wrong with the field."""
_FURTHER_IN = re.compile(r"([a-z0-9_.]+): (.+)", re.DOTALL)


def in_words(error: ValidationError) -> dict[str, str]:
    """What is wrong, by field, as a merchant reads it. Words such as `2.name: is there already` are about a field
    further in."""
    wrong = {}
    for problem in error.errors(include_url=False):
        name, words = _field(problem["loc"]), _problem_in_words(dict(problem))
        if further := _FURTHER_IN.fullmatch(words):
            name, words = f"{name}.{further[1]}", further[2]
        wrong[name] = words
    return wrong


def _field(loc: tuple[int | str, ...]) -> str:
    name = ".".join(str(part) for part in loc)
    return _IN_ONE if name.startswith(_IN_ONE) else name


def _problem_in_words(problem: dict[str, Any]) -> str:
    if problem.get("input") == "" and problem["type"] != "value_error":
        return "must be filled in"
    limits = problem.get("ctx") or {}
    bounds = {
        "greater_than": "must be more than {gt}",
        "greater_than_equal": "must be at least {ge}",
        "less_than": "must be less than {lt:,}",
        "less_than_equal": "must be at most {le:,}",
        "string_too_long": "may be at most {max_length} characters long",
        "too_long": "at most {max_length} of them",
    }
    if problem["type"] in bounds:
        return bounds[problem["type"]].format(**limits)
    return _WORDS.get(problem["type"], str(problem["msg"]).removeprefix("Value error, "))
