"""The form of an activity, of whatever kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from plugin.actions.programme.edits import Draft
from plugin.errors import NotFound
from plugin.rules.activities.activity_rules import KINDS, Activity
from plugin.rules.words.texts import Said
from plugin.web.forms.days import DAYS, days_of, moment_of
from plugin.web.forms.fields import emptied, filled_in
from plugin.web.words import t

KIND_MODELS = {str(model.model_fields["kind"].default): model for model in KINDS}
SWITCHES = ("existing", "birthday")
RENAMED = {"note": "for_members"}
"""Fields of the form that are called otherwise: its `note` is that of the version."""


def form_of(activity: Activity, zone: ZoneInfo) -> dict[str, str]:
    """The form's fields for an activity. Days are the shop's; the last one is included."""
    fields = {}
    for name, value in activity.model_dump(mode="json").items():
        if isinstance(value, bool):
            fields[RENAMED.get(name, name)] = "yes" if value else ""
        elif isinstance(value, dict):
            fields |= {f"{name}.{key}": str(each) for key, each in value.items()}
        elif isinstance(value, list):
            fields[name] = "\n".join(value)
        elif value is not None:
            fields[RENAMED.get(name, name)] = str(value)
    return fields | days_of(activity, zone)


def blank(kind: str) -> dict[str, str]:
    """A new activity's form; NotFound for a kind that does not exist."""
    if kind not in KIND_MODELS:
        raise NotFound(Said("frame.error.not_found"))
    model = KIND_MODELS[kind]
    defaults = {
        name: str(field.default) for name, field in model.model_fields.items() if isinstance(field.default, int)
    }
    on = {name: "yes" if model.model_fields[name].default else "" for name in SWITCHES if name in model.model_fields}
    name = "" if kind == "custom" else t(f"programme.activities.first_name.{kind}")
    return {**defaults, **on, "kind": kind, "id": "", "name": name}


def _at_field(name: str) -> str:
    """`activities.2.visit.word` is the field `word`, and `activities.2.word` too."""
    parts = name.split(".")
    if parts[0] != "activities":
        return name
    field = next((part for part in parts[3:] if not part.isdigit()), parts[-1])
    if field == "tier_points" and parts[-1] != field:
        return f"{field}.{parts[-1]}"
    return RENAMED.get(field, field)


def read(form: Mapping[str, str], zone: ZoneInfo) -> Draft:
    """The activity of a form. NotFound: no such kind."""
    wrong: dict[str, str] = {}
    model = KIND_MODELS.get(form.get("kind", ""))
    if model is None:
        raise NotFound(Said("frame.error.not_found"))
    raw: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        text = form.get(RENAMED.get(name, name), "").strip()
        if name in SWITCHES:
            raw[name] = bool(text)
        elif name == "questions":
            raw[name] = [line.strip() for line in text.splitlines() if line.strip()]
        elif name == "tier_points":
            raw[name] = filled_in(form, name)
        elif name in DAYS:
            raw[name] = moment_of(text, name, zone, wrong)
        elif name != "active" and (text or field.is_required() or emptied(form, name, field)):
            raw[name] = text.lower() if name == "word" else text
    return Draft(raw | {"id": form.get("id", "").strip()}, wrong, _at_field)
