"""Staff ask for many codes for one discount, and end them again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.codes.fill_codes import KINDS
from plugin.actions.members.reached import insist
from plugin.errors import NotFound
from plugin.rules.codes.code_names import expires_at
from plugin.rules.codes.code_sets import CodeBatch
from plugin.rules.reach import NOBODY, Surface
from plugin.rules.words.texts import Said
from plugin.store.codes import code_sets
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages, jobs

_LONGEST_KEY = 64


def make(conn: Connection, shop_id: int, batch: CodeBatch, key: str, actor: str, now: datetime) -> int:
    """Write a batch down and have it made; the same key again is the same batch. Answers its number.

    Unreached: the programme is not launched, and whoever found such a code could use it.
    """
    shop = shops.get(conn, shop_id, lock=True)
    key = key[:_LONGEST_KEY]
    before = code_sets.campaign_of(conn, shop_id, key) if key else None
    if before is not None:
        return before.id
    insist(shop.launch, NOBODY, Surface.CODE)
    made = code_sets.add(conn, shop_id, _row(shop, batch, key, actor, now))
    assert made is not None  # only pools can be there already
    jobs.queue(conn, shop_id, KINDS["campaign"], [made], now)
    note = {"set": made, "codes": batch.count}
    activity_pages.note_staff_act(conn, shop_id, actor, "make_codes", batch.name, note, now)
    return made


def _row(shop: Shop, batch: CodeBatch, key: str, actor: str, now: datetime) -> dict[str, object]:
    return {
        "purpose": "campaign",
        "name": batch.name,
        "terms": batch.terms(shop.currency),
        "terms_key": key,
        "wanted": batch.count,
        "starts_at": now,
        "ends_at": expires_at(batch.valid_days, now, shop.timezone),
        "created_at": now,
        "created_by": actor,
    }


def end(conn: Connection, shop_id: int, set_id: int, actor: str, now: datetime) -> None:
    """Make no more of a batch's codes, and have Shopify take none of them any more."""
    found = code_sets.get(conn, shop_id, set_id, lock=True)
    if found is None or found.purpose != "campaign":
        raise NotFound(Said("frame.error.not_found"))
    if found.state not in ("filling", "ready"):
        return
    code_sets.change(conn, shop_id, set_id, state="ending")
    jobs.queue(conn, shop_id, KINDS["campaign"], [set_id], now)
    activity_pages.note_staff_act(conn, shop_id, actor, "end_codes", found.name, {"set": set_id}, now)
