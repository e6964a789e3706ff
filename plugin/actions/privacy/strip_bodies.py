"""Soon after a webhook was processed, its body loses what nothing needs any more: names, addresses, browsers, notes.

In steps of a few hundred, each a transaction of its own, so it may be stopped anywhere; never in the transaction that
settles, which has other things to do.
"""

from __future__ import annotations

from dataclasses import replace

import orjson

from plugin.actions.work.work import Work
from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from plugin.rules.payloads.kept_fields import kept
from plugin.store.database.db import shop_transaction
from plugin.store.privacy.erasure import NOTHING
from plugin.store.shops.shops import Shop
from plugin.store.work import stored_bodies
from plugin.store.work.jobs import Job
from plugin.store.work.stored_bodies import StoredBody

A_STEP = 200


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Strip every body of the shop that is still whole and was processed."""
    while step(work, shop.id):
        pass


def step(work: Work, shop_id: int) -> int:
    """Strip a few; answers how many."""
    with shop_transaction(work.engine, shop_id) as conn:
        bodies = stored_bodies.whole(conn, shop_id, A_STEP)
        if bodies:
            stored_bodies.write(conn, shop_id, [stripped(each) for each in bodies], "stripped")
    return len(bodies)


def stripped(one: StoredBody) -> StoredBody:
    """The delivery with what points can be computed from anew; nothing of one that cannot be read."""
    try:
        payload = json_text.read(one.body or NOTHING)
    except BadPayload:
        return replace(one, body=NOTHING)
    return replace(one, body=orjson.dumps(kept(one.topic, payload)))
