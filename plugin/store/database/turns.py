"""One after the other: whoever takes a turn in a shop waits until nobody else has it."""

from __future__ import annotations

from sqlalchemy import Connection


def take_turn(conn: Connection, shop_id: int, what: str) -> None:
    """Wait for the turn at `what` in this shop, and keep it till the transaction ends.

    Take it before you lock rows: who waits for a row may be waited for by whoever has the turn.
    """
    conn.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(%(shop)s::int, hashtext(%(what)s))", {"shop": shop_id, "what": what}
    )
