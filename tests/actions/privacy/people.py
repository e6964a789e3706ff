"""Ana and what webhooks say of her, in Shopify's shape, for tests of what is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from plugin.store.database.db import shop_transaction
from plugin.store.work import deliveries
from sandbox.state import Record
from tests.actions.stage import Stage

ANA = 7_000_000_000_001
LATELY = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="seconds")
"""Before any test begins, and since the shop counts orders."""
ADDRESS = {"name": "Anastacia Reyes-Cruz", "phone": "+63 917 555 0101", "address1": "12 Mango Lane"}


def arrive(stage: Stage, topic: str, body: Record) -> None:
    """A delivery comes, as if Shopify had sent it, and is processed."""
    number = len(stage.rows("SELECT FROM deliveries")) + 1
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        deliveries.add(conn, stage.shop_id, f"w{number}", topic, stage.clock(), orjson.dumps(body))
    stage.hear()


def order(number: int, placed: str = LATELY, **fields: Any) -> Record:
    """An order of 24.00 USD that names nobody yet."""
    return {
        "id": number,
        "name": f"#{number}",
        "created_at": placed,
        "updated_at": fields.pop("updated", placed),
        "processed_at": placed,
        "currency": "USD",
        "financial_status": "paid",
        "total_price": "24.00",
        "line_items": [{"id": number * 10, "title": "Cake for Anastacia", "quantity": 1, "price": "24.00"}],
    } | fields


def redact(stage: Stage, orders: tuple[int, ...] = (), **who: object) -> None:
    """Shopify asks to forget somebody."""
    arrive(stage, "customers/redact", {"customer": who, "orders_to_redact": list(orders)})
    stage.settle()


def customer(number: int = ANA, email: str = "ana@example.com", **fields: object) -> Record:
    since = {"created_at": "2026-11-01T10:00:00Z"}
    return {"id": number, "email": email, "first_name": "Anastacia", "last_name": "Reyes-Cruz"} | since | fields
