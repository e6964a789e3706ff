"""Staff add, change, pause and remove activities: each time a new version of the programme."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.listed_rules import Part, change_one, noted, switched, with_saved
from plugin.actions.programme.save_programme import save_part
from plugin.errors import NotFound
from plugin.rules.activities import activity_rules
from plugin.rules.activities.activity_rules import Activity
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

PART: Part = "activities"


def new_id() -> str:
    """An id for a new activity: given when its form is opened, so that sending the form twice adds it once."""
    return f"a{secrets.token_hex(5)}"


def save_activity(conn: Connection, shop: Shop, draft: Draft, edit: Edit) -> int:
    """Store the drafted activity in the next version; BadInput names each field that is wrong."""
    known = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme.activities
    raw = {**draft.values, "id": draft.values["id"] or new_id()}
    number = save_part(conn, shop.id, PART, with_saved(known, raw), edit, draft.wrong, draft.at)
    return noted(conn, shop, number, edit.based_on, "save_activity", str(raw.get("name") or ""))


def change_activity(conn: Connection, shop: Shop, activity_id: str, what: str, edit: Edit) -> int:
    """Pause, resume or remove an activity. What was given stays."""
    return change_one(conn, shop, PART, activity_id, what, switched(what), edit)


def find(activities: tuple[Activity, ...], activity_id: str) -> Activity:
    """The activity with this id, not word; NotFound where there is none."""
    found = activity_rules.find(activities, activity_id)
    if found is None or found.id != activity_id:
        raise NotFound(Said("frame.error.not_found"))
    return found
