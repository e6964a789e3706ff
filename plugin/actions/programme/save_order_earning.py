"""Staff set what orders earn beside rules: flat points, rates, how multipliers stack, what is out."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.listed_rules import as_stored
from plugin.actions.programme.save_programme import save_part
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

PART = "orders"


def save_order_earning(conn: Connection, shop: Shop, draft: Draft, edit: Edit) -> int:
    """Store the settings in the next version; BadInput names each field that is wrong."""
    orders = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme.orders
    return save_part(conn, shop.id, PART, {**as_stored(orders), **draft.values}, edit, draft.wrong, draft.at)
