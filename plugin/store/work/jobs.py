"""Jobs: effects on the outside world, written down in the transaction that calls for them.

One row per effect and subject, deleted when done, and kept as failed, with its error, when it has been
tried too often. Queueing an effect again while it is running makes it run once more (`generation`).
One runner at a time works on one kind of job of one shop: it holds an advisory lock, which a crash
gives up at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.store.database import bulk
from plugin.store.tables import jobs
from plugin.store.work.job_kinds import JobKind

NOTIFY_CHANNEL = "suki_jobs"
_AGAIN = (
    "ON CONSTRAINT jobs_once DO UPDATE SET generation = jobs.generation + 1, state = 'queued',"
    " payload = excluded.payload, attempts = 0, last_error = '',"
    " not_before = CASE WHEN jobs.state = 'queued' AND jobs.attempts = 0"
    " THEN least(jobs.not_before, excluded.not_before) ELSE excluded.not_before END"
    " WHERE NOT (jobs.state = 'queued' AND jobs.attempts = 0 AND jobs.last_error = ''"
    " AND jobs.payload = excluded.payload AND jobs.not_before <= excluded.not_before)"
)
"""What waits already, untried and no later, is only locked: nobody can claim it before this transaction ends."""


@dataclass(frozen=True, slots=True)
class Job:
    """One effect to carry out."""

    id: int
    shop_id: int
    kind: str
    subject: str
    payload: Mapping[str, Any]
    attempts: int
    generation: int
    created_at: datetime
    state: str = "queued"
    last_error: str = ""
    not_before: datetime | None = None

    @property
    def number(self) -> int:
        """The number that its subject is. ValueError: it is none."""
        return int(self.subject)


def queue(
    conn: Connection,
    shop_id: int,
    kind: JobKind,
    subjects: Iterable[object],
    not_before: datetime,
    payload: Mapping[str, object] | None = None,
) -> None:
    """Ask for an effect on each subject, once, however often it is asked for before it runs.

    The worker is woken when the transaction commits.
    """
    queue_each(conn, shop_id, kind, dict.fromkeys(subjects, not_before), payload)


def queue_each(
    conn: Connection,
    shop_id: int,
    kind: JobKind,
    due: Mapping[Any, datetime],
    payload: Mapping[str, object] | None = None,
) -> None:
    """The same, with a time for each subject."""
    rows = [
        {
            "shop_id": shop_id,
            "kind": str(kind),
            "subject": subject,
            "payload": payload or {},
            "not_before": not_before,
        }
        for subject, not_before in sorted({str(subject): moment for subject, moment in due.items()}.items())
    ]
    bulk.insert(conn, jobs, rows, conflict=_AGAIN)
    if rows:
        conn.exec_driver_sql(f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')")


_PAIRS = (
    "WITH RECURSIVE pair AS ("
    " (SELECT shop_id, kind FROM jobs WHERE state = 'queued' ORDER BY shop_id, kind LIMIT 1)"
    " UNION ALL SELECT next.shop_id, next.kind FROM pair CROSS JOIN LATERAL ("
    " SELECT j.shop_id, j.kind FROM jobs j WHERE j.state = 'queued'"
    " AND (j.shop_id, j.kind) > (pair.shop_id, pair.kind) ORDER BY j.shop_id, j.kind LIMIT 1) next)"
)
"""The (shop, kind) pairs with jobs: skips from pair to pair in the index, however long the queue."""


def shops_due(conn: Connection, now: datetime, always: list[str]) -> list[tuple[int, str]]:
    """(shop, kind) pairs with something to do now, of installed shops; the kinds `always` of all shops.

    Runs in a dispatch transaction.
    """
    rows = conn.exec_driver_sql(
        f"{_PAIRS} SELECT pair.shop_id, pair.kind FROM pair JOIN shops s ON s.id = pair.shop_id"
        " WHERE (s.state = 'installed' OR pair.kind = ANY(%(always)s)) AND EXISTS (SELECT FROM jobs j"
        " WHERE j.shop_id = pair.shop_id AND j.kind = pair.kind AND j.state = 'queued'"
        " AND j.not_before <= %(now)s)",
        {"now": now, "always": always},
    )
    return [(row[0], row[1]) for row in rows]


def next_due(conn: Connection, now: datetime, kinds: Collection[str] | None = None) -> datetime | None:
    """When the next job that waits for its time becomes due, of some kinds only; runs in a dispatch transaction."""
    row = conn.exec_driver_sql(
        f"{_PAIRS} SELECT min(first.not_before) FROM pair CROSS JOIN LATERAL (SELECT j.not_before FROM jobs j"
        " WHERE j.shop_id = pair.shop_id AND j.kind = pair.kind AND j.state = 'queued'"
        " AND j.not_before > %(now)s ORDER BY j.not_before LIMIT 1) first"
        " WHERE %(kinds)s::text[] IS NULL OR pair.kind = ANY(%(kinds)s)",
        {"now": now, "kinds": None if kinds is None else sorted(kinds)},
    ).one()
    found: datetime | None = row[0]
    return found


def only_runner(conn: Connection, shop_id: int, what: str) -> bool:
    """Take the advisory lock on one kind of job of one shop, for as long as the connection lives.

    So is taken whatever else is done one at a time, by its name.
    """
    row = conn.exec_driver_sql(
        "SELECT pg_try_advisory_lock(%(shop)s::int, hashtext(%(what)s))", {"shop": shop_id, "what": str(what)}
    ).one()
    return bool(row[0])


def session(conn: Connection) -> int:
    """The number of the database's session behind a connection; another one holds none of the locks taken before."""
    return int(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def step_down(conn: Connection, shop_id: int, what: str) -> None:
    """Give the lock of `only_runner` back."""
    conn.exec_driver_sql(
        "SELECT pg_advisory_unlock(%(shop)s::int, hashtext(%(what)s))", {"shop": shop_id, "what": str(what)}
    )


def claim(conn: Connection, shop_id: int, kind: str, limit: int, now: datetime) -> list[Job]:
    """Up to `limit` due jobs of one kind, each with one more attempt on its record.

    Materialized: as a plain subquery the planner may run it more than once, and take more than `limit`.
    """
    rows = conn.exec_driver_sql(
        "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE shop_id = %(shop)s AND kind = %(kind)s"
        " AND state = 'queued' AND not_before <= %(now)s ORDER BY not_before, id LIMIT %(limit)s"
        " FOR UPDATE SKIP LOCKED)"
        " UPDATE jobs j SET attempts = attempts + 1 FROM due WHERE j.shop_id = %(shop)s AND j.id = due.id"
        " RETURNING j.id, j.shop_id, j.kind, j.subject, j.payload, j.attempts, j.generation, j.created_at,"
        " j.state, j.last_error",
        {"shop": shop_id, "kind": str(kind), "limit": limit, "now": now},
    )
    return sorted((Job(*row) for row in rows), key=lambda job: job.id)


def done(conn: Connection, shop_id: int, done_jobs: Sequence[Job]) -> None:
    """Carried out. One that was asked for again meanwhile stays queued.

    Locked in the order in which `queue` locks them, by subject.
    """
    params = {
        "shop": shop_id,
        "ids": [job.id for job in done_jobs],
        "generations": [job.generation for job in done_jobs],
    }
    pairs = "SELECT * FROM unnest(%(ids)s::bigint[], %(generations)s::bigint[]) AS p(id, generation)"
    conn.exec_driver_sql(
        "DELETE FROM jobs WHERE shop_id = %(shop)s AND id = ANY(ARRAY("
        f"SELECT j.id FROM jobs j JOIN ({pairs}) p ON j.id = p.id AND j.generation = p.generation"
        " WHERE j.shop_id = %(shop)s AND j.id = ANY(%(ids)s) ORDER BY j.subject FOR UPDATE OF j))",
        params,
    )


def keep_place(conn: Connection, job: Job, place: Mapping[str, object]) -> bool:
    """Keep how far a long job is, in the transaction that got it there; False for one that was asked for anew: it
    begins again."""
    result = conn.exec_driver_sql(
        "UPDATE jobs SET payload = payload || %(place)s::jsonb WHERE shop_id = %(shop)s AND id = %(id)s"
        " AND generation = %(generation)s",
        {"shop": job.shop_id, "id": job.id, "place": bulk.to_json(place), "generation": job.generation},
    )
    return result.rowcount > 0


def put_off(conn: Connection, job: Job, until: datetime, error: str, *, counted: bool = True) -> None:
    """Try again later, unless it was asked for anew meanwhile. `counted=False` gives the attempt back."""
    conn.exec_driver_sql(
        "UPDATE jobs SET not_before = %(until)s, last_error = %(error)s,"
        " attempts = attempts - %(back)s WHERE shop_id = %(shop)s AND id = %(id)s AND generation = %(generation)s",
        {
            "shop": job.shop_id,
            "id": job.id,
            "until": until,
            "error": error[:500],
            "back": 0 if counted else 1,
            "generation": job.generation,
        },
    )


def fail(conn: Connection, job: Job, error: str) -> bool:
    """Given up: stays visible until staff retry it. False for one that was asked for anew: it is tried anew."""
    result = conn.exec_driver_sql(
        "UPDATE jobs SET state = 'failed', last_error = %(error)s WHERE shop_id = %(shop)s AND id = %(id)s"
        " AND generation = %(generation)s",
        {"shop": job.shop_id, "id": job.id, "error": error[:500], "generation": job.generation},
    )
    return result.rowcount > 0


def retry(conn: Connection, shop_id: int, ids: Iterable[int], now: datetime) -> int:
    """Queue failed jobs again; answers how many there were.

    One that is locked is being asked for again at this moment; waiting for it could end in a deadlock.
    """
    result = conn.exec_driver_sql(
        "UPDATE jobs SET state = 'queued', attempts = 0, not_before = %(now)s WHERE shop_id = %(shop)s AND id IN ("
        "SELECT id FROM jobs WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) FOR UPDATE SKIP LOCKED)",
        {"shop": shop_id, "ids": list(ids), "now": now},
    )
    conn.exec_driver_sql(f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')")
    return result.rowcount


def due_subjects(conn: Connection, shop_id: int, kind: JobKind, subjects: Iterable[object], now: datetime) -> set[str]:
    """Those of the subjects on which an effect is to be carried out by now."""
    rows = conn.exec_driver_sql(
        "SELECT subject FROM jobs WHERE shop_id = %(shop)s AND kind = %(kind)s AND subject = ANY(%(subjects)s)"
        " AND state = 'queued' AND not_before <= %(now)s",
        {"shop": shop_id, "kind": str(kind), "subjects": [str(each) for each in subjects], "now": now},
    )
    return {row[0] for row in rows}


def states(conn: Connection, shop_id: int, kind: JobKind, subjects: Iterable[object]) -> list[tuple[str, str]]:
    """(subject, state) of the jobs of a kind on these subjects."""
    rows = conn.exec_driver_sql(
        "SELECT subject, state FROM jobs WHERE shop_id = %(shop)s AND kind = %(kind)s AND subject = ANY(%(subjects)s)",
        {"shop": shop_id, "kind": str(kind), "subjects": [str(each) for each in subjects]},
    )
    return [(row[0], row[1]) for row in rows]


def drop(conn: Connection, shop_id: int, kind: JobKind, subject: object) -> None:
    """Nobody wants the effect any more."""
    conn.exec_driver_sql(
        "DELETE FROM jobs WHERE shop_id = %(shop)s AND kind = %(kind)s AND subject = %(subject)s",
        {"shop": shop_id, "kind": str(kind), "subject": str(subject)},
    )


_COLUMNS = "id, shop_id, kind, subject, payload, attempts, generation, created_at, state, last_error, not_before"


def page(conn: Connection, shop_id: int, state: str, before_id: int | None, limit: int) -> list[Job]:
    """Jobs of one state, newest first; `before_id` continues a page."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM jobs WHERE shop_id = %(shop)s AND state = %(state)s"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"shop": shop_id, "state": state, "before": before_id, "limit": limit},
    )
    return [Job(*row) for row in rows]


def one(conn: Connection, shop_id: int, kind: JobKind, subject: str) -> Job | None:
    """The job on one subject, if it is still to be done, or failed."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM jobs WHERE shop_id = %(shop)s AND kind = %(kind)s AND subject = %(subject)s",
        {"shop": shop_id, "kind": str(kind), "subject": subject},
    ).fetchall()
    return Job(*rows[0]) if rows else None
