"""A reward is made while its member waits: the request that asked for it carries out that very job, if it can in time.

Reservation and job are committed first, so that nothing hangs on this: whatever it does not get done the worker does.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.rewards import carry_out_redemption
from plugin.actions.work.job_outcomes import ATTEMPTS, TurnOver, record
from plugin.actions.work.work import Work
from plugin.errors import OutOfTime, SukiError, UnknownOutcome
from plugin.observe import get_logger, job_seconds
from plugin.store.database.db import shop_transaction
from plugin.store.database.waits import is_wait
from plugin.store.shops.shops import Shop
from plugin.store.work import one_job
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

log = get_logger()
SHOPIFYS_SECONDS = 1.2
"""How long a request waits for Shopify in all."""
HEAD_START: Final = timedelta(seconds=2)
"""How long the runner leaves a job to the request that asked for it; after a crash it goes on then."""
AT_ONCE: Final = 4
"""Requests of one process that do this at the same time: each holds a connection of the pool beside the ones it works
with, so that all together must leave some to the others."""
_places = threading.BoundedSemaphore(AT_ONCE)


def have_a_go_first(conn: Connection, shop: Shop, number: int, now: datetime) -> None:
    """In the transaction that asks for the job: its runner leaves it to us for a moment."""
    one_job.wait_until(conn, shop.id, JobKind.CODE, str(number), now + HEAD_START)


def now_or_soon(work: Work, shop: Shop, number: int) -> None:
    """Carry out the job on a redemption now, with what it takes of Shopify within 1.2 s; else have the worker do it.

    Its outcome is recorded as the runner's are. What is under way when time is up may have been carried out: the worker
    asks before it repeats anything. What goes wrong is not raised, as all that is needed for the worker is written
    down. Opens its own transactions.
    """
    work = replace(work, ends_at=time.monotonic() + SHOPIFYS_SECONDS)
    try:
        if not (_places.acquire(blocking=False) and _with_a_place(work, shop, str(number))):
            _leave(work, shop, str(number))
    except Exception as error:
        if not isinstance(error, SukiError) and not is_wait(error):
            raise
        log.warning("left_to_the_worker", shop=shop.domain, error=type(error).__name__)


def _with_a_place(work: Work, shop: Shop, subject: str) -> bool:
    try:
        with shop_transaction(work.engine, shop.id) as guard:
            return one_job.alone_with(guard, shop.id, JobKind.CODE, subject) and _done(work, shop, subject)
    finally:
        _places.release()


def _done(work: Work, shop: Shop, subject: str) -> bool:
    """Alone with the job: carry it out, unless a runner began it. Says whether nobody needs to hurry to it."""
    with shop_transaction(work.engine, shop.id) as conn:
        job = one_job.claim(conn, shop.id, JobKind.CODE, subject, work.clock() + HEAD_START)
    if job is None:
        return True
    failures = _tried(work, shop, job)
    record(work, shop, ATTEMPTS, [job], failures, alone=True)
    log.info("job_now", shop=shop.domain, kind=job.kind, done=not failures)
    return not any(isinstance(error, TurnOver) for error in failures.values())


def _tried(work: Work, shop: Shop, job: Job) -> dict[int, Exception]:
    try:
        with job_seconds.labels(job.kind).time():
            carry_out_redemption.carry_out(work, shop, job)
    except (OutOfTime, UnknownOutcome) as error:
        return {job.id: TurnOver(error.message)}
    except Exception as error:
        return {job.id: error}
    return {}


def _leave(work: Work, shop: Shop, subject: str) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        one_job.hasten(conn, shop.id, JobKind.CODE, subject, work.clock())
