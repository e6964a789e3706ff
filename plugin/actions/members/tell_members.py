"""Mails about what the programme does: written down in any case, and sent unless the programme sends none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.message_kinds import SWITCHED_OFF, kind_of
from plugin.rules.programme import Programme
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind


def tell(
    conn: Connection, shop: Shop, programme: Programme, rows: Iterable[Mapping[str, object]], now: datetime
) -> None:
    """Write each mail (member_id, kind, subject) down once; where mails are switched off it says so and is not sent.

    Which kinds that silences says `rules/message_kinds.py`.
    """
    said = [{"shop_id": shop.id, **row, **_state(str(row["kind"]), programme)} for row in rows]
    made = messages.queue(conn, said, now)
    going = (number for number, kind, _ in made if kind_of(kind).goes_with(programme.confirmation))
    jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, going, now)


def _state(kind: str, programme: Programme) -> dict[str, object]:
    goes = kind_of(kind).goes_with(programme.confirmation)
    return {"state": "queued" if goes else "skipped", "last_error": "" if goes else SWITCHED_OFF}
