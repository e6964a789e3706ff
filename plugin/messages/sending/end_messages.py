"""Notes what became of messages; what was to go in one that did not go, goes by itself; and a code that was to go in
one of a kind that the shop turned off is told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.codes import tell_of_codes
from plugin.rules.message_kinds import KIND_OFF
from plugin.store.shops import shops
from plugin.store.work import jobs, messages, one_mail
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.messages import Outcome

WENT_NOT: Final = frozenset({"queued", "skipped", "failed"})


def end(conn: Connection, shop_id: int, outcomes: Sequence[Outcome], now: datetime) -> set[int]:
    """Note it of messages that waited, or were being handed over; answers of which that was so."""
    written = messages.end(conn, shop_id, outcomes, now)
    left = [one.message_id for one in outcomes if one.message_id in written and one.state in WENT_NOT]
    if left and (free := one_mail.let_go(conn, shop_id, left)):
        jobs.queue(conn, shop_id, JobKind.SEND_MESSAGE, free, now)
    off = [key for key in (one.message_id for one in outcomes if one.error == KIND_OFF) if key in written]
    if off:
        tell_of_codes.left_out(conn, shops.get(conn, shop_id), messages.by_ids(conn, shop_id, off), now)
    return written
