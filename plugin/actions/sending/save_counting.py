"""Staff say whether clicks and opens of emails are counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.sending.counting import SETTING, Counting
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def save_counting(conn: Connection, shop_id: int, wanted: Counting, actor: str, now: datetime) -> None:
    """Keep it; what was counted before stays."""
    shops.merge_settings(conn, shop_id, {SETTING: wanted.stored()})
    activity_pages.note_staff_act(conn, shop_id, actor, "save_counting", "", dict(wanted.stored()), now)
