"""The form of what is given automatically: a milestone, or a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.actions.programme.save_automatic import MILESTONE, RuleDraft, trigger_of
from plugin.errors import NotFound
from plugin.rules.explain import plain
from plugin.rules.gifts.automatic_rules import TRIGGERS, Giving, Milestone
from plugin.rules.words.texts import Said
from plugin.web.forms.fields import emptied

MODELS: dict[str, type[Giving]] = {MILESTONE: Milestone, **TRIGGERS}
SWITCHES = ("mail", "already")
_KEPT = ("id", "active", "begins_at", "trigger")
"""Fields of a rule that no form sets."""


def blank(trigger: str) -> dict[str, str]:
    """A new rule's form; NotFound for a trigger that does not exist."""
    if trigger not in MODELS:
        raise NotFound(Said("frame.error.not_found"))
    return {"trigger": trigger, "id": "", "mail": "yes", **_defaults(MODELS[trigger])}


def _defaults(model: type[Giving]) -> dict[str, str]:
    known = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
    shown = ("metric", "at", "days", "orders", "cooldown_days")
    return {name: str(known[name]) for name in shown if name in known}


def form_of(rule: Giving) -> dict[str, str]:
    """The form's fields for a rule."""
    fields = {"trigger": trigger_of(rule), "all_orders": "yes" if rule.begins_at is None else ""}
    for name, value in rule.model_dump(mode="json").items():
        if isinstance(value, bool):
            fields[name] = "yes" if value else ""
        elif value is not None and name not in ("begins_at", "trigger"):
            fields[name] = plain(value) if name == "at" else str(value)
    return fields


def read(form: Mapping[str, str], old: Giving | None) -> RuleDraft:
    """The rule of a form, which is to replace the `old` one. NotFound: nothing waits for that."""
    trigger = trigger_of(old) if old else form.get("trigger", "")
    model = MODELS.get(trigger)
    if model is None:
        raise NotFound(Said("frame.error.not_found"))
    raw: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        text = form.get(name, "").strip()
        if name in SWITCHES:
            raw[name] = bool(text)
        elif name not in _KEPT and (text or field.is_required() or (name != "points" and emptied(form, name, field))):
            raw[name] = text
    return RuleDraft(
        raw, {}, _at_field, old.id if old else form.get("id", "").strip(), trigger, bool(form.get("all_orders"))
    )


def _at_field(name: str) -> str:
    """`automatic.2.lapsed.days` is the field `days`."""
    return name.rpartition(".")[2] if name.startswith(("milestones.", "automatic.")) else name
