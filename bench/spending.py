"""Spending: redemptions a second, and ten thousand codes against what Shopify's budget allows at best."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bench.place import Place
from bench.table import Line
from bench.waiting import wait_until
from plugin.actions.codes import code_batches
from plugin.actions.rewards import redeem_points
from plugin.actions.shops import install_shop
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.codes.code_sets import CODES_PER_CALL
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store.codes import code_sets
from plugin.store.database.db import create_engine, shop_transaction, system_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops import launches, shops
from plugin.store.versions import programmes
from plugin.web.forms import code_batch
from plugin.worker import Dispatcher
from sandbox import run
from sandbox.signing import id_token

MEMBERS, TIMES_EACH, THREADS = 1000, 3, 8
PRICE = 100
CODES = 10_000
BUCKET, RESTORED_A_SECOND = 40, 40
POINTS_A_CALL = 10
OF_THE_BUDGET = 0.9
PATIENCE_SECONDS = 120.0


def measure(place: Place) -> list[Line]:
    """Both lines."""
    return [redemptions(place), campaign(place)]


def redemptions(place: Place) -> Line:
    """Reserve: lock the member, check, set the points aside in their lots, write the code down; one commit each."""
    shop_id = place.shop("spending.myshopify.com")
    now = datetime.now(UTC)
    reward = AmountOff(id="r1", name="5 off", points=PRICE, value=Decimal(5))
    engine = create_engine(Settings(**place.for_settings(place.database)), "suki-bench-spending", pool_size=THREADS)
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, Programme(rewards=(reward,)), "bench", "", now)
        shop = shops.get(conn, shop_id)
        buyers = [Buyer(customer_id=number, email=f"m{number}@example.com") for number in range(1, MEMBERS + 1)]
        members.add(conn, shop_id, buyers, dict.fromkeys(buyers, now))
        ids = [one.id for one in members.by_customers(conn, shop_id, range(1, MEMBERS + 1)).values()]
        accounts = Ledger(conn, shop_id, ids)
        points = PRICE * TIMES_EACH
        accounts.post([Entry(one, "gift", points, "gift:1", 1, now, "bench") for one in ids], now)
        accounts.write()

    def redeem(turn: tuple[int, int]) -> None:
        key, member = turn
        with shop_transaction(engine, shop_id) as conn:
            redeem_points.redeem(conn, shop, member, reward.id, None, f"k{key}", "shopper", now)

    turns = [(key, member) for key in range(TIMES_EACH) for member in ids]
    started = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(redeem, turns))
    took = time.monotonic() - started
    engine.dispose()
    place.database.run("DELETE FROM jobs")  # there is no Shopify to carry them out
    rate = len(turns) / took
    how = f"{len(turns):,} by {MEMBERS:,} members in {took:.1f} s, {THREADS} at once, each its own durable commit"
    return Line("redemptions reserved a second", f"{rate:,.0f}/s", "", None, how, {"rate": rate, "seconds": took})


def campaign(place: Place) -> Line:
    """A batch of codes in a shop whose budget is the bottleneck; the least possible is the points of its mutations."""
    domain = "campaign.myshopify.com"
    box = run.start(
        data_dir=Path(place.directory) / "sandbox",
        api_key="bench",
        api_secret=place.secret,
        app_url="http://127.0.0.1:9",
        bucket=(BUCKET, RESTORED_A_SECOND),
    )
    box.trouble.set(webhook_loss=1)
    try:
        box.shop(domain, currency="USD")
        took = _made_in_seconds(place, box, domain)
    finally:
        box.stop()
    calls = 1 + -(-(CODES - 1) // CODES_PER_CALL)
    least = (calls * POINTS_A_CALL - BUCKET) / RESTORED_A_SECOND
    ratio = least / took
    how = (
        f"{calls} calls of {POINTS_A_CALL} points; {BUCKET} are there, {RESTORED_A_SECOND} come a second: {least:.1f}s"
    )
    return Line(
        f"{CODES:,} codes against the budget's least possible time",
        f"{ratio:.2f} ({took:.1f} s)",
        f"≥ {OF_THE_BUDGET}",
        ratio >= OF_THE_BUDGET,
        how,
        {"ratio": ratio, "seconds": took, "least_seconds": least},
    )


def _made_in_seconds(place: Place, box: run.Running, domain: str) -> float:
    """From asking for the codes until the last is there, with a worker's dispatcher at work."""
    settings = Settings(**place.for_settings(place.database) | {"shopify_shop_url": box.shop_url})
    engine = create_engine(settings, "suki-bench-codes", pool_size=8)
    with Mailer.from_settings(settings) as mailer:
        work = Work(engine, AdminClients.of(settings), mailer, lambda: datetime.now(UTC))
        opening = install_shop.ask_shopify(work.clients, domain, id_token("bench", place.secret, domain))
        with system_transaction(engine) as conn:
            shop_id = install_shop.install(conn, work.clients, opening, "en", work.clock())
            launches.launch(conn, shop_id, work.clock())
        _wait_for_the_budget(box, domain)
        form = {"name": "Flyer", "count": str(CODES), "kind": "percent", "value": "10", "valid_days": "30"}
        with shop_transaction(engine, shop_id) as conn:
            wanted = code_batch.read(form, shops.get(conn, shop_id).currency)
            made = code_batches.make(conn, shop_id, wanted, "", "bench", work.clock())
        took = _dispatched(work, shop_id, made)
    engine.dispose()
    return took


def _wait_for_the_budget(box: run.Running, domain: str) -> None:
    """Until what the installation cost has come back."""
    bucket = box.box.calls.buckets[domain]
    wait_until(lambda: bucket.status()["currentlyAvailable"] == BUCKET, "the budget is whole", PATIENCE_SECONDS)


def _dispatched(work: Work, shop_id: int, set_id: int) -> float:
    dispatcher, more = Dispatcher(work), threading.Event()
    dispatcher.finished = more.set
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE_SECONDS:
        more.clear()
        dispatcher.step()
        more.wait(0.05)
        with shop_transaction(work.engine, shop_id) as conn:
            found = code_sets.get(conn, shop_id, set_id)
        if found is not None and found.state == "ready":
            return time.monotonic() - started
    raise TimeoutError(f"the codes are not there after {PATIENCE_SECONDS:.0f} s")
