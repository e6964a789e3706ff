"""The worker: processes the inbox, carries out jobs, keeps the schedule.

Woken by NOTIFY; looks by itself every few seconds in case a notification got lost. Stops at the end of
the batch in hand when told to (SIGTERM, SIGINT); after a kill the database has forgotten nothing.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import procrastinate
import psycopg
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.shops import stored_secrets
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.rounds import passed_over
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import Unavailable
from plugin.observe import configure_logging, get_logger
from plugin.rules.words import catalogues
from plugin.settings import Settings, load_settings
from plugin.store.database.db import create_engine, libpq_url
from plugin.store.work import deliveries
from plugin.store.work import jobs as job_store
from webhooks.inbox import process_waiting

LOOK_AGAIN_SECONDS = 2.0
PAUSE_AFTER_ERROR_SECONDS = 1.0
JOB_RUNNERS = 12
RUNNERS_PER_SHOP = 3
FOR_EFFECTS, FOR_THE_INBOX, FOR_THE_SCHEDULE, TO_LISTEN = 22, 2, 3, 1
CONNECTIONS = FOR_EFFECTS + JOB_RUNNERS + FOR_THE_INBOX + FOR_THE_SCHEDULE + TO_LISTEN
"""What a worker has at most, as docs/operating/deploying.md says: 40. A runner keeps one for its lock, and what it
does shares the others; Procrastinate has two and one to listen. Nobody takes the inbox its own."""
CONNECTION_WAIT_SECONDS = 30
LONGEST_PAUSE_SECONDS = 15.0
Pair = tuple[int, str]
"""A shop and a kind of job."""
log = get_logger()


def now() -> datetime:
    """The worker's clock."""
    return datetime.now(UTC)


class Loop(threading.Thread):
    """Repeats a step while it finds something to do, then waits to be woken, at most for what `rest` says."""

    def __init__(
        self,
        name: str,
        step: Callable[[], int],
        stopping: threading.Event,
        rest: Callable[[], float] = lambda: LOOK_AGAIN_SECONDS,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._rest = rest
        self._stopping = stopping
        self.wake = threading.Event()

    def run(self) -> None:
        """Until told to stop. An unreachable database is waited for; a bug is logged and waited on."""
        while not self._stopping.is_set():
            self.wake.clear()
            try:
                seconds = 0.0 if self._step() else self._rest()
            except Unavailable as error:
                log.warning("waiting", loop=self.name, error=error.message)
                self._stopping.wait(PAUSE_AFTER_ERROR_SECONDS)
            except Exception as error:
                log.error("loop_failed", loop=self.name, exc_info=error)
                self._stopping.wait(PAUSE_AFTER_ERROR_SECONDS)
            else:
                if seconds:
                    self.wake.wait(seconds)


class Dispatcher:
    """Gives each (shop, kind) that is due to a free runner; a slow shop holds up few runners."""

    def __init__(self, work: Work, runners: int = JOB_RUNNERS, per_shop: int = RUNNERS_PER_SHOP) -> None:
        self._work = work
        self._per_shop = per_shop
        self._free = threading.Semaphore(runners)
        self._running: set[Pair] = set()
        self._paused: dict[Pair, tuple[float, float]] = {}  # until when, and how long this time
        self._lock = threading.Lock()
        self.finished: Callable[[], None] = lambda: None

    def step(self) -> int:
        """Start a runner for every due pair that may have one; answers how many were started."""
        started = 0
        for pair in jobs.due(self._work):
            with self._lock:
                of_shop = sum(shop == pair[0] for shop, _ in self._running)
                if pair in self._running or of_shop >= self._per_shop or self._pauses(pair):
                    continue
                self._running.add(pair)
            self._free.acquire()
            threading.Thread(target=self._run, args=(pair,), name=f"{pair[1]}-{pair[0]}", daemon=True).start()
            started += 1
        return started

    def rest(self) -> float:
        """Seconds until the next job is due, as far as that is known; what is not due may be asked for any time."""
        return min(LOOK_AGAIN_SECONDS, jobs.seconds_until_due(self._work))

    def _pauses(self, pair: Pair) -> bool:
        return time.monotonic() < self._paused.get(pair, (0.0, 0.0))[0]

    def _pause(self, pair: Pair) -> None:
        """A shop or server out of reach is tried again after 1, 2, 4 … 15 seconds, not once per waiting job."""
        seconds = min(LONGEST_PAUSE_SECONDS, 2 * self._paused.get(pair, (0.0, 0.5))[1])
        self._paused[pair] = (time.monotonic() + seconds, seconds)

    def _run(self, pair: Pair) -> None:
        try:
            _, reached = jobs.run_reaching(self._work, *pair)
            if reached:
                self._paused.pop(pair, None)
            else:
                self._pause(pair)
        except Exception as error:
            passed_over(f"jobs {pair[1]}", pair[0], error)
        finally:
            with self._lock:
                self._running.discard(pair)
            self._free.release()
            self.finished()


def listen(address: str, wake: dict[str, Callable[[], None]], stopping: threading.Event) -> None:
    """Wake the loops when the database says so; reconnects for ever."""
    while not stopping.is_set():
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=3) as conn:
                for channel in wake:
                    conn.execute(f"LISTEN {channel}")
                for call in wake.values():
                    call()
                while not stopping.is_set():
                    for notice in conn.notifies(timeout=1.0, stop_after=100):
                        wake[notice.channel]()
        except (psycopg.Error, OSError) as error:
            log.warning("listening_again", error=type(error).__name__)
            stopping.wait(PAUSE_AFTER_ERROR_SECONDS)


def schedule(work: Work, address: str) -> procrastinate.App:
    """The periodic tasks. Procrastinate defers each once per period, however many workers there are."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=2))
    for cron, name, task in jobs.SCHEDULE:
        _repeat(app, cron, name, partial(task, work))
    return app


def _repeat(app: procrastinate.App, cron: str, name: str, task: Callable[[], object]) -> None:
    @app.periodic(cron=cron)
    @app.task(name=name, queueing_lock=name)
    def repeated(timestamp: int) -> None:
        task()


async def _keep_schedule(work: Work, address: str, stopping: threading.Event) -> None:
    app = schedule(work, address)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(install_signal_handlers=False, concurrency=2, delete_jobs="always")
        )
        while not stopping.is_set() and not worker.done():
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def _schedule_thread(work: Work, address: str, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            asyncio.run(_keep_schedule(work, address, stopping))
        except Exception as error:
            log.warning("schedule_again", error=type(error).__name__)
        stopping.wait(PAUSE_AFTER_ERROR_SECONDS)


def work_of(settings: Settings, engine: Engine, clock: Callable[[], datetime] = now) -> Work:
    """The connections that the settings describe."""
    clients, mailer = AdminClients.of(settings), Mailer.from_settings(settings)
    return Work(engine, clients, mailer, clock, bodies_kept_days=settings.bodies_kept_days)


def run(settings: Settings, stopping: threading.Event, clock: Callable[[], datetime] = now) -> None:
    """Work until `stopping` is set."""
    engine, guards, inboxes = (
        create_engine(settings, "suki-worker", pool_size=size, max_overflow=0, pool_timeout=CONNECTION_WAIT_SECONDS)
        for size in (FOR_EFFECTS, JOB_RUNNERS, FOR_THE_INBOX)
    )
    address = libpq_url(settings)
    work = replace(work_of(settings, engine, clock), guards=guards)
    inbox = Loop(
        "inbox",
        lambda: process_waiting(inboxes, clock, key=work.marks_key, forgetting=work.forgetting_key),
        stopping,
    )
    dispatcher = Dispatcher(work)
    effects = Loop("jobs", dispatcher.step, stopping, dispatcher.rest)
    dispatcher.finished = effects.wake.set
    wake = {deliveries.NOTIFY_CHANNEL: inbox.wake.set, job_store.NOTIFY_CHANNEL: effects.wake.set}
    threads: list[threading.Thread] = [
        inbox,
        effects,
        threading.Thread(target=listen, args=(address, wake, stopping), name="listen", daemon=True),
        threading.Thread(target=_schedule_thread, args=(work, address, stopping), name="schedule", daemon=True),
    ]
    for thread in threads:
        thread.start()
    log.info("worker_started")
    stopping.wait()
    for loop in (inbox, effects):
        loop.wake.set()
    for thread in threads:
        thread.join(timeout=10)
    for each in (engine, guards, inboxes):
        each.dispose()
    log.info("worker_stopped")


def collect_rarely() -> None:
    """Payloads are many small containers without cycles: looking for cycles at Python's usual pace takes a fifth
    of the time of a batch. What is loaded by now stays for good and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def main(clock: Callable[[], datetime] = now) -> None:
    """Entry point of `suki worker`."""
    settings = load_settings()
    configure_logging(settings.log_level)
    catalogues.lenient(not settings.is_local)
    for words in settings.notices():
        log.warning("setting", why=words)
    collect_rarely()
    stored_secrets.check_at_start(settings)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    run(settings, stopping, clock)


if __name__ == "__main__":
    main()
