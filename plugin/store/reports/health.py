"""Is everything working: what /healthz, /readyz, /metrics and the panel's Home ask the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, text

from plugin import observe
from plugin.errors import SettingsError, Unavailable
from plugin.store.database import migrate, roles
from plugin.store.database.db import dispatch_transaction, system_transaction
from plugin.store.work import event_windows

KEPT_SECONDS = 2.0
_BACKLOG = text("""
SELECT i.waiting AS inbox_new, i.due AS inbox_due, i.failed AS inbox_failed, i.seconds AS inbox_seconds,
       j.waiting AS jobs_queued, j.due AS jobs_due, j.failed AS jobs_failed, j.seconds AS jobs_seconds
FROM (SELECT count(*) FILTER (WHERE state = 'new') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed,
             count(*) FILTER (WHERE state = 'new' AND not_before <= now()) AS due,
             greatest(0, extract(epoch FROM now() - min(not_before) FILTER (WHERE state = 'new')))::float AS seconds
      FROM inbox) AS i,
     (SELECT count(*) FILTER (WHERE state = 'queued') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed,
             count(*) FILTER (WHERE state = 'queued' AND not_before <= now()) AS due,
             greatest(0, extract(epoch FROM now() - min(not_before) FILTER (WHERE state = 'queued')))::float AS seconds
      FROM jobs) AS j
""")


@dataclass(frozen=True)
class Backlog:
    """What waits, over all shops: how much, how much of it is due now, what failed for good; and for how
    many seconds the oldest has been due."""

    inbox_new: int
    inbox_due: int
    inbox_failed: int
    inbox_seconds: float
    jobs_queued: int
    jobs_due: int
    jobs_failed: int
    jobs_seconds: float


@dataclass(frozen=True)
class Readiness:
    """Whether this process can do its work, and if not, why in words."""

    problems: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether requests may be sent here."""
        return not self.problems


class Watch:
    """The readiness of one process; strangers may ask for it, so the database is asked once in two seconds."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._asking = threading.Lock()
        self._found, self._until = Readiness(()), float("-inf")

    def readiness(self) -> Readiness:
        """As it was found at most two seconds ago; those who ask at once wait for the same answer."""
        if self._clock() >= self._until:
            with self._asking:
                if self._clock() >= self._until:
                    self._found = readiness(self._engine)
                    self._until = self._clock() + KEPT_SECONDS
        return self._found


def backlog(connection: Connection) -> Backlog:
    """What waits; in a dispatch transaction."""
    return Backlog(**connection.execute(_BACKLOG).one()._asdict())


def publish(engine: Engine) -> None:
    """Put the backlog into this process's metrics."""
    with dispatch_transaction(engine) as connection:
        now = backlog(connection)
        observe.readers_off.set(event_windows.count_off(connection))
    for queue in ("inbox", "jobs"):
        observe.backlog_seconds.labels(queue).set(getattr(now, f"{queue}_seconds"))
    observe.backlog.labels("inbox", "waiting").set(now.inbox_new)
    observe.backlog.labels("inbox", "failed").set(now.inbox_failed)
    observe.backlog.labels("jobs", "waiting").set(now.jobs_queued)
    observe.backlog.labels("jobs", "failed").set(now.jobs_failed)


def readiness(engine: Engine) -> Readiness:
    """Whether the database answers, as a role that is not too powerful, and its schema is at least this version's.

    Nothing about other processes: a worker that is late must not take the ones away that take webhooks in.
    """
    try:
        with system_transaction(engine) as connection:
            found = (roles.too_powerful(_driver(connection)), migrate.problem(connection))
    except (SettingsError, Unavailable) as error:
        return Readiness((error.message,))
    return Readiness(tuple(filter(None, found)))


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
