"""Staff add, change, pause and remove activities: each time a new version of the programme."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.programme.listed_rules import (
    DAYS,
    Part,
    change_one,
    days_of,
    moment_of,
    noted,
    switched,
    with_saved,
)
from plugin.actions.programme.save_programme import save_part
from plugin.errors import NotFound
from plugin.rules.activities import activity_rules
from plugin.rules.activities.activity_rules import KINDS, Activity
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

PART: Part = "activities"
KIND_MODELS = {str(model.model_fields["kind"].default): model for model in KINDS}
SWITCHES = ("existing", "birthday")
RENAMED = {"note": "for_members"}
"""Fields of the form that are called otherwise: its `note` is that of the version."""
_DEFAULT_NAMES = {
    "newsletter": "Subscribe to our newsletter",
    "birthday": "Your birthday",
    "anniversary": "Your anniversary with us",
    "social": "Follow us",
    "visit": "Visit a page",
    "profile": "Tell us about you",
    "review": "Review a product",
    "survey": "Answer our survey",
    "custom": "",
}


def form_of(activity: Activity, zone: ZoneInfo) -> dict[str, str]:
    """The form's fields for an activity. Days are the shop's; the last one is included."""
    fields = {}
    for name, value in activity.model_dump(mode="json").items():
        if isinstance(value, bool):
            fields[RENAMED.get(name, name)] = "yes" if value else ""
        elif isinstance(value, list):
            fields[name] = "\n".join(value)
        elif value is not None:
            fields[RENAMED.get(name, name)] = str(value)
    return fields | days_of(activity, zone)


def blank(kind: str) -> dict[str, str]:
    """A new activity's form; NotFound for a kind that does not exist."""
    if kind not in KIND_MODELS:
        raise NotFound("There is no such kind of activity.")
    model = KIND_MODELS[kind]
    defaults = {
        name: str(field.default) for name, field in model.model_fields.items() if isinstance(field.default, int)
    }
    on = {name: "yes" if model.model_fields[name].default else "" for name in SWITCHES if name in model.model_fields}
    return {**defaults, **on, "kind": kind, "id": "", "name": _DEFAULT_NAMES[kind]}


def save_activity(
    conn: Connection, shop: Shop, form: Mapping[str, str], based_on: int, actor: str, now: datetime
) -> int:
    """Store the form's activity in the next version; BadInput names each field that is wrong."""
    known = programmes.edited(conn, shop.id, based_on, now).programme.activities
    wrong: dict[str, str] = {}
    raw = _raw(form, ZoneInfo(shop.timezone), wrong)
    everything = with_saved(known, raw)
    number = save_part(conn, shop.id, PART, everything, form, based_on, actor, now, wrong, _at_field)
    return noted(conn, shop, number, based_on, "save_activity", str(raw.get("name") or ""))


def _at_field(name: str) -> str:
    """`activities.2.visit.word` is the field `word`, and `activities.2.word` too."""
    parts = name.split(".")
    if parts[0] != PART:
        return name
    field = next((part for part in parts[3:] if not part.isdigit()), parts[-1])
    return RENAMED.get(field, field)


def _raw(form: Mapping[str, str], zone: ZoneInfo, wrong: dict[str, str]) -> dict[str, Any]:
    model = KIND_MODELS.get(form.get("kind", ""))
    if model is None:
        raise NotFound("There is no such kind of activity.")
    raw: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        text = form.get(RENAMED.get(name, name), "").strip()
        if name in SWITCHES:
            raw[name] = bool(text)
        elif name == "questions":
            raw[name] = [line.strip() for line in text.splitlines() if line.strip()]
        elif name in DAYS:
            raw[name] = moment_of(text, name, zone, wrong)
        elif name != "active" and (text or field.is_required()):
            raw[name] = text.lower() if name == "word" else text
    return raw | {"id": form.get("id", "").strip() or f"a{secrets.token_hex(5)}"}


def change_activity(
    conn: Connection, shop: Shop, activity_id: str, what: str, based_on: int, actor: str, now: datetime
) -> int:
    """Pause, resume or remove an activity. What was given stays."""
    return change_one(conn, shop, PART, activity_id, what, switched(what), based_on, actor, now)


def find(activities: tuple[Activity, ...], activity_id: str) -> Activity:
    """The activity with this id, not word; NotFound where there is none."""
    found = activity_rules.find(activities, activity_id)
    if found is None or found.id != activity_id:
        raise NotFound("There is no such activity.")
    return found
