"""Webhooks of shops that are not installed here: named in the log, once a minute for each shop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic

from plugin.observe import get_logger
from plugin.store.work.deliveries import Arrival

UNKNOWN, LEFT = "unknown shop", "shop left"
"""Never installed here, as far as this database knows; or removed the app, or erased."""
AGAIN_SECONDS = 60.0
MOST_NAMES = 1000
log = get_logger()


class Strangers:
    """Who sent what lately. Whoever invents names without end makes no more than MOST_NAMES lines a minute."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._until = 0.0
        self._seen: Counter[str] = Counter()

    def note(self, why: str, arrival: Arrival) -> None:
        """One webhook; the first of each shop in a minute is named, and how many more there were when it is over."""
        if self._now() >= self._until:
            self._begin_anew()
        first = arrival.domain not in self._seen
        if first and len(self._seen) >= MOST_NAMES:
            return
        self._seen[arrival.domain] += 1
        if first and why == UNKNOWN:
            log.error("intake_unknown_shop", shop=arrival.domain, topic=arrival.topic)
        elif first:
            log.info("intake_shop_left", shop=arrival.domain, topic=arrival.topic)

    def _begin_anew(self) -> None:
        for shop, count in self._seen.items():
            if count > 1:
                log.info("intake_more_of", shop=shop, count=count)
        self._seen.clear()
        self._until = self._now() + AGAIN_SECONDS
