"""What is wrong with values that somebody wrote down, in words, by field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from plugin.rules.fields import WrongAt
from plugin.rules.words.texts import Said

NOT_RIGHT: Final = Said("frame.wrong.fields")
_WORDS = {
    "missing": "frame.wrong.empty",
    "finite_number": "frame.wrong.number",
    "int_parsing": "frame.wrong.whole",
    "int_from_float": "frame.wrong.whole",
    "int_parsing_size": "frame.wrong.large",
    "decimal_parsing": "frame.wrong.number",
    "decimal_max_digits": "frame.wrong.digits",
    "string_too_short": "frame.wrong.empty",
    "literal_error": "frame.wrong.choice",
}
_LIMITS = {
    "greater_than": ("frame.wrong.more_than", "gt"),
    "greater_than_equal": ("frame.wrong.at_least", "ge"),
    "less_than": ("frame.wrong.less_than", "lt"),
    "less_than_equal": ("frame.wrong.at_most", "le"),
}
_COUNTS = {
    "string_too_long": ("frame.wrong.long", "max_length"),
    "too_long": ("frame.wrong.many", "max_length"),
    "decimal_max_places": ("frame.wrong.fine", "decimal_places"),
}
_IN_ONE = "basis.excluded_tags"
"""A list that stands in one field: what is wrong with one of it is wrong with the field."""


def in_words(error: ValidationError) -> dict[str, str]:
    """What is wrong, by field, as a merchant reads it."""
    wrong = {}
    for problem in error.errors(include_url=False):
        name, words = _field(problem["loc"]), _problem_in_words(dict(problem))
        raised = (problem.get("ctx") or {}).get("error")
        wrong[f"{name}.{raised.field}" if isinstance(raised, WrongAt) else name] = words
    return wrong


def _field(loc: tuple[int | str, ...]) -> str:
    name = ".".join(str(part) for part in loc)
    return _IN_ONE if name.startswith(_IN_ONE) else name


def _problem_in_words(problem: dict[str, Any]) -> str:
    kind, context = problem["type"], problem.get("ctx") or {}
    if isinstance(raised := context.get("error"), ValueError):
        words: str = raised.args[0]
        return words
    if problem.get("input") == "":
        return Said(_WORDS["missing"])
    if kind in _LIMITS:
        key, name = _LIMITS[kind]
        return Said(key, limit=_whole(context[name]))
    if kind in _COUNTS:
        key, name = _COUNTS[kind]
        return Said(key, context[name])
    return Said(_WORDS[kind]) if kind in _WORDS else str(problem["msg"])


def _whole(limit: object) -> object:
    """A limit as a number that can be grouped, where it is whole."""
    return int(limit) if isinstance(limit, Decimal) and limit == int(limit) else limit
