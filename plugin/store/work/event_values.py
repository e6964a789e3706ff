"""How the payload of an event becomes JSON and is read again: nothing but what its type names passes, either way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from types import MappingProxyType, NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from plugin.rules.events import KINDS, TYPES, Event, EventKind, Key, Payload

_KEY: Final = re.compile(r"[A-Za-z0-9_.:/-]{0,200}")


def written(event: Event) -> dict[str, object]:
    """The payload as JSON. ValueError for anything but the ids, numbers, moments and keys that its type names."""
    _key(event.subject)
    return {name: write(getattr(event.payload, name)) for name, (write, _) in _SHAPES[type(event.payload)].items()}


def read(kind: str, values: Mapping[str, object]) -> Payload:
    """The payload again. ValueError for a kind that is not in the list, and for values that are not of its type."""
    type_ = TYPES[EventKind(kind)]
    shape = _SHAPES[type_]
    if strange := values.keys() - shape.keys():
        raise ValueError(f"{kind} has no {sorted(strange)}")
    missing = {one.name for one in fields(type_) if one.default is MISSING} - values.keys()
    if missing:
        raise ValueError(f"{kind} needs {sorted(missing)}")
    payload: Payload = type_(**{name: shape[name][1](value) for name, value in values.items()})
    return payload


_Way = tuple[Callable[[Any], object], Callable[[Any], object]]


def _shape(type_: type[Any]) -> dict[str, _Way]:
    """How each field is written and read."""
    hints = get_type_hints(type_, include_extras=True)
    return {one.name: _way(hints[one.name]) for one in fields(type_)}


def _way(hint: Any) -> _Way:
    parts = get_args(hint) if get_origin(hint) is not Annotated else (hint,)
    if NoneType in parts:
        write, back = _way(next(one for one in parts if one is not NoneType))
        return (lambda value: None if value is None else write(value)), (
            lambda value: None if value is None else back(value)
        )
    return WAYS[hint]


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is no whole number")
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{value!r} is neither yes nor no")
    return value


def _key(value: object) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError(f"{value!r} is no key")
    return str(value)


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is no moment")
    return value.isoformat()


def _day(value: object) -> str:
    if type(value) is not date:
        raise ValueError(f"{value!r} is no day")
    return value.isoformat()


WAYS: Final[Mapping[Any, _Way]] = MappingProxyType(
    {
        int: (_number, _number),
        bool: (_flag, _flag),
        Key: (_key, _key),
        datetime: (_moment, lambda value: datetime.fromisoformat(str(value))),
        date: (_day, lambda value: date.fromisoformat(str(value))),
    }
)
"""What a payload may hold, and how it is written and read."""
_SHAPES: Final[Mapping[type[Any], Mapping[str, _Way]]] = {one: _shape(one) for one in KINDS}
