"""kill -9 of the process that erases somebody: what it did stays, and the next one goes on."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from plugin import jobs
from plugin.actions.points.audit import audit
from tests.actions.members.test_privacy import request_result, traces
from tests.actions.privacy.people import ANA, arrive, customer, order
from tests.actions.stage import Stage
from tests.conftest import TestDatabase

SLOWLY = """
import sys
from datetime import UTC, datetime
from plugin import jobs
from plugin.actions.privacy import erasing, forget_stored
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.settings import Settings
from plugin.store.database.db import engine_at

url, keys, shop = sys.argv[1:]
settings = Settings(_env_file=None, app_url="https://x.example.com", shopify_api_key="k", shopify_api_secret="s",
                    encryption_keys=keys, smtp_host="127.0.0.1", mail_from="a@example.com")
forget_stored.BODIES = forget_stored.ORDERS = 1
erasing.one_transaction.__defaults__ = (0.0,)
jobs.run(Work(engine_at(url), AdminClients.of(settings), None, lambda: datetime.now(UTC)), int(shop), "erase_customer")
"""
FIRST_OF_THE_ORDERS = 8


def test_an_erasure_survives_the_end_of_its_process(
    stage: Stage, keeper: psycopg.Connection, database: TestDatabase
) -> None:
    for number in range(1, 41):
        arrive(stage, "orders/paid", order(number, customer=customer(), email="ana@example.com"))
    stage.settle()
    arrive(stage, "customers/redact", {"customer": {"id": ANA, "email": "ana@example.com"}})
    assert stage.work.forgetting_key
    keys = stage.work.clients.settings.encryption_keys.get_secret_value()
    child = subprocess.Popen([sys.executable, "-c", SLOWLY, database.url, keys, str(stage.shop_id)])
    while child.poll() is None:
        ((at,),) = stage.rows("SELECT coalesce((result->>'stage')::int, 0) FROM privacy_requests")
        if at >= FIRST_OF_THE_ORDERS and stage.rows("SELECT FROM deliveries WHERE body_state = 'empty'"):
            child.kill()
            child.wait()
    assert child.returncode == -9
    assert stage.rows("SELECT done_at FROM privacy_requests") == [(None,)]
    done, left = (
        stage.rows(f"SELECT count(*) FROM deliveries WHERE topic = 'orders/paid' AND body_state {state}")[0][0]
        for state in ("= 'empty'", "<> 'empty'")
    )
    assert 0 < done < 40
    assert done + left == 40
    while stage.rows("SELECT FROM privacy_requests WHERE done_at IS NULL"):  # its lock ends a moment after it
        jobs.run(stage.work, stage.shop_id, "erase_customer")
    found = request_result(stage, "customers/redact")
    assert (found["members"], found["orders"], found["deliveries"]) == (1, 40, 40)
    assert traces(keeper, "ana@example.com", "anastacia", ANA) == []
    assert audit(stage.engine) == []
