"""Staff save cashback: a draft becomes the programme's part, in the next version."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.needed_scopes import check_allowed
from plugin.actions.programme.save_programme import save_part
from plugin.store.shops.shops import Shop

PART = "cashback"
KIND = "store_credit"
"""The kind of reward that cashback is paid as."""


def save_cashback(conn: Connection, shop: Shop, draft: Draft, edit: Edit) -> int:
    """Store the part in the next version and answer its number; BadInput names every field that is wrong."""
    if draft.values["enabled"]:
        check_allowed(shop, KIND)
    return save_part(conn, shop.id, PART, draft.values, edit, draft.wrong, draft.at)
