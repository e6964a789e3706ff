"""One job by itself, carried out by whoever asked for it, beside the runner of its kind.

Only a job that nobody ever began is taken, and whoever takes it holds an advisory lock on just this job. Its runner
is kept away by the time until which it is not due; where that has passed, by the lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import NOTIFY_CHANNEL, Job


def alone_with(conn: Connection, shop_id: int, kind: str, subject: str) -> bool:
    """Take the lock on one job until the transaction ends. False: another one is at it."""
    row = conn.exec_driver_sql(
        "SELECT pg_try_advisory_xact_lock(%(shop)s::int, hashtext(%(what)s))",
        {"shop": shop_id, "what": f"{kind} {subject}"},
    ).one()
    return bool(row[0])


def wait_until(conn: Connection, shop_id: int, kind: JobKind, subject: str, until: datetime) -> None:
    """Have its runner wait, if nobody ever began the job."""
    conn.exec_driver_sql(
        "UPDATE jobs SET not_before = %(until)s WHERE shop_id = %(shop)s AND kind = %(kind)s"
        " AND subject = %(subject)s AND state = 'queued' AND attempts = 0 AND generation = 0",
        {"shop": shop_id, "kind": str(kind), "subject": subject, "until": until},
    )


def claim(conn: Connection, shop_id: int, kind: JobKind, subject: str, until: datetime) -> Job | None:
    """The job, with an attempt on its record, if nobody ever began it; not due again before `until`."""
    row = conn.exec_driver_sql(
        "UPDATE jobs SET attempts = 1, not_before = %(until)s WHERE shop_id = %(shop)s AND kind = %(kind)s"
        " AND subject = %(subject)s AND state = 'queued' AND attempts = 0 AND generation = 0"
        " RETURNING id, shop_id, kind, subject, payload, attempts, generation, created_at, state, last_error",
        {"shop": shop_id, "kind": str(kind), "subject": subject, "until": until},
    ).one_or_none()
    return Job(*row) if row else None


def begun_elsewhere(conn: Connection, batch: Sequence[Job]) -> list[Job]:
    """Those of a runner's batch at which somebody is by themselves. Only what was begun before can be among them."""
    begun = [job for job in batch if job.attempts > 1 or job.generation > 0]
    return [job for job in begun if not alone_with(conn, job.shop_id, job.kind, job.subject)]


def hasten(conn: Connection, shop_id: int, kind: JobKind, subject: str, now: datetime) -> None:
    """Have its runner take the job up now, if it waits for its time."""
    conn.exec_driver_sql(
        "UPDATE jobs SET not_before = %(now)s WHERE shop_id = %(shop)s AND kind = %(kind)s AND subject = %(subject)s"
        " AND state = 'queued' AND not_before > %(now)s",
        {"shop": shop_id, "kind": str(kind), "subject": subject, "now": now},
    )
    conn.exec_driver_sql(f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')")
