"""A running app for what others wrote: real HTTP, the real intake, a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from tests.conftest import ShopRow, TestDatabase
from webhooks.inbox import process_waiting
from webhooks.receive import Intake


@dataclass(frozen=True)
class RunningApp:
    """Where it answers, what its secret is, which shop is installed; `failures` processes what came."""

    url: str
    secret: str
    shop: str
    failures: Callable[[], list[tuple[str, str]]]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the answers are what is asserted."""


@pytest.fixture
def running_app(settings: Settings, engine: Engine, database: TestDatabase, shop: ShopRow) -> Iterator[RunningApp]:
    """The intake behind a socket, and the worker's inbox behind a call."""
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(), "test", "", datetime.now(UTC) - timedelta(days=1))

    def failures() -> list[tuple[str, str]]:
        while process_waiting(engine, lambda: datetime.now(UTC)):
            pass
        with shop_transaction(engine, shop.id) as conn:
            rows = conn.exec_driver_sql(
                "SELECT d.topic, i.last_error FROM inbox i JOIN deliveries d ON d.shop_id = i.shop_id"
                " AND d.id = i.delivery_id"
            )
            return [(row[0], row[1]) for row in rows]

    intake = Intake(settings, lambda: database.url)
    with make_server("127.0.0.1", 0, intake, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        secret = settings.shopify_api_secret.get_secret_value()
        yield RunningApp(f"http://127.0.0.1:{server.server_port}", secret, shop.domain, failures)
        server.shutdown()
        thread.join()
        intake.close()
