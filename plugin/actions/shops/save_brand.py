"""Staff change how the shop's emails look, and with them its pages for shoppers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.shops import show_programme
from plugin.errors import BadInput
from plugin.rules.brand import Brand
from plugin.rules.sending.sender import is_no_name
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def save_brand(conn: Connection, shop_id: int, brand: Brand, actor: str, now: datetime) -> None:
    """Store the brand. BadInput at the sender's name: it would pass for somebody's address."""
    if is_no_name(brand.sender_name):
        raise BadInput(Said("frame.wrong.fields"), {"sender_name": Said("messages.brand.sender_no_name")})
    shops.set_brand(conn, shop_id, asdict(brand))
    show_programme.want(conn, shop_id, now)
    activity_pages.note_staff_act(conn, shop_id, actor, "save_brand", "", asdict(brand), now)
