"""However much there is to do, a worker has no more connections than the documentation says."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import Engine

from plugin import worker
from plugin.actions.work.work import Work
from plugin.jobs import KINDS, Kind
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.jobs import Job
from tests.conftest import TestDatabase

SECONDS = 60
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND NOT pid = ANY(%s)"


def test_the_documentation_says_how_many_there_are() -> None:
    text = " ".join((Path(__file__).parents[1] / "docs/operating/deploying.md").read_text().split())
    said = re.search(r"and (\d+) per worker", text)
    assert said is not None and int(said[1]) == worker.CONNECTIONS


def test_thirty_kinds_of_job_of_ten_shops_share_the_documented_connections(
    engine: Engine, database: TestDatabase, live_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding, leave, stopping = threading.Semaphore(0), threading.Event(), threading.Event()

    def hold(work: Work, shop: Shop, _job: Job) -> None:
        with shop_transaction(work.engine, shop.id) as conn:
            conn.exec_driver_sql("SELECT 1")
            holding.release()
            assert leave.wait(SECONDS)

    for number in range(3):
        monkeypatch.setitem(cast(dict[str, Kind], KINDS), f"test_{number}", Kind(hold, parallel=4))
    for number in range(10):
        with system_transaction(engine) as conn:
            shop_id = shops.add(conn, f"shop-{number}.myshopify.com", {}, worker.now())
            launches.launch(conn, shop_id, worker.now())
        with shop_transaction(engine, shop_id) as conn:
            for kind in range(3):
                jobs.queue(conn, shop_id, f"test_{kind}", range(4), worker.now())
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        before: list[Any] = [row[0] for row in keeper.execute("SELECT pid FROM pg_stat_activity")]
        running = threading.Thread(target=worker.run, args=(live_settings, stopping))
        running.start()
        try:
            for _ in range(worker.FOR_EFFECTS):
                assert holding.acquire(timeout=SECONDS)
            assert not holding.acquire(blocking=False)
            found = keeper.execute(COUNT, (before,)).fetchone()
        finally:
            leave.set()
            stopping.set()
            running.join(SECONDS)
    assert found is not None
    assert worker.FOR_EFFECTS < found[0] <= worker.CONNECTIONS
