"""Staff say when promotional emails may go, and how often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.sending.promotional import KEY, Sending
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def save_sending(conn: Connection, shop_id: int, wanted: Sending, actor: str, now: datetime) -> None:
    """Store it; emails that wait by now are looked at again when their time comes."""
    kept = wanted.model_dump(mode="json")
    shops.merge_settings(conn, shop_id, {KEY: kept})
    activity_pages.note_staff_act(conn, shop_id, actor, "save_sending", "", kept, now)
