"""Staff decide about orders that the present reading of the payloads values otherwise: take it over, or leave them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.words.texts import Said
from plugin.store.orders import reading_differences
from plugin.store.orders.reading_differences import DONE
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind


def decide(
    conn: Connection, shop: Shop, decision: str, order_ids: Sequence[int] | None, actor: str, now: datetime
) -> int:
    """Write the decision about these orders, or about all open ones, down; a job carries it out. Answers how many.

    BadInput: a decision that there is not.
    """
    if decision not in DONE:
        raise BadInput(Said("activity.error.choose"))
    count = reading_differences.decide(conn, shop.id, decision, actor, now, order_ids)
    if count:
        jobs.queue(conn, shop.id, JobKind.READ_AGAIN, ["decided"], now)
        activity_pages.note_staff_act(conn, shop.id, actor, f"{decision}_readings", "orders", {"count": count}, now)
    return count
