"""Web, worker and database of one app that may be killed, beside a Shopify that survives."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from demo.plan import Plan
from plugin.actions.work.retry_failed import retry_jobs
from plugin.store.database import embedded, migrate
from plugin.store.database.cluster import cluster
from plugin.store.database.db import engine_at, shop_transaction
from plugin.store.shops.seal import Seal, option
from sandbox import run
from sandbox.run import Running
from tests.chaos.checks import Ledger
from tests.chaos.killer import Cast

PATIENCE = {"HTTP_TIMEOUT_SECONDS": "2", "SMTP_TIMEOUT_SECONDS": "2", "LOG_LEVEL": "info"}
AHEAD = "state = 'queued' AND not_before > now()"
WAITS_FOR_OTHERS = "state = 'queued' AND created_at > now() - interval '6 minutes'"
"""Emails that wait five minutes for what else an order brings about: the time is over."""
LEFT = "SELECT kind, state, attempts, last_error, count(*) FROM jobs GROUP BY 1, 2, 3, 4"


@dataclass
class Stage:
    """Everything that runs, and how to look at it."""

    plan: Plan
    sandbox: Running
    cast: Cast
    engine: Engine
    ledger: Ledger


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@contextmanager
def a_stage(
    server_dir: Path, seed: int, environment: Mapping[str, str] = MappingProxyType({}), **options: Any
) -> Iterator[Stage]:
    """The private PostgreSQL, durable; the sandbox, with these options; web and worker, with this environment."""
    port, sandbox_port, smtp_port = _free_ports(3)
    plan = Plan(server_dir, port, sandbox_port, smtp_port)
    place = cluster(server_dir)
    keys = option(Seal([plan.environment["ENCRYPTION_KEYS"]]))
    engine = engine_at(embedded.join(server_dir), "chaos", execution_options=keys)
    migrate.upgrade(engine)
    options |= {"api_key": plan.environment["SHOPIFY_API_KEY"], "api_secret": plan.environment["SHOPIFY_API_SECRET"]}
    sandbox = run.start(sandbox_port, smtp_port, server_dir / "sandbox", app_url=plan.app_url, seed=seed, **options)
    cast = Cast(plan, {**PATIENCE, **environment})
    try:
        cast.wait_until_back()
        yield Stage(plan, sandbox, cast, engine, Ledger(place.url("postgres", "suki")))
    finally:
        cast.stop()
        sandbox.stop()
        engine.dispose()
        embedded.leave(server_dir)


def wait_for(condition: Callable[[], bool], what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        threading.Event().wait(0.3)


def drained(stage: Stage) -> bool:
    """Whether nothing waits any more. What was put off is due now, what failed is tried again by staff.

    Only that money is still on its way is looked at again in days, for as long as it is."""
    try:
        stage.ledger.run("UPDATE inbox SET not_before = now() WHERE state = 'new' AND not_before > now()")
        stage.ledger.run(f"UPDATE jobs SET not_before = now() WHERE {AHEAD} AND kind <> 'pending_refund'")
        stage.ledger.run(f"UPDATE messages SET created_at = created_at - interval '6 minutes' WHERE {WAITS_FOR_OTHERS}")
        stage.ledger.run("UPDATE outgoing_webhooks SET next_at = now() WHERE state = 'waiting' AND next_at > now()")
        stage.ledger.run("UPDATE endpoints SET not_before = NULL WHERE not_before > now()")
        stage.ledger.run("SELECT pg_notify('suki_inbox', ''), pg_notify('suki_jobs', '')")
        failed = stage.ledger.rows("SELECT DISTINCT shop_id FROM jobs WHERE state = 'failed'")
        for row in failed:
            with shop_transaction(stage.engine, row["shop_id"]) as conn:
                retry_jobs(conn, int(str(row["shop_id"])), None, "chaos", datetime.now(UTC))
        counted = "(SELECT count(*) FROM jobs WHERE kind <> 'pending_refund' OR not_before <= now())"
        left = f"SELECT {counted} + (SELECT count(*) FROM inbox WHERE state = 'new') AS waiting"
        return stage.ledger.rows(left)[0]["waiting"] == 0
    except (psycopg.OperationalError, OperationalError):
        return False
