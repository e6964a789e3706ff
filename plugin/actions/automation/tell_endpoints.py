"""What happens is queued for the endpoints that want it, in the transaction that remembers how far that was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.rules.events import Event, EventKind, Recorded
from plugin.rules.outgoing.conditions import wanted
from plugin.store.automation import endpoints, outgoing
from plugin.store.automation.endpoints import Endpoint
from plugin.store.database.db import shop_transaction
from plugin.store.shops.shops import Shop
from plugin.store.work import event_values, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

AT_ONCE = 500
"""Events of a replay in one transaction."""


def happened(conn: Connection, shop: Shop, found: Sequence[Recorded], now: datetime) -> None:
    """Queue these for every endpoint that is on and wants them."""
    to_tell = {
        one.id: [event for event in found if _wants(one, event)]
        for one in endpoints.all_of(conn, shop.id)
        if one.state == "on"
    }
    to_tell = {number: some for number, some in to_tell.items() if some}
    if to_tell:
        outgoing.queue(conn, shop.id, to_tell, now)
        jobs.queue(conn, shop.id, JobKind.SEND_WEBHOOKS, to_tell, now)


def replay(work: Work, shop: Shop, job: Job) -> None:
    """Queue for one endpoint what happened in a time, in committed steps; begun again it begins at the first."""
    since, until = (datetime.fromisoformat(str(job.payload[name])) for name in ("since", "until"))
    after = 0
    while True:
        with shop_transaction(work.engine, shop.id) as conn:
            one = endpoints.get(conn, shop.id, job.number)
            if one is None or one.state != "on":
                return
            kinds = list(one.kinds or EventKind)
            found = outgoing.happened_from(conn, shop.id, kinds, since, until, after, AT_ONCE)
            outgoing.send_again(conn, shop.id, one.id, [event for event in found if _wants(one, event)], work.clock())
            jobs.queue(conn, shop.id, JobKind.SEND_WEBHOOKS, [one.id], work.clock())
        if len(found) < AT_ONCE:
            return
        after = found[-1].id


def _wants(one: Endpoint, event: Recorded) -> bool:
    return one.wants(event.kind) and wanted(one.conditions, event.kind, data_of(event))


def data_of(event: Recorded) -> dict[str, object]:
    """What its payload says, as JSON."""
    return event_values.written(Event(event.payload, event.subject))
