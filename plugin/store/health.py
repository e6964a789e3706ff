"""Is everything working: what /healthz, /readyz, /metrics and the panel's Home ask the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from plugin.errors import Unavailable
from plugin.store import migrate
from plugin.store.db import dispatch_transaction

READY_BACKLOG_SECONDS = 900
_BACKLOG = text("""
SELECT (SELECT count(*) FROM inbox WHERE state = 'new'),
       (SELECT count(*) FROM inbox WHERE state = 'failed'),
       (SELECT count(*) FROM jobs WHERE state = 'queued'),
       (SELECT count(*) FROM jobs WHERE state = 'failed'),
       (SELECT coalesce(extract(epoch FROM now() - min(not_before)), 0) FROM inbox
         WHERE state = 'new' AND not_before <= now()),
       (SELECT coalesce(extract(epoch FROM now() - min(not_before)), 0) FROM jobs
         WHERE state = 'queued' AND not_before <= now())
""")


@dataclass(frozen=True)
class Backlog:
    """What waits, over all shops; the seconds are those that the oldest one due has waited."""

    inbox_new: int
    inbox_failed: int
    jobs_queued: int
    jobs_failed: int
    inbox_seconds: float
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
    new, failed, jobs, failed_jobs, inbox_seconds, jobs_seconds = connection.execute(_BACKLOG).one()
    return Backlog(new, failed, jobs, failed_jobs, float(inbox_seconds), float(jobs_seconds))


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
