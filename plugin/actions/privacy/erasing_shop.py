"""Erase a shop in steps: a few thousand rows at a time, with the place kept in the request, until nothing is left."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.errors import NotYet, UnderWay
from plugin.observe import get_logger
from plugin.rules.leaving import erased_from
from plugin.store.database.db import shop_transaction
from plugin.store.privacy import erasure, privacy, shop_erasure
from plugin.store.shops import access_log, shops
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

ROWS = 2_000
TURN_SECONDS, STEPS_SECONDS = 20.0, 0.3
"""After how long others get their turn; how long quick steps share a transaction."""
log = get_logger()


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Go on for a while with deleting the shop's rows, but for the entries, which hold no name."""
    until = time.monotonic() + TURN_SECONDS
    while one_transaction(work, shop.id, job.number):
        if time.monotonic() > until:
            raise UnderWay("The data is still being erased", retry_after_seconds=0.5)


def one_transaction(
    work: Work, shop_id: int, request_id: int, rows: int = ROWS, seconds: float = STEPS_SECONDS
) -> bool:
    """One step, and more while they are quick; says whether anything is left. The shop cannot come back meanwhile."""
    until, now = time.monotonic() + seconds, work.clock()
    with shop_transaction(work.engine, shop_id) as conn:
        request = privacy.get(conn, shop_id, request_id, lock=True)
        if request is None or request.done_at is not None:
            return False
        shop = shops.get(conn, shop_id, lock=True)
        state: dict[str, Any] = {"place": 0, "after": [], "counts": {}} | dict(request.result)
        if not _may_erase(shop, request.received_at, now):
            privacy.finish(conn, shop_id, request_id, {"came_back": True, **state["counts"]}, now)
            return False
        if not state["counts"]:
            state["counts"]["access_log"] = access_log.digest(conn, shop_id)
        while state["place"] < len(shop_erasure.TABLES):
            _step(conn, shop_id, state, rows)
            if time.monotonic() > until:
                privacy.save(conn, shop_id, request_id, state)
                return True
        privacy.finish(conn, shop_id, request_id, state["counts"], now)
        erasure.forget_shop(conn, shop_id, now)
    log.info("shop_forgotten", shop=shop.domain, at=now.isoformat())
    return False


def _step(conn: Connection, shop_id: int, state: dict[str, Any], rows: int) -> None:
    table = shop_erasure.TABLES[state["place"]]
    done, last = shop_erasure.step(conn, shop_id, table, state["after"], rows)
    if table != "access_log":
        state["counts"][table] = state["counts"].get(table, 0) + done
    state["after"] = last or []
    state["place"] += last is None


def _may_erase(shop: Shop, asked_at: datetime, now: datetime) -> bool:
    """False for a merchant who came back since it was asked. NotYet: 48 hours after the app was removed."""
    if shop.state != "uninstalled" or shop.uninstalled_at is None or asked_at < shop.installed_at:
        return False
    left = (erased_from(shop.uninstalled_at) - now).total_seconds()
    if left > 0:
        raise NotYet("The shop can still reinstall the app", left)
    return True
