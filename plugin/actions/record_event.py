"""The one place that writes events down, in the transaction in which they happen.

Each kind has one place that calls it: where a payload of its class is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.events import Event
from plugin.store.work import events


def record(conn: Connection, shop_id: int, happened: Iterable[Event], now: datetime) -> None:
    """Write down what happens in this transaction, many events with one statement. Their members are locked."""
    events.add(conn, shop_id, list(happened), now)
