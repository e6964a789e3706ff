"""Staff say whether a kind of email goes, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails import watch_checkouts
from plugin.rules.emails.kind_settings import KEY, KindSettings
from plugin.rules.message_kinds import MessageKind
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def save_kind_settings(
    conn: Connection, shop_id: int, kind: MessageKind, wanted: KindSettings, actor: str, now: datetime
) -> None:
    """Store it. Emails that wait by now are asked again when their time comes."""
    kept = wanted.stored
    shops.merge_setting(conn, shop_id, KEY, {kind.value: kept})
    if kind is MessageKind.CART_LEFT:
        watch_checkouts.want(conn, shop_id, now)
    activity_pages.note_staff_act(conn, shop_id, actor, "save_kind_settings", kind.about.label, kept, now)
