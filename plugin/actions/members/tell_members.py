"""Mails about what the programme does: written down in any case, and sent unless the programme sends none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.message_kinds import SWITCHED_OFF, kind_of
from plugin.rules.programme import Programme
from plugin.store.members import customer_facts, members
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind


def tell(
    conn: Connection, shop: Shop, programme: Programme, rows: Iterable[Mapping[str, object]], now: datetime
) -> None:
    """Write each mail (member_id, kind, subject) down once; where mails are switched off it says so and is not sent.

    Which kinds that silences says `rules/message_kinds.py`, and which of them need the member's consent, which is asked
    for in Shopify. The email itself is built when it is sent.
    """
    said = [{"shop_id": shop.id, **row, **_state(str(row["kind"]), programme)} for row in rows]
    made = messages.queue(conn, said, now)
    going = (number for number, kind, _ in made if kind_of(kind).goes_with(programme.confirmation))
    jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, going, now)
    _ask_consent(conn, shop, said, now)


def _ask_consent(conn: Connection, shop: Shop, said: Sequence[Mapping[str, object]], now: datetime) -> None:
    ids = {int(str(row["member_id"])) for row in said if kind_of(str(row["kind"])).about.nature == "promotional"}
    people = members.by_ids(conn, shop.id, ids).values() if ids else ()
    customer_facts.want(conn, shop.id, (one.customer_id for one in people if one.customer_id is not None), now)


def _state(kind: str, programme: Programme) -> dict[str, object]:
    goes = kind_of(kind).goes_with(programme.confirmation)
    return {"state": "queued" if goes else "skipped", "last_error": "" if goes else SWITCHED_OFF}
