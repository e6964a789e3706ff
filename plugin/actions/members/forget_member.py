"""Forget one member: whatever says who they were goes, what was earned and spent stays as numbers.

For somebody who left little behind, as a friend whose address was typed in; an erasure that Shopify asks for goes
in steps (`plugin/actions/privacy`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.record_event import record
from plugin.rules import subjects
from plugin.rules.events import Event, MemberErased
from plugin.store.members import members
from plugin.store.privacy import erasure_rows

ROWS = 1_000


def forget(conn: Connection, shop_id: int, member_id: int, now: datetime) -> None:
    """Take the person out of every row that is about the member. Nobody finds them by a name afterwards."""
    for table in erasure_rows.TABLES:
        while erasure_rows.take_out(conn, shop_id, table, [member_id], [], ROWS) == ROWS:
            pass
    erasure_rows.take_out_texts(conn, shop_id, [member_id])
    erase(conn, shop_id, member_id, now)


def erase(conn: Connection, shop_id: int, member_id: int, now: datetime) -> None:
    """Take what says who they are out of the member's own row; the member is locked."""
    before = members.get(conn, shop_id, member_id)
    members.erase(conn, shop_id, member_id)
    if before is not None and before.state != "erased":
        record(conn, shop_id, [Event(MemberErased(), str(subjects.Member(member_id)), member_id)], now)
