"""Emails: sent by one worker over real SMTP; `rendering.py` measures how fast one core renders them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.emails import rendering
from bench.orders import Example
from bench.place import Place, free_port, processor_seconds
from bench.processing import fill_inbox
from bench.table import Line
from bench.waiting import wait_until
from plugin.rules.programme import NextOrderCode, Programme
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from webhooks.inbox import process_waiting

EMAILS, CUSTOMERS = 3000, 1500
SENT_A_SECOND, EACH_MS = 250, 4.0
WARM = 200
"""Emails before the clock runs: templates are compiled, connections opened."""
PATIENCE_SECONDS = 240


def measure(place: Place, example: Example) -> list[Line]:
    """Confirmations of orders, each with points, balance and the next reward."""
    return [_sent(place, example), *rendering.measure()]


def _sent(place: Place, example: Example) -> Line:
    shop_id = _written_down(place, example)
    left = "SELECT count(*) FROM messages WHERE state <> 'sent'"
    with _mail_server(place.directory) as (port, server_pid):
        environment = {"SMTP_PORT": str(port)}
        with place.running("worker", "plugin.cli", "worker", changed=environment) as worker:
            pids = worker.process.pid, place.postgres(), server_pid
            with place.database.asking() as ask:
                begun = wait_until(
                    lambda: ask(left) <= EMAILS - WARM, "the first emails are sent", PATIENCE_SECONDS, 0.01
                )
                first, before = ask(left), [processor_seconds(pid) for pid in pids]
                took = wait_until(lambda: not ask(left), "every email is sent", PATIENCE_SECONDS) - begun
            used = [(processor_seconds(pid) - was) / first * 1000 for pid, was in zip(pids, before, strict=True)]
    rate = first / took
    assert place.database.ask("SELECT count(*) FROM messages WHERE shop_id = %s AND state = 'sent'", shop_id) == EMAILS
    return Line(
        "emails sent a second by one worker, over real SMTP",
        f"{rate:,.0f}/s, {used[0]:.1f} ms each",
        f"≥ {SENT_A_SECOND}/s, ≤ {EACH_MS:.0f} ms each",
        rate >= SENT_A_SECOND and used[0] <= EACH_MS,
        f"{first:,} confirmations in {took:.1f} s; processor time for one: worker {used[0]:.2f} ms, PostgreSQL"
        f" {used[1]:.2f} ms, the mail server that takes them {used[2]:.2f} ms",
        {"rate": rate, "worker_ms": used[0], "postgres_ms": used[1], "server_ms": used[2]},
    )


def _written_down(place: Place, example: Example) -> int:
    """A shop whose orders have brought points, and an email each that only waits to be sent."""
    domain = "emails.myshopify.com"
    shop_id = place.shop(domain)
    with shop_transaction(place.database.engine, shop_id) as conn:
        programme = Programme(next_order_code=NextOrderCode(enabled=False))
        programmes.add(conn, shop_id, programme, "bench", "", datetime.now(UTC) - timedelta(days=30))
    fill_inbox(place.database.url, domain, example, EMAILS, CUSTOMERS)
    while process_waiting(place.database.engine, lambda: datetime.now(UTC)):
        pass
    place.database.run("DELETE FROM jobs WHERE kind <> 'send_message'", "VACUUM ANALYZE")
    return shop_id


@contextmanager
def _mail_server(directory: Path) -> Iterator[tuple[int, int]]:
    """A mail server's port, and its process."""
    port = free_port()
    command = [sys.executable, "-m", "bench.emails.mail_sink", str(port), str(directory / "mails")]
    process = subprocess.Popen(command)
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)
