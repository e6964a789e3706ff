"""A stored webhook's body goes when its time is over and its order was judged by the present reading of the payloads.

Before it goes, what the order is and was given is written down: there a replay begins from then on. In steps, each a
transaction of its own; a step that is repeated finds less to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.rules.payloads import json_text
from plugin.rules.types import READING
from plugin.store.database.db import shop_transaction
from plugin.store.orders import order_checkpoints
from plugin.store.privacy.erasure import NOTHING
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import stored_bodies
from plugin.store.work.jobs import Job
from plugin.store.work.stored_bodies import StoredBody

A_STEP = 200


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Empty every body of the shop that is old enough, but those of orders that wait to be read anew."""
    before = work.clock() - timedelta(days=work.bodies_kept_days)
    after: int | None = 0
    while after is not None:
        after = step(work, shop.id, before, after)


def step(work: Work, shop_id: int, before: datetime, after: int) -> int | None:
    """Empty a few, from a number on; answers where to go on, or None at the end."""
    with shop_transaction(work.engine, shop_id) as conn:
        bodies = stored_bodies.old(conn, shop_id, before, after, A_STEP)
        if not bodies:
            return None
        _empty(conn, shop_id, bodies, work.clock())
    return bodies[-1].id


def _empty(conn: Connection, shop_id: int, bodies: Sequence[StoredBody], now: datetime) -> None:
    about = {each.id: _order_of(each) for each in bodies}
    read_anew = order_checkpoints.ready(conn, shop_id, filter(None, about.values()), READING)
    gone = [each for each in bodies if about[each.id] is None or about[each.id] in read_anew]
    if gone:
        order_checkpoints.take(conn, shop_id, read_anew, now)
        stored_bodies.write(conn, shop_id, [replace(each, body=NOTHING) for each in gone], "empty")
        _remember(conn, shop_id, max(each.received_at for each in gone))


def _order_of(one: StoredBody) -> int | None:
    payload = json_text.read(one.body)
    found = payload.get("order_edit", payload).get("order_id") or payload.get("id")
    return int(found) if found and not one.topic.startswith("customer") else None


def _remember(conn: Connection, shop_id: int, until: datetime) -> None:
    known = shops.get(conn, shop_id).settings.get(order_checkpoints.EMPTIED_UNTIL)
    if known is None or datetime.fromisoformat(str(known)) < until:
        shops.merge_settings(conn, shop_id, {order_checkpoints.EMPTIED_UNTIL: until.isoformat()})
