"""How many points of its GraphQL budget each shop has left, as far as this process knows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_GUESSED_COST = 20.0  # for a document that was never sent yet
_MAX_SHOPS = 10_000


@dataclass
class _Bucket:
    """One shop's leaky bucket, in Shopify's words."""

    maximum: float = 1000.0
    restore_per_second: float = 50.0
    available: float = 1000.0
    as_of: float = 0.0
    in_flight: float = 0.0

    def refill(self, now: float) -> None:
        restored = (now - self.as_of) * self.restore_per_second
        self.available = min(self.maximum, self.available + max(restored, 0.0))
        self.as_of = now


@dataclass
class Budgets:
    """The budgets of all shops; every method may be called from any thread."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _costs: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, shop: str, document: str, longest_wait_seconds: float, leave: float = 0.0) -> tuple[float, float]:
        """Set points aside for one call: (points, seconds to wait first).

        Nothing is set aside when the wait would be longer than `longest_wait_seconds`. `leave` is the share of
        the whole budget that this call leaves to others.
        """
        with self._lock:
            bucket = self._bucket(shop)
            points = min(self._costs.get(document, _GUESSED_COST), bucket.maximum)
            left = min(leave * bucket.maximum, bucket.maximum - points)
            wait = max(points + left - bucket.available, 0.0) / bucket.restore_per_second
            if wait <= longest_wait_seconds:
                bucket.available -= points
                bucket.in_flight += points
            return points, wait

    def give_back(self, shop: str, points: float) -> None:
        """The call that these points were set aside for has ended."""
        with self._lock:
            bucket = self._bucket(shop)
            bucket.in_flight = max(bucket.in_flight - points, 0.0)

    def learn(self, shop: str, document: str, cost: object) -> None:
        """Take over what `extensions.cost` of an answer says; anything malformed is passed over."""
        if not isinstance(cost, dict):
            return
        with self._lock:
            requested = _number(cost.get("requestedQueryCost"))
            if requested is not None:
                self._costs[document] = requested
            self._take_over(self._bucket(shop), cost.get("throttleStatus"))

    def _take_over(self, bucket: _Bucket, status: object) -> None:
        if not isinstance(status, dict):
            return
        maximum, available, restore = (
            _number(status.get(name)) for name in ("maximumAvailable", "currentlyAvailable", "restoreRate")
        )
        if maximum and restore and available is not None:
            bucket.maximum, bucket.restore_per_second = maximum, restore
            bucket.available = available - bucket.in_flight

    def _bucket(self, shop: str) -> _Bucket:
        if len(self._buckets) > _MAX_SHOPS:
            self._buckets.clear()  # a wrong guess costs one THROTTLED answer, not memory without end
        bucket = self._buckets.setdefault(shop, _Bucket(as_of=self.clock()))
        bucket.refill(self.clock())
        return bucket


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    return None
