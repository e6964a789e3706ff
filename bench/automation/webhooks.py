"""Outgoing webhooks: how many events a second reach one endpoint that takes 100 ms to answer."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

from bench.place import Place
from bench.table import Line
from plugin.actions.automation import endpoints, send_webhooks
from plugin.actions.automation.endpoints import Wish
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.events import Event, EventKind, PointsEarned
from plugin.settings import Settings
from plugin.store.automation import outgoing
from plugin.store.database.db import create_engine, shop_transaction
from plugin.store.shops import shops
from plugin.store.work import events

EVENTS, MEMBERS, AT_ONCE = 10_000, 2_000, 128
ANSWERS_AFTER = 0.1
LEAST_A_SECOND = 1_000


def measure(place: Place) -> list[Line]:
    """The line."""
    command = [sys.executable, "-m", "bench.automation.slow_receiver", str(ANSWERS_AFTER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as receiver:
        assert receiver.stdout is not None
        port = int(receiver.stdout.readline())
        try:
            return [_line(place, port)]
        finally:
            receiver.terminate()


def _line(place: Place, port: int) -> Line:
    shop_id, now = place.shop("telling.myshopify.com"), datetime.now(UTC)
    trusted = {"outgoing_trusted_hosts": f"127.0.0.1:{port}"}
    settings = Settings(**place.for_settings(place.database) | trusted)
    engine = create_engine(settings, "suki-bench-telling", pool_size=8)
    with shop_transaction(engine, shop_id) as conn:
        wish = Wish("Bench", f"http://127.0.0.1:{port}/", at_once=AT_ONCE, allowed=settings.outgoing_places)
        number, _ = endpoints.make(conn, shop_id, wish, "bench", now)
        happened = [
            Event(PointsEarned(at, 10, 10, "earned", now), f"order:{at}", at % MEMBERS + 1) for at in range(EVENTS)
        ]
        events.add(conn, shop_id, happened, now)
        found = outgoing.happened_from(conn, shop_id, list(EventKind), now, datetime.max.replace(tzinfo=UTC), 0, EVENTS)
        outgoing.queue(conn, shop_id, {number: found}, now)
        shop = shops.get(conn, shop_id)
    with Mailer.from_settings(settings) as mailer:
        work = Work(engine, AdminClients.of(settings), mailer, lambda: datetime.now(UTC))
        started = time.perf_counter()
        send_webhooks.send_due(work, shop, number, lambda: False)
        seconds = time.perf_counter() - started
    with shop_transaction(engine, shop_id) as conn:
        counts = outgoing.counts(conn, shop_id, number)
    engine.dispose()
    assert counts == {"sent": EVENTS}, counts
    rate = EVENTS / seconds
    how = f"{EVENTS:,} events of {MEMBERS:,} members, {AT_ONCE} on their way at a time, signed and written down"
    name = f"events to one endpoint that answers after {ANSWERS_AFTER * 1000:.0f} ms"
    enough = rate >= LEAST_A_SECOND
    return Line(name, f"{rate:,.0f} a second", f"≥ {LEAST_A_SECOND:,} a second", enough, how, {"a_second": rate})
