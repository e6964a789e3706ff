"""Forget one member: whatever says who they were goes, what was earned and spent stays as numbers.

For somebody who left little behind, as a friend whose address was typed in; an erasure that Shopify asks for goes
in steps (`plugin/actions/privacy`).
"""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.store.members import members
from plugin.store.privacy import erasure_rows

ROWS = 1_000


def forget(conn: Connection, shop_id: int, member_id: int) -> None:
    """Take the person out of every row that is about the member. Nobody finds them by a name afterwards."""
    for table in erasure_rows.TABLES:
        while erasure_rows.take_out(conn, shop_id, table, [member_id], [], ROWS) == ROWS:
            pass
    erasure_rows.take_out_texts(conn, shop_id, [member_id])
    members.erase(conn, shop_id, member_id)
