"""Jobs: effects that are queued or were given up, with their error and another try."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.work import retry_failed
from plugin.store.members import members
from plugin.store.work import activity_pages, event_windows, job_subjects
from plugin.store.work import jobs as job_store
from plugin.store.work.job_subjects import About
from plugin.store.work.jobs import Job
from plugin.web.admin.activity import job_words
from plugin.web.admin.activity.deliveries import chosen_ids
from plugin.web.admin.activity.job_words import Words
from plugin.web.admin.frame.layout import go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.words import t

STATES = ("failed", "queued")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/activity/jobs", view_func=jobs)
    app.add_url_rule("/app/activity/jobs/retry", view_func=retry_jobs, methods=["POST"])


@caller("session", reads="jobs")
def jobs() -> Response:
    """One page of one state, newest first."""
    with transaction() as conn:
        counts = activity_pages.counts(conn, shop().id, "jobs")
        wished = request.args.get("state", "failed" if counts.get("failed") else "queued")
        state = wished if wished in STATES else "failed"
        found = job_store.page(conn, shop().id, state, number_from("before"), activity_pages.PAGE + 1)
        rows = found[: activity_pages.PAGE]
        words = _words(conn, rows)
        off = event_windows.switched_off(conn, shop().id)
        reading("jobs", len(rows), fields={"state": request.args.get("state")})
    older = rows[-1].id if len(found) > len(rows) else None
    return page(
        "admin/activity/jobs.html",
        rows=rows,
        state=state,
        states={each: t(f"activity.jobs.state.{each}") for each in STATES},
        counts=counts,
        words=words,
        older=older,
        off=off,
    )


def _words(conn: Connection, rows: Sequence[Job]) -> dict[int, Words]:
    """What each job does, in words, by its id."""
    about = job_subjects.about(conn, shop().id, rows)
    people = members.by_ids(conn, shop().id, {one.member_id for one in about.values() if one.member_id is not None})
    return {job.id: job_words.words(job, about.get(job.id, About()), people) for job in rows}


@caller("session", role="manager")
def retry_jobs() -> AnyResponse:
    """Try one failed job again, or all of them."""
    ids = chosen_ids()
    with transaction() as conn:
        done = retry_failed.retry_jobs(conn, shop().id, ids, staff().actor, now())
    return go("jobs", done="retried" if done else "nothing", state=request.form.get("state", "failed")[:10])
