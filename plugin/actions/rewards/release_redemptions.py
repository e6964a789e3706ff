"""Staff take back many unused redemptions at once: each only once Shopify has said that it was not used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.words.texts import Said
from plugin.store.rewards import redemption_pages
from plugin.store.rewards.redemption_pages import Wanted
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind


def release_many(
    conn: Connection, shop_id: int, wanted: Wanted, ids: Sequence[int] | None, actor: str, now: datetime
) -> int:
    """Ask for every unused code of these to be taken back; answers how many. BadInput when there is none.

    The jobs that ask Shopify are the same as for a single one: a code that was used stays spent.
    """
    chosen = redemption_pages.want_back(conn, shop_id, wanted, ids, actor)
    if not chosen:
        raise BadInput(Said("activity.error.none_back"))
    jobs.queue(conn, shop_id, JobKind.CODE, chosen, now)
    detail = {"count": len(chosen), "ids": chosen[:100]}
    activity_pages.note_staff_act(
        conn,
        shop_id,
        actor,
        "release_redemptions",
        "1 redemption" if len(chosen) == 1 else f"{len(chosen)} redemptions",
        detail,
        now,
    )
    return len(chosen)
