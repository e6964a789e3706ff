"""Staff say from which day orders count."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import activity_pages


def save_counts_from(conn: Connection, shop_id: int, moment: datetime, actor: str, now: datetime) -> None:
    """From this moment on orders count; those from before the first programme by the rules of today."""
    if moment > now + timedelta(days=366):
        raise BadInput(Said("settings.shop.day_refused"), {"counts_from": Said("settings.shop.too_far")})
    version = programmes.current(conn, shop_id, now).number
    shops.merge_settings(conn, shop_id, {"counts_from": moment.isoformat(), "past_version": version})
    activity_pages.note_staff_act(conn, shop_id, actor, "save_counts_from", moment.isoformat(), {}, now)
