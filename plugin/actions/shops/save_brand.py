"""Staff change how the shop's mails look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.brand import Brand
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def brand_from(form: Mapping[str, str]) -> Brand:
    """The brand that a form describes; BadInput names every field that is wrong."""
    return Brand(**{field.name: form.get(field.name, "").strip() for field in fields(Brand)})


def brand_of(stored: Mapping[str, object]) -> Brand:
    """The brand that is stored; what is missing has its default."""
    known = {field.name for field in fields(Brand)}
    return Brand(**{name: str(value) for name, value in stored.items() if name in known})


def save_brand(conn: Connection, shop_id: int, form: Mapping[str, str], actor: str, now: datetime) -> Brand:
    """Check and store the brand."""
    brand = brand_from(form)
    shops.set_brand(conn, shop_id, asdict(brand))
    activity_pages.note_staff_act(conn, shop_id, actor, "save_brand", "", asdict(brand), now)
    return brand
