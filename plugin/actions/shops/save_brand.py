"""Staff change how the shop's mails look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.brand import Brand
from plugin.rules.sending.sender import is_no_name
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def brand_of(stored: Mapping[str, object]) -> Brand:
    """The brand that is stored; what is missing has its default."""
    known = {field.name for field in fields(Brand)}
    return Brand(**{name: str(value) for name, value in stored.items() if name in known})


def save_brand(conn: Connection, shop_id: int, brand: Brand, actor: str, now: datetime) -> None:
    """Store the brand. BadInput at the sender's name: it would pass for somebody's address."""
    if is_no_name(brand.sender_name):
        raise BadInput(Said("frame.wrong.fields"), {"sender_name": Said("messages.brand.sender_no_name")})
    shops.set_brand(conn, shop_id, asdict(brand))
    activity_pages.note_staff_act(conn, shop_id, actor, "save_brand", "", asdict(brand), now)
