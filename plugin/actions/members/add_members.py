"""Somebody becomes a member: a row, and the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.record_event import record
from plugin.rules import subjects
from plugin.rules.events import Event, MemberJoined
from plugin.rules.types import Buyer
from plugin.store.members import members


def add(
    conn: Connection,
    shop_id: int,
    buyers: Sequence[Buyer],
    joined: Mapping[Buyer, datetime],
    now: datetime,
    *,
    source: str = "joined",
) -> None:
    """Add a member for each buyer (`joined`: since when); one that somebody else added meanwhile is left as it is.

    `source`: how they came, joined, order, imported or invited.
    """
    if not buyers:
        return
    made = members.add(conn, shop_id, buyers, joined, source)
    record(
        conn,
        shop_id,
        [Event(MemberJoined(guest=guest), str(subjects.Member(number)), number) for number, guest in made],
        now,
    )
