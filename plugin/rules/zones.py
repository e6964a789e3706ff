"""Time zones by name: what this machine knows, and what stands in for a name that it does not know."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

USUAL = "UTC"
LONGEST = 64


@lru_cache(1024)
def is_known(name: str) -> bool:
    """Whether days can be counted in it; a name from outside may be anything, also a directory.

    >>> [is_known(name) for name in ("Asia/Manila", "America", "Mars/Phobos", "../UTC", "")]
    [True, False, False, False, False]
    """
    if not 0 < len(name) <= LONGEST:
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def or_usual(name: str) -> str:
    """The zone of this name, or UTC.

    >>> or_usual("Asia/Manila"), or_usual("Mars/Phobos")
    ('Asia/Manila', 'UTC')
    """
    return name if is_known(name) else USUAL
