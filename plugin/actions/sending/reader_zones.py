"""In which zone each member lives, as far as their orders tell."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.rules.sending.country_zones import zone_of
from plugin.store.sending import promotional
from plugin.store.shops.shops import Shop


def reader_zones(conn: Connection, shop: Shop, member_ids: Iterable[int]) -> dict[int, ZoneInfo]:
    """The zone of the place that each one's newest order went to; else the shop's."""
    ids = sorted(set(member_ids))
    known = promotional.whereabouts(conn, shop.id, ids) if ids else {}
    names = {each: zone_of(*known.get(each, ("", ""))) for each in ids}
    return {each: ZoneInfo(name) if name else shop.zone for each, name in names.items()}
