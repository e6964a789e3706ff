"""What becomes of a job that was tried: done, tried again later, or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions import record_event
from plugin.actions.work.work import Work
from plugin.errors import NotYet, SukiError, TokenRejected, Unavailable, UnderWay
from plugin.observe import get_logger, job_outcomes, waits
from plugin.rules.events import Event, JobFailed
from plugin.store.database.db import shop_transaction
from plugin.store.database.waits import is_wait, pause_seconds, reason
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.jobs import Job

log = get_logger()
NEEDS_REOPEN_PAUSE = timedelta(minutes=30)
SPARED_PAUSE = timedelta(seconds=10)
RECORD_ATTEMPTS: Final = 20
ATTEMPTS: Final = 10
"""How often a job is tried where its kind does not say otherwise."""


class Spared(SukiError):
    """Not tried: another job of the batch found the other side out of reach."""


class TurnOver(SukiError):
    """Not tried: the turn was over, others wait for theirs."""


def record(
    work: Work, shop: Shop, attempts: int, batch: Sequence[Job], failures: Mapping[int, Exception], *, alone: bool
) -> None:
    """Record each outcome in one transaction.

    The effects have been carried out: what is undone by somebody else's lock is recorded again. Without being
    `alone` at this kind of job what failed is left to the runner that took over.
    """
    finished = [job for job in batch if job.id not in failures]
    for attempt in range(1, RECORD_ATTEMPTS + 1):
        try:
            with shop_transaction(work.engine, shop.id) as conn:
                jobs.done(conn, shop.id, finished)
                for job in batch:
                    if job.id in failures and alone:
                        _record_failure(conn, work, job, attempts, failures[job.id])
            break
        except Exception as error:
            if not is_wait(error) or attempt == RECORD_ATTEMPTS:
                raise
            waits.labels("jobs", reason(error)).inc()
    if finished:
        job_outcomes.labels(finished[0].kind, "done").inc(len(finished))


def _record_failure(conn: Connection, work: Work, job: Job, attempts: int, error: Exception) -> None:
    text = error.message if isinstance(error, SukiError) else f"{type(error).__name__} in our own code"
    now = work.clock()
    if is_wait(error):
        waits.labels("jobs", reason(error)).inc()
        pause = pause_seconds(error, (now - job.created_at).total_seconds())
        jobs.put_off(conn, job, now + timedelta(seconds=pause), "", counted=False)
        return
    if not isinstance(error, SukiError):
        log.error("job_bug", kind=job.kind, job=job.id, exc_info=error)
    if isinstance(error, TokenRejected):
        jobs.put_off(conn, job, now + NEEDS_REOPEN_PAUSE, text, counted=False)
    elif isinstance(error, Spared):
        jobs.put_off(conn, job, now + SPARED_PAUSE, text, counted=False)
    elif isinstance(error, TurnOver):
        jobs.put_off(conn, job, now, job.last_error, counted=False)
    elif isinstance(error, Unavailable | NotYet) and error.retry_after_seconds:
        shown = "" if isinstance(error, UnderWay) else text
        jobs.put_off(conn, job, now + timedelta(seconds=error.retry_after_seconds), shown, counted=False)
    elif job.attempts < attempts and (not isinstance(error, SukiError) or error.retriable):
        jobs.put_off(conn, job, now + back_off(job.attempts), text)
    elif jobs.fail(conn, job, text):
        record_event.record(conn, job.shop_id, [Event(JobFailed(job.id, job.kind, job.attempts), "")], now)
        job_outcomes.labels(job.kind, "failed").inc()
        log.warning("job_failed", kind=job.kind, job=job.id, error=text)


def back_off(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … up to an hour."""
    return timedelta(seconds=min(3600, 5 * 2 ** (attempts - 1)))
