"""`kill -9` of web, worker and database at any moment, while a shuffled, repeated history of three shops
comes in and Shopify and the mail server misbehave. Afterwards everything is as if nothing had happened.

`CHAOS_SEED=7 pytest -s tests/chaos` for other dice. `CHAOS_ORDERS` for another length.
"""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from socket import socket

import pytest

from plugin.actions.automation import endpoints
from plugin.actions.automation.endpoints import Wish
from plugin.actions.points.audit import audit
from plugin.actions.shops.save_counts_from import save_counts_from
from plugin.rules.programme import Basis, Earning, Programme
from plugin.settings import Settings
from plugin.store.database.cluster import cluster
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes
from tests.actions.automation.receiver import OK, Came, Receiver, answer, receiver
from tests.chaos import checks
from tests.chaos.history import Story, shuffled
from tests.chaos.killer import Killer
from tests.chaos.oracle import Terms
from tests.chaos.sender import Sender
from tests.chaos.stage import AHEAD, LEFT, Stage, a_stage, drained, wait_for
from webhooks.replay import compare

SEED = int(os.environ.get("CHAOS_SEED", "1"))
ORDERS = int(os.environ.get("CHAOS_ORDERS", "240"))
A_SECOND = 120
CONNECTIONS = int(Settings.model_fields["smtp_connections"].default)
"""To the mail server, of one worker: so many emails are being handed over at any moment at most."""
DRAIN_SECONDS = 120
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TROUBLE = {
    "graphql_throttle": 0.08,
    "graphql_5xx": 0.06,
    "graphql_401": 0.02,
    "graphql_lost_answer": 0.08,
    "graphql_hang": 0.02,
    "graphql_hang_seconds": 3.0,
    "token_5xx": 0.2,
    "smtp_temporary": 0.08,
    "smtp_hang": 0.02,
    "smtp_hang_seconds": 3.0,
    "smtp_drop": 0.03,
}
BUYERS = {"USD": ("KWD", "1"), "JPY": ("USD", "0.01")}
"""Of another currency, at rates by which every amount is a whole number of coins."""
SHOPS: dict[str, tuple[str, Programme, Terms]] = {
    "dollar.myshopify.com": ("USD", Programme(welcome_points=25), Terms(1, 100, welcome=25)),
    "yen.myshopify.com": (
        "JPY",
        Programme(earning=Earning(points=3, per_amount=Decimal(100), rounding="half_up")),
        Terms(3, 100, "half_up"),
    ),
    "dinar.myshopify.com": (
        "KWD",
        Programme(earning=Earning(points=10, rounding="ceil"), basis=Basis(shipping=True), welcome_points=5),
        Terms(10, 1000, "ceil", shipping=True, welcome=5),
    ),
}


@dataclass
class Far(Receiver):
    """Somebody's server that every event goes to; it fails now and then. `taken`: (event, member) by shop."""

    dice: Random = field(default_factory=lambda: Random(SEED))
    taken: dict[str, list[tuple[int, int | None]]] = field(default_factory=lambda: defaultdict(list))
    calm: bool = False

    def moody(self, came: Came, _line: socket) -> bytes:
        """Take it, or fail; what was taken may be answered too late for somebody who was killed."""
        if not self.calm and self.dice.random() < 0.05:
            return answer(500)
        said = came.json
        member = said["member"] and said["member"]["id"]
        self.taken[said["shop"]].append((int(said["id"].rpartition("_")[2]), member))
        return OK


@pytest.fixture
def far() -> Iterator[Far]:
    with receiver(Far()) as made:
        assert isinstance(made, Far)
        made.respond = made.moody
        yield made


@pytest.fixture
def stage(server_dir: Path, far: Far) -> Iterator[Stage]:
    """Everything that runs, with this run's dice."""
    trusted = {"OUTGOING_TRUSTED_HOSTS": f"127.0.0.1:{far.port}"}
    with a_stage(server_dir, SEED, trusted) as made:
        yield made


def _open_shops(stage: Stage, far: Far, dice: Random) -> list[Story]:
    """Install the app in each shop, give it its programme and an endpoint, and let its history happen."""
    stories = []
    for domain, (currency, programme, _) in SHOPS.items():
        shop = stage.sandbox.shop(domain, currency=currency, plan="plus")
        assert stage.sandbox.box.install(shop) == 200
        with system_transaction(stage.engine) as conn:
            found = shops.by_domain(conn, domain)
        assert found is not None
        now = datetime.now(UTC)
        with shop_transaction(stage.engine, found.id) as conn:
            programmes.add(conn, found.id, programme, "chaos", "", now)
            save_counts_from(conn, found.id, LONG_AGO, "chaos", now)
            launches.launch(conn, found.id, now)
            wish = Wish("Far", far.url, allowed=frozenset({f"127.0.0.1:{far.port}"}))
            conn.exec_driver_sql("DELETE FROM events")  # what happened before is told to nobody
            endpoints.make(conn, found.id, wish, "chaos", now)
        secret = stage.plan.environment["SHOPIFY_API_SECRET"]
        stories.append(Story(shop, secret, dice, now, buyers=BUYERS.get(currency)))
        stories[-1].live(ORDERS)
    return stories


def _rampage(stage: Stage, sender: Sender, dice: Random) -> Killer:
    """Kill until everything has been accepted, and each target at least twice."""
    killer = Killer(stage.cast, dice)
    deadline = time.monotonic() + 240
    while sender.left or min(killer.total(target) for target in ("web", "worker", "postgres")) < 2:
        assert time.monotonic() < deadline, f"{sender.left} webhooks are still not accepted"
        killer.strike()
    return killer


def test_kill_nine_at_any_moment_changes_nothing_in_the_end(
    stage: Stage, far: Far, record_property: Callable[[str, object], None]
) -> None:
    dice, box = Random(SEED), stage.sandbox.box
    stories = _open_shops(stage, far, dice)
    webhooks = shuffled(stories, dice)
    box.trouble.set(**TROUBLE)
    started = time.monotonic()
    sender = Sender(f"{stage.plan.app_url}/webhooks", webhooks, A_SECOND, Random(SEED))
    killer = _rampage(stage, sender, dice)
    sender.join(time.monotonic() + 60)
    assert sender.left == 0
    struck = dict(box.trouble.counts)
    rampage_seconds = time.monotonic() - started
    box.trouble.calm()
    far.calm = True
    stage.cast.wait_until_back()
    try:
        for _ in range(2):
            wait_for(lambda: drained(stage), "inbox and jobs are empty", DRAIN_SECONDS)
            stage.ledger.run(f"UPDATE jobs SET not_before = now() WHERE {AHEAD} AND kind = 'pending_refund'")
        wait_for(lambda: drained(stage), "inbox and jobs are empty", DRAIN_SECONDS)
    except AssertionError as error:
        raise AssertionError(f"{error}; left: {stage.ledger.rows(LEFT)}") from error
    stage.cast.stop()

    ledger = stage.ledger
    checks.nothing_acknowledged_is_lost(ledger, webhooks, sender.accepted)
    failed = checks.only_malformed_ones_failed(ledger, webhooks)
    points = told = 0
    codes: Counter[str] = Counter()
    mails: Counter[str] = Counter()
    for story in stories:
        shop_id = int(str(ledger.rows("SELECT id FROM shops WHERE domain = %s", story.shop.domain)[0]["id"]))
        points += checks.ledger_equals_oracle(ledger, shop_id, story, SHOPS[story.shop.domain][2])
        told += checks.events_arrived_in_order(ledger, shop_id, far.taken[story.shop.domain])
        codes += checks.codes_exist_once(ledger, shop_id, story)
        mails += checks.mails_arrived_once(ledger, shop_id, story, SHOPS[story.shop.domain][2], box)
    assert audit(stage.engine) == []
    assert compare(stage.engine, cluster(stage.plan.data_dir).url()) == []
    assert mails["sent"] > 0 and codes["created"] > 0
    kills = killer.total("worker") + killer.total("postgres")
    assert mails["unknown: killed"] <= kills * CONNECTIONS
    assert mails["unknown"] - mails["unknown: killed"] <= struck.get("smtp_hang", 0) + struck.get("smtp_drop", 0)

    record_property("counts", "\n".join([
        f"chaos, seed {SEED}: {rampage_seconds:.0f} s of kills, {time.monotonic() - started:.0f} s in all",
        f"  {len(webhooks)} deliveries of {len({w.id for w in webhooks})} webhooks, {failed} of them malformed",
        f"  {sum(sender.answers.values())} requests: {dict(sorted(sender.answers.items()))} (0: no answer)",
        f"  kills: {dict(sorted(killer.kills.items()))}",
        f"  trouble: {struck}",
        f"  {points} points, codes {dict(codes)}, mails {dict(mails)}, {told} events told",
    ]))  # fmt: skip
