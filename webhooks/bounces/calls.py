"""One request of a mail provider, and what it tells when it is genuine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from plugin.errors import BadPayload, Forbidden
from plugin.rules.payloads import json_text
from plugin.rules.sending.returned import Returned

AHEAD: Final = timedelta(minutes=15)
OLDEST: Final = timedelta(days=3)
"""Providers try for a day at most; the marks of what they told are kept for longer than this."""
Fetch = Callable[[str], bytes]
"""Reads an address of Amazon's."""


@dataclass(frozen=True, slots=True)
class Call:
    """What came in; names of headers in small letters. `key` is what the operator set for the provider."""

    headers: Mapping[str, str]
    body: bytes
    key: str
    now: datetime
    fetch: Fetch

    @property
    def digest(self) -> str:
        """What tells its body from others."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def json(self) -> Any:
        """Its body. BadPayload: it is no JSON."""
        return json_text.read_any(self.body)


@dataclass(frozen=True, slots=True)
class Told:
    """What a genuine call tells. `key` is its own name, under which nothing else may be told."""

    key: str
    returned: Sequence[Returned] = ()


def insist_on_time(moment: datetime, now: datetime) -> None:
    """Forbidden: it was signed too long ago, or for a day that is still to come."""
    if not now - OLDEST <= moment <= now + AHEAD:
        raise Forbidden("This was signed too long ago")


def moment_of(seconds: object) -> datetime:
    """A moment from seconds since 1970. Forbidden: there is no such."""
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        raise Forbidden("This has no time that can be read") from None


def record(value: object) -> Mapping[str, Any]:
    """A JSON object. BadPayload: it is something else."""
    if not isinstance(value, dict):
        raise BadPayload("This is not what the provider documents")
    return value


def text(value: object) -> str:
    """A JSON text, or a number as one; anything else is none."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
