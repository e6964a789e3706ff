"""What of ours was seen in Shopify's own email templates that staff pasted back, so that Home can tell of changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.store.shops import shops
from plugin.store.shops.shops import Shop

_SEEN = "pasted_snippets"


def seen(shop: Shop) -> dict[str, str]:
    """The fingerprint that was seen last in each template, by the template's name."""
    stored = shop.settings.get(_SEEN)
    if not isinstance(stored, Mapping):
        return {}
    return {str(kind): str(one["mark"]) for kind, one in stored.items() if isinstance(one, Mapping) and "mark" in one}


def note(conn: Connection, shop: Shop, kind: str, mark: str, now: datetime) -> None:
    """Keep what was seen in this template; an empty mark stands for none of ours."""
    stored = shop.settings.get(_SEEN)
    others = {name: one for name, one in stored.items() if name != kind} if isinstance(stored, Mapping) else {}
    mine = {kind: {"mark": mark, "at": now.isoformat()}} if mark else {}
    shops.merge_settings(conn, shop.id, {_SEEN: {**others, **mine}})
