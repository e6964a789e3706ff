"""Which events of a kind an endpoint wants: conditions on what their payloads say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, get_args, get_type_hints

from plugin.rules.events import TYPES, EventKind

Compare = Literal["is", "is_not", "at_least", "at_most"]
COMPARES: Final[tuple[Compare, ...]] = get_args(Compare)
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Condition:
    """A field of payloads, compared with a value as it was typed; a kind without this field is not asked."""

    field: str
    compare: Compare
    value: str


def _types() -> dict[str, type[Any]]:
    """The fields that can be asked for: numbers, words and yes or no; moments and days cannot."""
    found: dict[str, type[Any]] = {}
    for type_ in TYPES.values():
        hints = get_type_hints(type_)
        for one in fields(type_):
            parts = [part for part in get_args(hints[one.name]) or (hints[one.name],) if part is not type(None)]
            if parts[0] in (int, str, bool):
                found.setdefault(one.name, parts[0])
    return found


FIELDS: Final[Mapping[str, type[Any]]] = _types()


def wrong_with(condition: Condition) -> bool:
    """Whether it can never be asked: no such field, no order among words, a number that is none."""
    type_ = FIELDS.get(condition.field)
    if type_ is None or condition.compare not in COMPARES:
        return True
    if type_ is int:
        return _number(condition.value) is None
    if condition.compare in ("at_least", "at_most"):
        return True
    return type_ is bool and condition.value not in ("true", "false")


def wanted(conditions: Sequence[Condition], kind: EventKind, data: Mapping[str, Any]) -> bool:
    """Whether an event passes all conditions that can be asked of its kind."""
    return all(_holds(one, data[one.field]) for one in conditions if one.field in data)


def _holds(condition: Condition, value: Any) -> bool:
    if value is None:
        return condition.compare == "is_not"
    if isinstance(value, bool):
        return (
            (condition.value == "true") == value if condition.compare == "is" else str(value).lower() != condition.value
        )
    if isinstance(value, int):
        return _compares(condition.compare, value, _number(condition.value))
    return bool(value == condition.value) == (condition.compare == "is")


def _compares(compare: Compare, value: int, bound: int | None) -> bool:
    if bound is None:
        return False
    return {
        "is": value == bound,
        "is_not": value != bound,
        "at_least": value >= bound,
        "at_most": value <= bound,
    }[compare]


def _number(text: str) -> int | None:
    try:
        return int(text) if len(text) < 20 else None
    except ValueError:
        return None
