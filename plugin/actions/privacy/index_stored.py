"""Read once, in steps, whom the deliveries are about that were stored before this was written down.

An erasure goes on only when that is through: what is not in the index it would not find.
"""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.actions.privacy import remembered
from plugin.actions.work.work import Work
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import deliveries, delivery_subjects, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

BATCH = 500
INDEXED = "deliveries_indexed"


def step(conn: Connection, shop_id: int, key: bytes) -> bool:
    """Read the next deliveries; says whether there are none left."""
    shop = shops.get(conn, shop_id)
    at, end = shop.settings.get(INDEXED) or (0, delivery_subjects.newest(conn, shop_id))
    if at >= end:
        if INDEXED not in shop.settings:
            shops.merge_settings(conn, shop_id, {INDEXED: [end, end]})
        return True
    batch = deliveries.stored(conn, shop_id, at, BATCH)
    remembered.note(conn, shop_id, remembered.listen(batch, key, anybody=False))
    shops.merge_settings(conn, shop_id, {INDEXED: [batch[-1].id if batch else end, end]})
    return False


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Read all of the shop's deliveries, each step in a transaction of its own."""
    while True:
        with shop_transaction(work.engine, shop.id) as conn:
            if step(conn, shop.id, work.forgetting_key):
                return


def queue(work: Work, shop: Shop) -> None:
    """Queue the reading where it is not through."""
    if _unread(shop):
        with shop_transaction(work.engine, shop.id) as conn:
            jobs.queue(conn, shop.id, JobKind.INDEX_DELIVERIES, ["stored"], work.clock())


def shops_to_read(work: Work) -> list[int]:
    """The shops whose deliveries were not read yet."""
    with system_transaction(work.engine) as conn:
        everyone = shops.everyone(conn)
    return [shop.id for shop in everyone if _unread(shop)]


def _unread(shop: Shop) -> bool:
    at, end = shop.settings.get(INDEXED) or (0, 1)
    return bool(at < end)
