"""Staff save the rules of referrals: a draft becomes checked rules, and those the next version."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.actions.programme import save_programme
from plugin.actions.programme.edits import Draft, Edit

PART = "referrals"


def save_referrals(conn: Connection, shop_id: int, draft: Draft, edit: Edit) -> int:
    """Store the rules in the next version and answer its number; the number there is if nothing changed.

    BadInput names every field that is wrong.
    """
    return save_programme.save_part(conn, shop_id, PART, draft.values, edit, draft.wrong, draft.at)
