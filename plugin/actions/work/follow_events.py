"""What follows from events: each reader's next page, what it calls for, and how far it is, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.errors import SukiError, UnderWay
from plugin.rules.events import EventKind, Recorded
from plugin.store.database import own_cluster
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import event_windows
from plugin.store.work.event_windows import Page
from plugin.store.work.jobs import Job

Follower = Callable[[Connection, Shop, Sequence[Recorded], datetime], None]
"""What follows from events of the kinds that it is named for, which happened one after the other."""
WhatFollows = Mapping[str, Mapping[EventKind, Follower]]
A_PAGE = 200
PATIENCE_SECONDS, LOOK_AGAIN_SECONDS = 0.25, 0.02
"""How long a transaction that others have under way is waited for here, and how often one looks."""
PUT_OFF_SECONDS = 2.0


def by(follows: WhatFollows) -> Callable[[Work, Shop, Job], None]:
    """The job that lets a reader (its subject) go through what happened, by this list."""

    def carry_out(work: Work, _shop: Shop, job: Job) -> None:
        """Read on until there is nothing more. UnderWay: somebody's transaction keeps us from the rest."""
        patient_until = time.monotonic() + PATIENCE_SECONDS
        while True:
            page = read(work, job.shop_id, job.subject, follows[job.subject])
            if page.more:
                continue
            if not page.waits:
                return
            if time.monotonic() >= patient_until:
                raise UnderWay("A transaction is still in progress.", PUT_OFF_SECONDS)
            time.sleep(LOOK_AGAIN_SECONDS)

    return carry_out


def read(work: Work, shop_id: int, name: str, followers: Mapping[EventKind, Follower]) -> Page:
    """One page, with everything that follows from it; all or nothing."""
    with shop_transaction(work.engine, shop_id) as conn:
        if not own_cluster.is_same(conn):
            raise SukiError("The database was restored into another cluster: run `suki migrate`.")
        one = event_windows.reader(conn, shop_id, name)
        page = event_windows.next_page(conn, shop_id, one, followers, A_PAGE)
        shop, now = shops.get(conn, shop_id), work.clock()
        for follow, together in groupby(page.events, key=lambda event: followers[event.kind]):
            follow(conn, shop, list(together), now)
        event_windows.keep(conn, shop_id, page)
    return page
