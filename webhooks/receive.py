"""The webhook endpoint: verify, commit to the inbox, 200. Nothing else happens in the request.

A plain WSGI callable, because the framework's cost per request would be most of the work. All
requests that wait share one commit, and each is acknowledged only after that commit.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg
import zstandard
from gevent import get_hub, monkey
from psycopg import waiting
from psycopg.abc import RV, PQGen

from plugin.observe import get_logger, intake_batch, intake_outcomes
from plugin.settings import Settings
from plugin.store import deliveries
from plugin.store.deliveries import Arrival
from webhooks.topics import COMPLIANCE, SUBSCRIBED
from webhooks.verify import signed_by

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

T = TypeVar("T")
WAIT_SECONDS = 4.0
BATCH = 250
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com")
_TOKEN = re.compile(r"[!-~]{1,128}")
_HEADERS = [("Content-Type", "text/plain; charset=utf-8")]
_EMPTY = [("Content-Length", "0")]  # else the server sends the end of an empty body in a packet of its own
log = get_logger()


class _Refused(Exception):
    def __init__(self, status: str, why: str, said: str = "") -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.said = said or why


class _Waiting:
    """One request that waits for the commit. A bare lock is the cheapest way to wait once."""

    __slots__ = ("arrival", "settled", "status")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.status = "503 Service Unavailable"
        self.settled = threading.Lock()
        self.settled.acquire()


def _present() -> datetime:
    return datetime.now(UTC)


class Intake:
    """WSGI callable for `POST /webhooks`."""

    def __init__(
        self, settings: Settings, address: Callable[[], str], clock: Callable[[], datetime] = _present
    ) -> None:
        self._settings = settings
        self._max_bytes = settings.webhook_max_bytes
        self._committer = _Committer(address, clock)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one webhook."""
        try:
            arrival = self._read(environ)
        except _Refused as refused:
            intake_outcomes.labels(refused.why).inc()
            start_response(refused.status, [*_HEADERS, ("Allow", "POST")])
            return [refused.said.encode()]
        status = self._committer.commit(arrival) if arrival else "200 OK"
        start_response(status, _EMPTY)
        return [b""]

    def close(self) -> None:
        """Let go of the database connection and end the committing thread."""
        self._committer.close()

    def _read(self, environ: Environ) -> Arrival | None:
        if environ["REQUEST_METHOD"] != "POST":
            raise _Refused("405 Method Not Allowed", "only POST")
        body = _body(environ, self._max_bytes)
        if not signed_by(
            [key.encode() for key in self._settings.api_secrets], body, environ.get("HTTP_X_SHOPIFY_HMAC_SHA256", "")
        ):
            raise _Refused("401 Unauthorized", "bad signature")
        if body[:1] != b"{":
            raise _not_a_webhook(environ)
        return _arrival(environ, body)


def _not_a_webhook(environ: Environ) -> _Refused:
    """Signed with our key, and no JSON object: an ID token, a launch address or another message of Shopify's.

    The caller learns no more than that of a bad signature.
    """
    log.error("intake_not_a_webhook", topic=str(environ.get("HTTP_X_SHOPIFY_TOPIC", ""))[:128])
    return _Refused("401 Unauthorized", "not a webhook", said="bad signature")


def _body(environ: Environ, limit: int) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "-1"
    if not re.fullmatch(r"-1|[0-9]{1,12}", length):
        raise _Refused("400 Bad Request", "bad content length")
    if int(length) > limit:
        raise _Refused("413 Content Too Large", "too large")
    body: bytes = environ["wsgi.input"].read(int(length) if length != "-1" else limit + 1)
    if len(body) > limit:
        raise _Refused("413 Content Too Large", "too large")
    if len(body) < int(length):
        raise _Refused("400 Bad Request", "body cut short")
    return body


def _arrival(environ: Environ, body: bytes) -> Arrival | None:
    domain = environ.get("HTTP_X_SHOPIFY_SHOP_DOMAIN", "")
    webhook_id = environ.get("HTTP_X_SHOPIFY_WEBHOOK_ID", "")
    topic = environ.get("HTTP_X_SHOPIFY_TOPIC", "")
    if not _DOMAIN.fullmatch(domain) or not _TOKEN.fullmatch(webhook_id) or not _TOKEN.fullmatch(topic):
        raise _Refused("400 Bad Request", "missing headers")
    if topic not in SUBSCRIBED:
        intake_outcomes.labels("other topic").inc()
        return None
    return Arrival(
        domain=domain,
        webhook_id=webhook_id,
        topic=topic,
        event_id=_optional(environ, "HTTP_X_SHOPIFY_EVENT_ID"),
        api_version=_optional(environ, "HTTP_X_SHOPIFY_API_VERSION"),
        triggered_at=_triggered_at(environ),
        body=body,
    )


def _optional(environ: Environ, name: str) -> str:
    value: str = environ.get(name, "")
    return value if _TOKEN.fullmatch(value) else ""


def _triggered_at(environ: Environ) -> datetime:
    """Headers are not signed, so a moment that no clock can show (year 0, year 10000) must not be stored."""
    try:
        moment = datetime.fromisoformat(environ.get("HTTP_X_SHOPIFY_TRIGGERED_AT", ""))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _present()


def beside_the_loop(call: Callable[[], T]) -> T:
    """Run what blocks on a thread of its own where gevent serves many requests on one, else here."""
    if not monkey.is_module_patched("threading"):
        return call()
    answer: T = get_hub().threadpool.apply(call)
    return answer


class _Blocking(psycopg.Connection[Any]):
    """Waits for the server in C, without the event loop."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Until the generator is done."""
        answer: RV = waiting.wait_c(gen, self.pgconn.socket, interval)
        return answer


class _Committer:
    """Commits everything that waits at once, on a connection of its own.

    While one batch is on its way to disk the next one gathers, so the batches are as large as the load
    asks for. Waiting a moment for more measured slower: the processor idled meanwhile.
    """

    def __init__(self, address: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self._address = address
        self._clock = clock
        self._queue: deque[_Waiting] = deque()
        self._arrived = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._conn: psycopg.Connection[Any] | None = None
        self._pack = zstandard.ZstdCompressor(level=1)

    def commit(self, arrival: Arrival) -> str:
        """Wait until the arrival is on disk; answers the HTTP status for Shopify."""
        waiting = _Waiting(arrival)
        self._queue.append(waiting)
        if not self._arrived.is_set():
            self._arrived.set()
        if self._thread is None:
            self._start()
        waiting.settled.acquire(timeout=WAIT_SECONDS)
        return waiting.status

    def close(self) -> None:
        """Commit what waits, then end."""
        self._closed = True
        self._arrived.set()
        if self._thread is not None:
            self._thread.join()
        self._disconnect()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._closed or self._queue:
            self._arrived.wait()
            self._arrived.clear()
            batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
            if self._queue:
                self._arrived.set()
            if batch:
                self._settle(batch)

    def _settle(self, batch: list[_Waiting]) -> None:
        try:
            known = self._record([waiting.arrival for waiting in batch])
        except (psycopg.Error, OSError) as error:
            log.error("intake_not_stored", count=len(batch), error=type(error).__name__)
            intake_outcomes.labels("database down").inc(len(batch))
            self._disconnect()
        else:
            for place, waiting in enumerate(batch):
                waiting.status = "200 OK"
                if place not in known:
                    log.info("intake_unknown_shop", shop=waiting.arrival.domain, topic=waiting.arrival.topic)
        finally:
            for waiting in batch:
                waiting.settled.release()

    def _record(self, arrivals: list[Arrival]) -> set[int]:
        conn = self._conn = self._conn or self._connect()
        known, fresh = beside_the_loop(lambda: self._store(conn, arrivals))
        outcomes = Counter({"stored": fresh, "duplicate": len(known) - fresh})
        if strangers := len(arrivals) - len(known):
            outcomes["unknown shop"] = strangers
        intake_batch.observe(len(arrivals))
        for outcome, count in outcomes.items():
            intake_outcomes.labels(outcome).inc(count)
        log.info("intake", arrived=len(arrivals), **{key.replace(" ", "_"): n for key, n in outcomes.items()})
        return known

    def _store(self, conn: psycopg.Connection[Any], arrivals: list[Arrival]) -> tuple[set[int], int]:
        """Compress and commit; waits for the disk in C, so never on a thread that serves requests."""
        packed = [replace(arrival, body=self._pack.compress(arrival.body)) for arrival in arrivals]
        known, fresh = deliveries.record(conn, packed, list(COMPLIANCE), self._clock())
        if strangers := len(arrivals) - len(known):
            deliveries.count_refused(conn, "unknown shop", strangers)
        return known, fresh

    def _connect(self) -> psycopg.Connection[Any]:
        return _Blocking.connect(
            self._address(),
            autocommit=True,
            connect_timeout=2,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=5000,
            application_name="suki-intake",
            options="-c suki.scope=intake -c statement_timeout=3000 -c timezone=UTC",
            prepare_threshold=1,
        )

    def _disconnect(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()
