"""What was written down, as a test compares it."""

from __future__ import annotations

from sqlalchemy import Engine

from plugin.rules.events import Payload, Recorded
from plugin.store.database.db import shop_transaction
from plugin.store.work import events


def recorded(engine: Engine, shop_id: int) -> list[Recorded]:
    """Every event of the shop, in the order of their numbers."""
    with shop_transaction(engine, shop_id) as conn:
        rows = conn.exec_driver_sql(f"SELECT {events.COLUMNS} FROM events ORDER BY id")
        return [events.recorded(row) for row in rows]


def happened(engine: Engine, shop_id: int, *kinds: str) -> list[Payload]:
    """What happened, of these kinds (their beginnings; of all where none is named)."""
    return [one.payload for one in recorded(engine, shop_id) if one.kind.startswith(kinds or "")]
