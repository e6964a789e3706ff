"""Does the ledger agree with itself? Every balance, lot, debt and order, of every shop."""

from __future__ import annotations

from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.reports import audit as checks
from plugin.store.shops import shops


def audit(engine: Engine) -> list[str]:
    """Every mismatch in words, the shop's domain first; empty when all agrees. Reads only."""
    with system_transaction(engine) as conn:
        everyone = shops.everyone(conn)
    found = []
    for shop in everyone:
        with shop_transaction(engine, shop.id) as conn:
            conn.exec_driver_sql("SET LOCAL statement_timeout = 0")
            found += [f"{shop.domain}: {words}" for words in checks.mismatches(conn, shop.id)]
    return found
