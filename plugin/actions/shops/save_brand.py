"""Staff change how the shop's mails look, and from which day orders count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.errors import BadInput
from plugin.rules.brand import Brand
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.versions import programmes
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


def save_counts_from(conn: Connection, shop_id: int, moment: datetime, actor: str, now: datetime) -> None:
    """From this moment on orders count; those from before the first programme by the rules of today."""
    if moment > now + timedelta(days=366):
        raise BadInput(Said("settings.shop.day_refused"), {"counts_from": Said("settings.shop.too_far")})
    version = programmes.current(conn, shop_id, now).number
    shops.merge_settings(conn, shop_id, {"counts_from": moment.isoformat(), "past_version": version})
    activity_pages.note_staff_act(conn, shop_id, actor, "save_counts_from", moment.isoformat(), {}, now)
