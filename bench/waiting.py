"""Waiting for something that another process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(true: Callable[[], object], what: str, patience_seconds: float, every_seconds: float = 0.05) -> float:
    """Look until it is so; the moment by the monotonic clock. TimeoutError names what did not come about in time."""
    deadline = time.monotonic() + patience_seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not after {patience_seconds:.0f} s")
        time.sleep(every_seconds)
    return time.monotonic()
