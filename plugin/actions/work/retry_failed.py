"""Staff try again what failed: deliveries, jobs and messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.work import activity_pages, deliveries, event_windows, jobs, messages
from plugin.store.work.job_kinds import JobKind


def retry_deliveries(conn: Connection, shop_id: int, ids: Iterable[int] | None, actor: str, now: datetime) -> int:
    """Put failed deliveries back into the inbox (None: all of them); answers how many."""
    chosen = activity_pages.failed(conn, shop_id, "inbox", ids)
    if not chosen:
        return 0
    done = deliveries.retry(conn, shop_id, chosen, now)
    _note(conn, shop_id, actor, "retry_deliveries", chosen, now)
    return done


def retry_jobs(conn: Connection, shop_id: int, ids: Iterable[int] | None, actor: str, now: datetime) -> int:
    """Queue failed jobs again (None: all of them, and readers of events that were left behind); answers how many."""
    chosen = activity_pages.failed(conn, shop_id, "jobs", ids)
    readers = event_windows.go_on(conn, shop_id) if ids is None else []
    jobs.queue(conn, shop_id, JobKind.FOLLOW_EVENTS, readers, now)
    if not chosen:
        return len(readers)
    done = jobs.retry(conn, shop_id, chosen, now)
    _note(conn, shop_id, actor, "retry_jobs", chosen, now)
    return done + len(readers)


def send_again(conn: Connection, shop_id: int, message_id: int, actor: str, now: datetime) -> int:
    """Send one message once more: it failed, was left out, got no answer, or staff want it to go twice; answers how
    many (0 or 1)."""
    chosen = messages.send_again(conn, shop_id, [message_id])
    jobs.queue(conn, shop_id, JobKind.SEND_MESSAGE, chosen, now)
    if chosen:
        _note(conn, shop_id, actor, "send_again", chosen, now)
    return len(chosen)


def _note(conn: Connection, shop_id: int, actor: str, action: str, ids: list[int], now: datetime) -> None:
    subject = str(ids[0]) if len(ids) == 1 else f"{len(ids)} of them"
    activity_pages.note_staff_act(conn, shop_id, actor, action, subject, {"ids": ids[:100], "count": len(ids)}, now)
