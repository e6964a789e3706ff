"""Single values of a webhook's body, each with its bounds: what is read here can be counted with and stored.

Each raises ValueError for what it does not take, so that live processing, replay and erasure agree; whoever reads
a body turns that into BadPayload. `optional` is for what is not needed: it never fails an order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from plugin.rules.payloads.json_text import storable

Json = Mapping[str, Any]
T = TypeVar("T")
TEXT_LIMIT: Final = 500
MOST_PIECES: Final = 10**9
"""More of one thing than any order has."""
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Moments outside are nobody's order, and leave no room to count days from."""


def identifier(value: object) -> int:
    """A Shopify id: a positive 64-bit integer, from a number, digits or a gid."""
    if type(value) is int and 0 < value < 2**63:
        return value  # nearly all of them
    text = str(value).rpartition("/")[2].partition("?")[0]
    if not text.isascii() or not text.isdigit() or len(text) > 19 or not 0 < int(text) < 2**63:
        raise ValueError(f"id {str(value)[:40]!r}")
    return int(text)


def moment(value: object) -> datetime:
    """An aware time in UTC between EARLIEST and LATEST, from ISO 8601; without a zone it is UTC."""
    parsed = datetime.fromisoformat(str(value)[:64])
    if not EARLIEST.year < parsed.year < LATEST.year:
        raise ValueError(f"time out of range: {str(value)[:40]!r}")
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def pieces(value: object) -> int:
    """How many of something: a whole number from 0 to MOST_PIECES, also written as text or as 2.0."""
    if type(value) is int and 0 <= value <= MOST_PIECES:
        return value  # nearly all of them
    text = str(value)
    whole, _, decimals = text.partition(".")
    if not whole.isascii() or not whole.isdigit() or len(whole) > 10 or decimals.strip("0"):
        raise ValueError(f"quantity {text[:40]!r}")
    if int(whole) > MOST_PIECES:
        raise ValueError(f"quantity out of range: {text[:40]!r}")
    return int(whole)


def currency(value: object) -> str:
    """An ISO 4217 code: three capital letters. One that we do not know yet has two decimals."""
    code = str(value)
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise ValueError(f"currency {code[:10]!r}")
    return code


def short_text(value: object) -> str:
    """Any value as text of at most TEXT_LIMIT letters that can be stored; nothing as an empty one."""
    if value is None:
        return ""
    return storable((value if type(value) is str else str(value))[:TEXT_LIMIT])


def thing(value: object) -> Json:
    """An object that is not needed: an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def things(value: object) -> Sequence[Json]:
    """The objects of a list that is not needed."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def optional(read: Callable[[object], T], value: object) -> T | None:
    """What `read` makes of a value that is not needed; None where it is missing or cannot be read."""
    if value is None or value == "":
        return None
    try:
        return read(value)
    except (ValueError, OverflowError):
        return None
