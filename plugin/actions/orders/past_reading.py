"""Read the orders of a run from Shopify: by a bulk query, and those with refunds one by one.

A refund's lines are a connection within a list, which no bulk query may ask for. Where bulk queries are not to be had,
all orders are listed in pages and read one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

import orjson

from plugin.actions.orders import past_orders
from plugin.actions.orders.fetch_missing import ORDER_TOPIC, delivery_id, put_in_inbox
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.clients.shopify import bulk
from plugin.clients.shopify import orders as order_client
from plugin.errors import NotYet, Refused
from plugin.rules.payloads.order_payload import as_webhook_payload
from plugin.store.database.db import shop_transaction
from plugin.store.orders import orders, past_runs
from plugin.store.orders.past_runs import PastRun
from plugin.store.shops.shops import Shop
from plugin.store.work import deliveries
from plugin.store.work.jobs import Job

A_STEP: Final = 250
AT_ONCE: Final = 50
"""So many orders that are read one by one, before it is written down how far it is."""
PAGES: Final = "-"
WAIT_SECONDS: Final = 5.0
LONGEST_WAIT_SECONDS: Final = 60.0
"""Shopify tells when it has collected the orders; who was not told asks, less often the longer it takes."""


def go_on(work: Work, shop: Shop, job: Job) -> None:
    """Do what is to be done next for a run; one that stops goes on where it was."""
    run = _run(work, shop, job.number)
    if run.state == "reading":
        _read(work, shop, run)
    for step in (past_orders.foresee_step, past_orders.count_step):
        in_steps(
            work.engine,
            shop.id,
            lambda conn, most, step=step: step(conn, shop, job.number, work.clock(), most),  # type: ignore[misc]
            past_orders.ORDERS,
        )


def _run(work: Work, shop: Shop, run_id: int) -> PastRun:
    with shop_transaction(work.engine, shop.id) as conn:
        return past_orders.locked(conn, shop.id, run_id)


def _read(work: Work, shop: Shop, run: PastRun) -> None:
    def execute(document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        return work.execute(shop, document, variables, leave=0.3)

    if not run.bulk_id:
        try:
            started = bulk.start_orders(execute, run.since, run.until)
        except Refused:
            started = PAGES
        _keep(work, shop, run.id, bulk_id=started)
        run = _run(work, shop, run.id)
    if run.bulk_id != PAGES:
        _from_bulk(work, shop, run, bulk.state(execute, run.bulk_id))
        run = _run(work, shop, run.id)
    if run.bulk_id == PAGES and not run.place.get("listed"):
        found = order_client.placed_between(execute, run.since, run.until)
        for some in _chunks(((int(one["legacyResourceId"]), _at(one["processedAt"]), True) for one in found), A_STEP):
            with shop_transaction(work.engine, shop.id) as conn:
                past_runs.add_orders(conn, shop.id, run.id, some)
        _keep(work, shop, run.id, place={**run.place, "listed": True})
    _one_by_one(work, shop, run)
    with shop_transaction(work.engine, shop.id) as conn:
        if past_runs.inbox_is_busy(conn, shop.id):
            raise NotYet("The orders are being read", WAIT_SECONDS)
        if past_orders.locked(conn, shop.id, run.id).state == "reading":
            past_runs.change(conn, shop.id, run.id, state="foreseeing", place={})


def _from_bulk(work: Work, shop: Shop, run: PastRun, found: bulk.State) -> None:
    """Take what Shopify found; where it failed, what it had by then, and list the rest in pages."""
    if run.place.get("taken_all"):
        return
    if found.running:
        waited = (work.clock() - run.created_at).total_seconds() / 10
        raise NotYet("Shopify is collecting the orders", min(max(waited, WAIT_SECONDS), LONGEST_WAIT_SECONDS))
    taken = int(run.place.get("taken", 0))
    rows = bulk.orders(found.url, whole=found.whole) if found.url else iter(())
    for some in _chunks(islice(rows, taken, None), A_STEP):
        taken += len(some)
        _take(work, shop, run, some, taken)
    kept = {**run.place, "taken": taken, "taken_all": True}
    _keep(work, shop, run.id, place=kept, **({} if found.whole else {"bulk_id": PAGES}))


def _take(work: Work, shop: Shop, run: PastRun, rows: Sequence[dict[str, Any]], taken: int) -> None:
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        if past_orders.locked(conn, shop.id, run.id).state != "reading":
            return
        seen = {int(row["legacyResourceId"]): _at(row["updatedAt"]) for row in rows}
        ours = orders.updated_at(conn, shop.id, seen)
        newer = {key for key, at in seen.items() if (have := ours.get(key)) is None or have < at}
        listed = [
            (
                int(row["legacyResourceId"]),
                _at(row["processedAt"]),
                bool(row["refunds"]) and int(row["legacyResourceId"]) in newer,
            )
            for row in rows
        ]
        past_runs.add_orders(conn, shop.id, run.id, listed)
        for row in rows:
            if int(row["legacyResourceId"]) in newer and not row["refunds"]:
                payload = as_webhook_payload(row)
                deliveries.add(conn, shop.id, delivery_id(payload, now), ORDER_TOPIC, now, orjson.dumps(payload))
        past_runs.change(conn, shop.id, run.id, place={**run.place, "taken": taken})


def _one_by_one(work: Work, shop: Shop, run: PastRun) -> None:
    while True:
        with shop_transaction(work.engine, shop.id) as conn:
            these = past_runs.to_fetch(conn, shop.id, run.id, AT_ONCE)
            if not these or past_orders.locked(conn, shop.id, run.id).state != "reading":
                return
        for order_id in these:
            put_in_inbox(work, shop, order_id)
        with shop_transaction(work.engine, shop.id) as conn:
            past_runs.fetched(conn, shop.id, run.id, these)


def _keep(work: Work, shop: Shop, run_id: int, **values: object) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        past_runs.change(conn, shop.id, run_id, **values)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def _chunks(found: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(found)
    while some := list(islice(rows, size)):
        yield some
