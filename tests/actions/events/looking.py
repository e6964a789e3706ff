"""What was written down, as a test compares it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.events import Payload, Recorded
from plugin.store.database.db import shop_transaction
from plugin.store.work import events
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job


def recorded(engine: Engine, shop_id: int) -> list[Recorded]:
    """Every event of the shop, in the order of their numbers."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql(f"SELECT {events.COLUMNS} FROM events ORDER BY id")
        return [events.recorded(row) for row in rows]


def happened(engine: Engine, shop_id: int, *kinds: str) -> list[Payload]:
    """What happened, of these kinds (their beginnings; of all where none is named)."""
    return [one.payload for one in recorded(engine, shop_id) if one.kind.startswith(kinds or "")]


def follow(engine: Engine, shop_id: int, now: datetime, name: str = "mails") -> None:
    """What follows from what has happened so far."""
    work = Work(engine, None, Mailer.__new__(Mailer), lambda: now)  # type: ignore[arg-type]
    jobs.KINDS[JobKind.FOLLOW_EVENTS].one(work, None, Job(0, shop_id, "follow_events", name, {}, 1, 0, now))  # type: ignore[misc, arg-type]
