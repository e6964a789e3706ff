"""Mails about what the programme does: written down in any case, and sent unless the programme sends none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.programme import Programme
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind

SWITCHED_OFF = "mails are switched off in the programme"


def tell(
    conn: Connection, shop: Shop, programme: Programme, rows: Iterable[Mapping[str, object]], now: datetime
) -> None:
    """Write each mail (member_id, kind, subject) down once; where mails are switched off it says so and is not sent.

    What somebody waits for is not asked through here and goes in any case: the code that a friend claimed, what
    staff say of a reward, and the warnings of points that end, which have a setting of their own.
    """
    silent = programme.confirmation == "none"
    state = {"state": "skipped", "last_error": SWITCHED_OFF} if silent else {"state": "queued", "last_error": ""}
    made = messages.queue(conn, [{"shop_id": shop.id, **row, **state} for row in rows], now)
    if not silent:
        jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, (number for number, *_ in made), now)
