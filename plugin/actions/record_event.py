"""The one place that writes events down, in the transaction in which they happen.

Each kind has one place that calls it: where a payload of its class is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.events import READERS, WEBHOOKS, Event
from plugin.store.automation import endpoints
from plugin.store.work import events, jobs
from plugin.store.work.job_kinds import JobKind


def record(conn: Connection, shop_id: int, happened: Iterable[Event], now: datetime) -> None:
    """Write down what happens in this transaction, many events with one statement; their members are locked.

    Who is to read one of them is called.
    """
    found = list(happened)
    events.add(conn, shop_id, found, now)
    kinds = {one.kind for one in found}
    called = [name for name, wanted in READERS.items() if kinds & wanted]
    jobs.queue(conn, shop_id, JobKind.FOLLOW_EVENTS, reading(conn, shop_id, called), now)


def reading(conn: Connection, shop_id: int, names: Iterable[str]) -> list[str]:
    """Those of the readers that have a reason to read now: nobody reads for endpoints that do not exist."""
    return [name for name in names if name != WEBHOOKS or endpoints.listening(conn, shop_id)]
