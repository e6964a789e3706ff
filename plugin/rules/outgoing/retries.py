"""When an outgoing webhook that failed is sent again, and when an endpoint is given up.

The times are those that the Standard Webhooks specification suggests: ten tries over three days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES: Final = len(WAITS) + 1
GIVEN_UP_AFTER: Final = timedelta(days=3)
"""An endpoint that has not answered for so long is switched off."""
_LONGEST_WISH: Final = timedelta(hours=1)
_SPREAD: Final = 10
"""Of a wait, so many per cent more at the most: events that failed together come back one after the other."""


def next_try(tries: int, now: datetime, wished_seconds: float, number: int) -> datetime | None:
    """When to send again after so many tries; None: not again.

    `wished_seconds` is what Retry-After asked for (an hour at the most); `number` spreads what failed together.
    """
    if tries >= TRIES:
        return None
    wait = WAITS[tries - 1]
    spread = wait * (number % (_SPREAD + 1)) / 100
    return now + max(wait + spread, min(timedelta(seconds=wished_seconds), _LONGEST_WISH))


def breather(failures: int) -> timedelta:
    """How long an endpoint that failed so often in a row is left alone with everything: 1 s, 2 s … 5 minutes."""
    return min(timedelta(seconds=2 ** min(failures - 1, 9)), timedelta(minutes=5))
