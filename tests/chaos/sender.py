"""Sends webhooks as Shopify does: at a pace, again and again until the answer is 200, five seconds each."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter
from random import Random

from sandbox.webhooks.sending import Sender as Wire
from tests.chaos.history import Webhook

THREADS = 8
CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 5.0


class Sender:
    """Threads that send what is due; `accepted` are the ids that were answered with 200."""

    def __init__(self, url: str, webhooks: list[Webhook], a_second: float, dice: Random) -> None:
        self._url, self._dice = url, dice
        self._lock = threading.Condition()
        started = time.monotonic()
        self._heap = [(started + place / a_second, place, webhook) for place, webhook in enumerate(webhooks)]
        self._left = len(webhooks)
        self._stopped = False
        self.accepted: set[str] = set()
        self.answers: Counter[int] = Counter()
        """How often which status; 0 is no answer at all."""
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    @property
    def left(self) -> int:
        """How many have not been accepted yet."""
        return self._left

    def join(self, deadline: float) -> None:
        """Wait until every one was accepted, or the deadline (monotonic) is past."""
        with self._lock:
            self._lock.wait_for(lambda: self._left == 0, max(0.0, deadline - time.monotonic()))
            self._stopped = True
            self._lock.notify_all()
        for thread in self._threads:
            thread.join(ANSWER_SECONDS + CONNECT_SECONDS + 1)

    def _next(self) -> tuple[int, Webhook] | None:
        with self._lock:
            while not self._stopped:
                wait = self._heap[0][0] - time.monotonic() if self._heap else 1.0
                if wait <= 0:
                    _, place, webhook = heapq.heappop(self._heap)
                    return place, webhook
                self._lock.wait(wait)
        return None

    def _run(self) -> None:
        wire = Wire(CONNECT_SECONDS, ANSWER_SECONDS)
        while (taken := self._next()) is not None:
            place, webhook = taken
            status = wire.post(self._url, webhook.body, webhook.headers).status
            with self._lock:
                self.answers[status] += 1
                if status == 200:
                    self.accepted.add(webhook.id)
                    self._left -= 1
                else:
                    due = time.monotonic() + self._dice.uniform(0.2, 1.0)
                    heapq.heappush(self._heap, (due, place, webhook))
                self._lock.notify()
        wire.close()
