"""How often somebody asked within the hour, in the memory of this process: counting must cost less than the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

WINDOW: Final = timedelta(hours=1)
READS_AN_HOUR: Final = 600
MOST_KEPT: Final = 50_000
"""So many are remembered at once; beyond that, counting begins anew."""


class ReadPace:
    """Counts of this hour, by who asks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[str, int] = {}
        self._ends = datetime.min.replace(tzinfo=UTC)

    def take(self, who: str, moment: datetime) -> int:
        """Count once more; the seconds to wait where the limit is reached, else 0."""
        with self._lock:
            if moment >= self._ends or len(self._counts) >= MOST_KEPT:
                self._counts.clear()
                self._ends = moment + WINDOW
            count = self._counts.get(who, 0)
            if count >= READS_AN_HOUR:
                return max(1, round((self._ends - moment).total_seconds()))
            self._counts[who] = count + 1
            return 0
