"""What becomes of mails, as a test says, without any mail server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from plugin.store.work import messages
from plugin.store.work.messages import Outcome


def answer(engine: Engine, shop_id: int, at: datetime, state: str = "sent") -> None:
    """This becomes, at that moment, of every message of the shop that waits to be sent."""
    with shop_transaction(engine, shop_id) as conn:
        waiting = conn.exec_driver_sql("SELECT id FROM messages WHERE state = 'queued'").scalars().all()
        messages.end(conn, shop_id, [Outcome(number, state) for number in waiting], at)
