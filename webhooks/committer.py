"""What has been verified is committed to the inbox, many at a time, by one thread that nothing ends unseen."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

import psycopg
import zstandard
from gevent import get_hub, monkey

from plugin.observe import get_logger, intake_batch, intake_outcomes
from plugin.store.database.sessions import Impatient, set_up
from plugin.store.work import deliveries
from plugin.store.work.deliveries import Arrival
from webhooks.strangers import LEFT, UNKNOWN, Strangers
from webhooks.topics import COMPLIANCE

T = TypeVar("T")
WAIT_SECONDS = 4.0
"""How long a request waits for its commit; Shopify gives up after five seconds."""
BATCH = 250
BATCH_BYTES = 16 * 2**20
MOST_WAITING = 1000
MOST_BYTES = 64 * 2**20
"""How many requests, and how many bytes, may wait for their commit; whoever comes then is told to repeat at once."""
OK, LATER = "200 OK", "503 Service Unavailable"
SESSION = {"suki.scope": "intake", "statement_timeout": 3000, "timezone": "UTC"}
log = get_logger()


class _Waiting:
    """One request that waits for the commit. A bare lock is the cheapest way to wait once."""

    __slots__ = ("answered", "arrival", "status", "until")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.status = LATER
        self.until = monotonic() + WAIT_SECONDS
        self.answered = threading.Lock()
        self.answered.acquire()


class _Queue:
    """The requests that wait, oldest first; both ends are bounded, by number and by bytes."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._waiting)

    def take_in(self, one: _Waiting) -> bool:
        """Whether there was room for it."""
        size = len(one.arrival.body)
        with self._lock:
            if self._full(size):
                self._let_go_of_late_ones()
                if self._full(size):
                    return False
            self._waiting.append(one)
            self._bytes += size
        return True

    def take_out(self) -> list[_Waiting]:
        """The next batch."""
        batch: list[_Waiting] = []
        size = 0
        with self._lock:
            self._let_go_of_late_ones()
            while self._waiting and len(batch) < BATCH and size < BATCH_BYTES:
                batch.append(self._first())
                size += len(batch[-1].arrival.body)
        return batch

    def _full(self, size: int) -> bool:
        return bool(self._waiting) and (len(self._waiting) >= MOST_WAITING or self._bytes + size > MOST_BYTES)

    def _first(self) -> _Waiting:
        one = self._waiting.popleft()
        self._bytes -= len(one.arrival.body)
        return one

    def _let_go_of_late_ones(self) -> None:
        """Nobody waits for them any more: Shopify sends them again, and storing them would make others late, too."""
        now, late = monotonic(), 0
        while self._waiting and self._waiting[0].until <= now:
            self._first()
            late += 1
        if late:
            intake_outcomes.labels("waited too long").inc(late)


def beside_the_loop(call: Callable[[], T]) -> T:
    """Run what blocks on a thread of its own where gevent serves many requests on one, else here."""
    if not monkey.is_module_patched("threading"):
        return call()
    answer: T = get_hub().threadpool.apply(call)
    return answer


class Committer:
    """Commits everything that waits at once, on a connection of its own.

    While one batch is on its way to disk the next one gathers, so the batches are as large as the load
    asks for. Waiting a moment for more measured slower: the processor idled meanwhile.
    """

    def __init__(self, address: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self._address = address
        self._clock = clock
        self._queue = _Queue()
        self._arrived = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._conn: psycopg.Connection[Any] | None = None
        self._pack = zstandard.ZstdCompressor(level=1)
        self._strangers = Strangers()

    def commit(self, arrival: Arrival) -> str:
        """Wait until the arrival is on disk; answers the HTTP status for Shopify."""
        one = _Waiting(arrival)
        if not self._queue.take_in(one):
            intake_outcomes.labels("queue full").inc()
            return LATER
        if not self._arrived.is_set():
            self._arrived.set()
        if self._thread is None or not self._thread.is_alive():
            self._start()
        one.answered.acquire(timeout=WAIT_SECONDS)
        return one.status

    def close(self) -> None:
        """Commit what waits, then end."""
        self._closed = True
        self._arrived.set()
        if self._thread is not None:
            self._thread.join()
        self._disconnect()

    def _start(self) -> None:
        with self._starting:
            if self._thread is not None and self._thread.is_alive():
                return
            if self._thread is not None:
                log.error("intake_thread_died")
                intake_outcomes.labels("thread died").inc()
            self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """Batch after batch. Whatever is wrong with one, the next has its turn."""
        while not self._closed or self._queue:
            self._arrived.wait()
            self._arrived.clear()
            try:
                self._next()
            except BaseException as error:  # one that ends threads, too: all requests of this process need this one
                with suppress(Exception):
                    log.error("intake_failed", error=type(error).__name__, exc_info=error)

    def _next(self) -> None:
        batch = self._queue.take_out()
        if self._queue:
            self._arrived.set()
        if batch:
            self._store_and_answer(batch)

    def _store_and_answer(self, batch: Sequence[_Waiting]) -> None:
        stored = False
        try:
            self._record([one.arrival for one in batch])
            stored = True
        except (psycopg.Error, OSError) as error:
            log.error("intake_not_stored", count=len(batch), error=type(error).__name__)
            intake_outcomes.labels("database down").inc(len(batch))
        except Exception as error:
            log.error("intake_not_stored", count=len(batch), error=type(error).__name__, exc_info=error)
            intake_outcomes.labels("error of ours").inc(len(batch))
        finally:
            for one in batch:
                one.status = OK if stored else LATER
                one.answered.release()
            if not stored:
                self._disconnect()

    def _record(self, arrivals: Sequence[Arrival]) -> None:
        conn = self._conn = self._conn or self._connect()
        known, fresh, left = beside_the_loop(lambda: self._store(conn, arrivals))
        outcomes = Counter({"stored": fresh, "duplicate": len(known) - fresh})
        for place, arrival in enumerate(arrivals):
            if place not in known:
                why = LEFT if arrival.domain in left else UNKNOWN
                outcomes[why] += 1
                self._strangers.note(why, arrival)
        intake_batch.observe(len(arrivals))
        for outcome, count in outcomes.items():
            intake_outcomes.labels(outcome).inc(count)
        log.info("intake", arrived=len(arrivals), **{key.replace(" ", "_"): n for key, n in outcomes.items()})

    def _store(self, conn: psycopg.Connection[Any], arrivals: Sequence[Arrival]) -> tuple[set[int], int, set[str]]:
        """Compress and commit; waits for the disk in C, so never on a thread that serves requests."""
        packed = [replace(arrival, body=self._pack.compress(arrival.body)) for arrival in arrivals]
        known, fresh = deliveries.record(conn, packed, list(COMPLIANCE), self._clock())
        if len(arrivals) == len(known):
            return known, fresh, set()
        deliveries.count_refused(conn, UNKNOWN, len(arrivals) - len(known))
        return known, fresh, deliveries.once_here(conn, {arrival.domain for arrival in arrivals})

    def _connect(self) -> psycopg.Connection[Any]:
        conn = Impatient.connect(
            self._address(),
            autocommit=True,
            connect_timeout=2,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=5000,
            application_name="suki-intake",
            prepare_threshold=1,
        )
        return set_up(conn, SESSION)

    def _disconnect(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()
