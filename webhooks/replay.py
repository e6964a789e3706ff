"""Rebuild the ledger from the stored deliveries in a scratch schema, and compare it with the real one.

The same code as the inbox runs, in a schema of its own; the effects it writes down there are never
carried out. Compared are the points of every order, welcome points, and each living customer's sum. What was
emptied is begun from checkpoints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from plugin.actions.orders import allowances
from plugin.actions.orders.order_news import JudgeAgain
from plugin.actions.orders.settle_orders import settle_orders
from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from plugin.rules.subjects import Order
from plugin.rules.types import Facts
from plugin.settings import Settings
from plugin.store.database.db import create_engine, owner_url, shop_transaction, system_transaction
from plugin.store.database.scratch import scratch_schema
from plugin.store.members import absences
from plugin.store.orders import orders, reading_differences
from plugin.store.privacy import erasure
from plugin.store.reports import audit
from plugin.store.rewards import allowances as limited
from plugin.store.shops import launches_given, shops
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers
from plugin.store.work import deliveries
from plugin.store.work.deliveries import Delivery
from webhooks import checkpoints
from webhooks.inbox import apply_apart
from webhooks.topics import CUSTOMERS, ORDERS, RECONCILED

BATCH = 500
ROUNDS = 3
"""An order that waits for something stays as it is, however often it is judged."""
REPLAYED = (*ORDERS, *CUSTOMERS, RECONCILED)


@dataclass(frozen=True, slots=True)
class Differences:
    """In words: `faults`, and `apart`, orders that stand as payloads were read before, for staff to decide about."""

    faults: list[str]
    apart: list[str]


def replay(settings: Settings) -> tuple[Differences, dict[str, datetime]]:
    """Every difference, none when the rebuilt ledger is the same; and where it begins. Changes nothing."""
    engine = create_engine(settings, "suki-replay", address=owner_url(settings))
    try:
        return compared(engine, owner_url(settings)), begins(engine)
    finally:
        engine.dispose()


def begins(engine: Engine) -> dict[str, datetime]:
    """From when on each shop's ledger is rebuilt from webhooks, where that is not from the beginning."""
    with system_transaction(engine) as conn:
        everyone = shops.everyone(conn)
    return {shop.domain: until for shop in everyone if (until := checkpoints.emptied_until(shop))}


def compare(engine: Engine, address: str) -> list[str]:
    """Replay every shop and compare; what is left to staff is no fault."""
    return compared(engine, address).faults


def compared(engine: Engine, address: str) -> Differences:
    """Replay every shop and compare."""
    with system_transaction(engine) as conn:
        everyone = shops.everyone(conn)
    found = Differences([], [])
    with scratch_schema(address, engine, [shop.id for shop in everyone]) as scratch:
        for shop in everyone:
            unread = _replay_shop(engine, scratch, shop)
            faults, apart = _differences(engine, scratch, shop.id)
            found.faults.extend(f"{shop.domain}: {words}" for words in (*unread, *faults))
            found.apart.extend(f"{shop.domain}: {words}" for words in apart)
    return found


def _replay_shop(engine: Engine, scratch: Engine, shop: Shop) -> list[str]:
    """Rebuild one shop; answers in words which deliveries could not be processed again. They stop no other."""
    only_stored = _take_over(engine, scratch, shop)
    checkpoints.begin(engine, scratch, shop)
    after = 0
    unread: list[str] = []
    with shop_transaction(engine, shop.id) as conn:
        unvouched = frozenset(orders.waiting(conn, shop.id, Facts.ORDER))
    while True:
        with shop_transaction(engine, shop.id) as conn:
            batch = deliveries.stored(conn, shop.id, after, BATCH)
        if not batch:
            _even_out(scratch, shop)
            return unread
        after = batch[-1].id
        kept = [each for each in batch if each.topic in REPLAYED and each.body != erasure.NOTHING]
        kept = [each for each in kept if not only_stored or _order_of(each) not in only_stored]
        with shop_transaction(scratch, shop.id) as conn:
            at = max(delivery.triggered_at for delivery in batch)
            failed = apply_apart(conn, shop, _as_heard(kept, unvouched), at, b"") if kept else {}
        unread += [f"delivery {key}: not processed again: {error}" for key, error in sorted(failed.items())]


def _as_heard(batch: Sequence[Delivery], unvouched: frozenset[int]) -> Sequence[Delivery]:
    """What nobody has vouched for yet waits in the rebuilt ledger, too: bodies may be stripped of whose they are."""
    if not unvouched:
        return batch
    return [replace(each, names_shop=_order_of(each) not in unvouched) for each in batch]


def _order_of(delivery: Delivery) -> object:
    try:
        return json_text.first_level(delivery.body).get("id")
    except BadPayload:
        return None


def _even_out(scratch: Engine, shop: Shop) -> None:
    """What the job for limits does: orders that came late change what later ones may keep."""
    for _ in range(ROUNDS):
        with shop_transaction(scratch, shop.id) as conn:
            found = allowances.uneven(conn, shop, limited.members(conn, shop.id))
            if not found:
                return
            settle_orders(conn, shop, [JudgeAgain(order_id) for order_id in found], datetime.now(UTC))


def _take_over(engine: Engine, scratch: Engine, shop: Shop) -> frozenset[int]:
    """In which tier each order was judged is taken as given: staff and the calendar had a hand in it. So is who had
    left, which customers said themselves, and how orders of test members were judged; answers to
    those that were stored only, which are left aside."""
    with shop_transaction(engine, shop.id) as conn:
        launch = launches_given.of(conn, shop.id)
        given = tiers.verdicts(conn, shop.id, [one.id for one in launch.tried])
        left = absences.everyones(conn, shop.id)
    with shop_transaction(scratch, shop.id) as conn:
        tiers.take_over(conn, given)
        absences.take_over(conn, shop.id, left)
        launches_given.take_over(conn, shop.id, launch)
    return launch.only_stored


def _differences(engine: Engine, scratch: Engine, shop_id: int) -> tuple[list[str], list[str]]:
    """What differs, and what of it does because orders stand as they were read before."""
    with shop_transaction(engine, shop_id) as conn:
        old = reading_differences.apart(conn, shop_id)
    found = _by_measure(engine, scratch, shop_id, audit.totals)
    apart = {subject: customer for key, customer in old.items() if (subject := str(Order(key))) in found}
    faults = [_words(key, *found[key]) for key in found if key not in apart]
    explained: Counter[str] = Counter()
    for key, customer in apart.items():
        explained[f"customer {customer}"] += found[key][1] - found[key][0]
    sums = _by_measure(engine, scratch, shop_id, audit.holdings)
    faults += [_words(key, real, rebuilt) for key, (real, rebuilt) in sums.items() if rebuilt - real != explained[key]]
    return faults, [_words(key, *found[key]) for key in apart]


def _words(key: str, real: int, rebuilt: int) -> str:
    return f"{key}: {real} points, rebuilt {rebuilt}"


def _by_measure(
    engine: Engine, scratch: Engine, shop_id: int, measure: Callable[[Connection, int], dict[str, int]]
) -> dict[str, tuple[int, int]]:
    with shop_transaction(engine, shop_id) as conn:
        real = measure(conn, shop_id)
    with shop_transaction(scratch, shop_id) as conn:
        rebuilt = measure(conn, shop_id)
    keys = sorted(real.keys() | rebuilt.keys())
    return {key: both for key in keys if (both := (real.get(key, 0), rebuilt.get(key, 0)))[0] != both[1]}
