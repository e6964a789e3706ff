"""The tick by which staff choose, at an act, whether the member is told of it by email."""

from __future__ import annotations

from plugin.actions.emails.told import told_at_first
from plugin.store.shops.shops import Shop


def kinds_told(shop: Shop, act: str) -> dict[str, str]:
    """The tick as a form begins with it; empty where the shop does not send this kind of email."""
    return {"tell": "yes"} if told_at_first(shop, act) else {}
