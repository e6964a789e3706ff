"""What became of deliveries is counted by topic, and how long a batch took is measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prometheus_client import REGISTRY
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow
from webhooks.inbox import ATTEMPTS, process_shop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOPIC = "orders/updated"


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("suki_deliveries_total", {"topic": TOPIC, "outcome": outcome}) or 0


def test_each_delivery_is_counted_by_what_became_of_it(engine: Engine, shop: ShopRow) -> None:
    start_programme(engine, shop.id, Programme())
    with shop_transaction(engine, shop.id) as conn:
        for number, body in enumerate((payloads.dumps(payloads.order(1)), payloads.dumps(payloads.order(2)), b"{")):
            deliveries.add(conn, shop.id, f"w{number}", TOPIC, NOW, body)
    before = {name: counted(name) for name in ("processed", "put back", "failed")}
    batches = REGISTRY.get_sample_value("suki_settle_seconds_count") or 0
    tries = 0
    while process_shop(engine, shop.id, datetime.now(UTC) + tries * timedelta(hours=1)):
        tries += 1
    assert tries == ATTEMPTS
    assert {name: counted(name) - before[name] for name in before} == {
        "processed": 2, "put back": ATTEMPTS - 1, "failed": 1,
    }  # fmt: skip
    assert (REGISTRY.get_sample_value("suki_settle_seconds_count") or 0) - batches == ATTEMPTS
