"""JSON as others write it: whatever the grammar allows is read, and its texts are such as can be kept.

The one place that loads a webhook's body, for live processing, replay, erasure, export and the panel alike.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import orjson

from plugin.errors import BadPayload

DEEPEST = 100
"""Ten times as deep as anything of Shopify's, and less than every writer of ours can write."""
REPAIRED = "\ufffd"
"""Stands for what no text can hold: half of a pair of surrogates, NUL, a byte that is not UTF-8."""
_NUL = b"\\u0000"
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ANY_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LONGEST_WHOLE = 20
_NESTING = frozenset((dict, list))
_NO_NESTING = bytes(set(range(256)) - set(b'{}[]"\\'))
"""Every byte of JSON that says nothing of how deep it is nested, nor where a text ends."""


def read(body: bytes) -> dict[str, Any]:
    """The object that a body holds. Raises BadPayload where it is no JSON, no object, or nested too deep.

    Texts are storable; a key that stands twice counts as it stands last; a whole number beyond 64 bits is a
    float, and a number beyond floats stays the text it was. Source of the grammar: RFC 8259.
    """
    return _object(read_any(body))


def first_level(body: bytes) -> dict[str, Any]:
    """Like `read`, for whoever looks at the first level only, and asks `is_too_deep` before looking further."""
    return _object(_parsed(body))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadPayload("the body is not a JSON object")
    return value


def read_any(body: bytes) -> Any:
    """Like `read`, where a list or a single value is an answer too."""
    value = _parsed(body)
    if not is_shallow(body) and is_too_deep(value):
        raise BadPayload(_deep())
    return value


def storable(text: str) -> str:
    """The text as PostgreSQL can keep it; nearly always itself."""
    return _UNSTORABLE.sub(REPAIRED, text)


def letters(body: bytes) -> str:
    """What is written in a body, JSON or not, with every escaped letter as it reads; to search in, not to parse."""
    text = body.decode("utf-8", errors="replace")
    if "\\" not in text:
        return text
    plain = _ANY_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _short(found[2]), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", errors="replace")


def _short(letter: str) -> str:
    return "\n" if letter in "bfnrt" else letter


def _parsed(body: bytes) -> Any:
    if _NUL not in body:
        try:
            return orjson.loads(body)  # nearly all of them
        except orjson.JSONDecodeError:
            pass  # it may still be JSON: read again by what the grammar says
    return _repaired(body)


def _repaired(body: bytes) -> Any:
    text = _ESCAPE.sub(_storable_escape, body.decode("utf-8-sig", errors="replace"))
    try:
        return json.loads(text, parse_int=_whole, parse_float=_fraction, parse_constant=_no_number)
    except RecursionError:
        raise BadPayload(_deep()) from None
    except ValueError:
        raise BadPayload("the body is not JSON") from None


def _storable_escape(found: re.Match[str]) -> str:
    """A pair of surrogates and every other escape as it stands; half of a pair, and NUL, as U+FFFD."""
    if found[1] and _UNSTORABLE.match(chr(int(found[1], 16))):
        return REPAIRED
    return found[0]


def _whole(text: str) -> int | float | str:
    number = int(text) if len(text) <= _LONGEST_WHOLE else 2**64
    return number if -(2**63) <= number < 2**64 else _fraction(text)


def _fraction(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _deep() -> str:
    return f"the body is nested deeper than {DEEPEST} levels"


def is_shallow(body: bytes) -> bool:
    """Whether a body that was read is surely nested no deeper than DEEPEST, told from its brackets alone: of nearly
    every one, and quickly. One with an escape, or with a bracket in a text, may be so all the same.

    Brackets that close are taken out where they stand together, innermost first: each round takes two levels at most.

    >>> is_shallow(b'{"a": [{}, {"b": []}]}'), is_shallow(b'["["]')
    (True, False)
    """
    left = body.translate(None, _NO_NESTING).replace(b'""', b"")
    for _ in range(DEEPEST // 2):
        before, left = left, left.replace(b"{}", b"").replace(b"[]", b"")
        if len(left) == len(before):
            break
    return not left


def is_too_deep(value: Any) -> bool:
    """Whether a value is nested deeper than DEEPEST. Level by level, so that no depth can exhaust the stack."""
    level = [value] if type(value) in _NESTING else []
    for _ in range(DEEPEST):
        level = [
            child
            for each in level
            for child in (each.values() if type(each) is dict else each)
            if type(child) in _NESTING
        ]
        if not level:
            return False
    return True
