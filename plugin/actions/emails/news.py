"""What has just happened is news, and becomes an email; what is from long ago, or was read late, does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.members.tell_members import tell
from plugin.rules.events import Recorded
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.subject_grammar import Subject
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

NEWS_FOR: Final = timedelta(days=2)
"""So long after it happened something is told. Older is what an import brought, or a worker that stood still."""
Row = dict[str, object]


def fresh(happened: Sequence[Recorded], now: datetime) -> list[Recorded]:
    """What is still news, of events about members."""
    return [one for one in happened if one.member_id is not None and now - one.happened_at < NEWS_FOR]


def row(kind: MessageKind, member_id: int | None, subject: Subject, cause: Subject | None = None) -> Row:
    """One email to be written down; `cause` is the order that brought it about, where one did."""
    written: Row = {"member_id": member_id, "kind": kind, "subject": str(subject)}
    return written if cause is None else {**written, "cause": str(cause)}


def tell_now(conn: Connection, shop: Shop, rows: Iterable[Row], now: datetime) -> None:
    """Write them down, by the programme in force."""
    known = list(rows)
    if known:
        tell(conn, shop, programmes.current(conn, shop.id, now).programme, known, now)
