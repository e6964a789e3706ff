"""Is everything working: what /healthz, /readyz, /metrics and the panel's Home ask the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from plugin import observe
from plugin.errors import Unavailable
from plugin.store.database import migrate
from plugin.store.database.db import dispatch_transaction

READY_BACKLOG_SECONDS = 900
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
    backlog: Backlog | None = None

    @property
    def ready(self) -> bool:
        """Whether requests may be sent here."""
        return not self.problems


def backlog(connection: Connection) -> Backlog:
    """What waits; in a dispatch transaction."""
    return Backlog(**connection.execute(_BACKLOG).one()._asdict())


def publish(engine: Engine) -> None:
    """Put the backlog into this process's metrics."""
    with dispatch_transaction(engine) as connection:
        now = backlog(connection)
    for queue in ("inbox", "jobs"):
        observe.backlog_seconds.labels(queue).set(getattr(now, f"{queue}_seconds"))
    observe.backlog.labels("inbox", "waiting").set(now.inbox_new)
    observe.backlog.labels("inbox", "failed").set(now.inbox_failed)
    observe.backlog.labels("jobs", "waiting").set(now.jobs_queued)
    observe.backlog.labels("jobs", "failed").set(now.jobs_failed)


def readiness(engine: Engine) -> Readiness:
    """Database reachable and at the newest schema, backlog not too old."""
    try:
        with dispatch_transaction(engine) as connection:
            problems = _schema_problems(engine)
            waiting = backlog(connection) if not problems else None
    except Unavailable as error:
        return Readiness((error.message,))
    if waiting and waiting.inbox_seconds > READY_BACKLOG_SECONDS:
        problems = (
            *problems,
            f"the oldest delivery has waited {waiting.inbox_seconds:.0f} s: is a worker running?",
        )
    return Readiness(problems, waiting)


def _schema_problems(engine: Engine) -> tuple[str, ...]:
    current, newest = migrate.current(engine), migrate.newest()
    if current == newest:
        return ()
    return (f"the database is at schema {current}, this version needs {newest}: run `suki migrate`",)
