"""Long work in short transactions: each step is committed, and who is killed goes on behind the last one."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from plugin.store.database.db import shop_transaction

LONGEST_SECONDS = 1.0
"""A step that took longer is followed by one of half its size, so that none comes near two seconds."""


def in_steps(engine: Engine, shop_id: int, step: Callable[[Connection, int], int], most: int = 500) -> int:
    """Repeat the step, each time for at most so many rows, until it finds fewer; answers how many it did.

    The step is given the number, and answers how many it found. What it did it must not find again.
    """
    total = 0
    while True:
        began = time.monotonic()
        with shop_transaction(engine, shop_id) as conn:
            found = step(conn, most)
        total += found
        if found < most:
            return total
        if time.monotonic() - began > LONGEST_SECONDS:
            most = max(1, most // 2)
