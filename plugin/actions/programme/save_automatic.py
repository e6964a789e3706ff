"""Staff add, change, pause and remove what is given by itself: each time a new version of the programme."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.programme.listed_rules import noted, switched, with_changed, with_saved
from plugin.actions.programme.save_programme import save_part
from plugin.errors import NotFound
from plugin.rules.explain import plain
from plugin.rules.gifts.automatic_rules import TRIGGERS, Giving, Milestone, find
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

MILESTONE = "milestone"
MODELS: dict[str, type[Giving]] = {MILESTONE: Milestone, **TRIGGERS}
SWITCHES = ("mail", "already")
_KEPT = ("id", "active", "begins_at", "trigger")
"""Fields of a rule that no form sets."""


def blank(trigger: str) -> dict[str, str]:
    """A new rule's form; NotFound for a trigger that does not exist."""
    if trigger not in MODELS:
        raise NotFound("There is no such rule.")
    return {"trigger": trigger, "id": "", "mail": "yes", **_defaults(MODELS[trigger])}


def _defaults(model: type[Giving]) -> dict[str, str]:
    known = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
    shown = ("metric", "at", "days", "orders", "cooldown_days")
    return {name: str(known[name]) for name in shown if name in known}


def trigger_of(rule: Giving) -> str:
    """What it waits for."""
    return str(getattr(rule, "trigger", MILESTONE))


def form_of(rule: Giving) -> dict[str, str]:
    """The form's fields for a rule."""
    fields = {"trigger": trigger_of(rule), "all_orders": "yes" if rule.begins_at is None else ""}
    for name, value in rule.model_dump(mode="json").items():
        if isinstance(value, bool):
            fields[name] = "yes" if value else ""
        elif value is not None and name not in ("begins_at", "trigger"):
            fields[name] = plain(value) if name == "at" else str(value)
    return fields


def known_rule(programme: Programme, rule_id: str) -> Giving | None:
    """The milestone or rule with this id."""
    everything: Sequence[Giving] = (*programme.milestones, *programme.automatic)
    return find(everything, rule_id)


def save_rule(conn: Connection, shop: Shop, form: Mapping[str, str], based_on: int, actor: str, now: datetime) -> int:
    """Store the form's rule in the next version; BadInput names each field that is wrong."""
    programme = programmes.edited(conn, shop.id, based_on, now).programme
    old = known_rule(programme, form.get("id", ""))
    raw = _raw(form, old, now.replace(microsecond=0))  # Shopify's times are whole seconds
    part = _part(str(raw["id"]))
    rules = with_saved(getattr(programme, part), raw)
    wrong = _wrong(raw, programme)
    number = save_part(conn, shop.id, part, rules, form, based_on, actor, now, wrong, _at_field)
    return _saved(conn, shop, number, based_on, "save_automatic", str(raw["name"]), now)


def _raw(form: Mapping[str, str], old: Giving | None, now: datetime) -> dict[str, Any]:
    trigger = trigger_of(old) if old else form.get("trigger", "")
    model = MODELS.get(trigger)
    if model is None:
        raise NotFound("There is no such rule.")
    raw: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        text = form.get(name, "").strip()
        if name in SWITCHES:
            raw[name] = bool(text)
        elif name not in _KEPT and (text or field.is_required()):
            raw[name] = text
    first = "m" if trigger == MILESTONE else "a"
    begins_at = old.begins_at if old and old.begins_at else now
    everything = trigger == MILESTONE and bool(form.get("all_orders"))
    raw |= {"id": old.id if old else f"{first}{secrets.token_hex(5)}"}
    raw["begins_at"] = None if everything else begins_at
    if raw.get("metric") == "orders" and not everything:
        raw["earlier"] = True  # a first order is the customer's first, not the first since the rule was made
    return raw if trigger == MILESTONE else raw | {"trigger": trigger}


def _wrong(raw: Mapping[str, Any], programme: Programme) -> dict[str, str]:
    """What only the rest of the programme can say."""
    wrong = {}
    if raw.get("reward") and kinds.find(programme.rewards, str(raw["reward"])) is None:
        wrong["reward"] = "there is no such reward any more"
    if "tier" in raw and programme.tiers.named(str(raw["tier"])) is None:
        wrong["tier"] = "choose one of the tiers"
    return wrong


def _part(rule_id: str) -> str:
    return "milestones" if rule_id.startswith("m") else "automatic"


def _saved(conn: Connection, shop: Shop, number: int, based_on: int, action: str, name: str, now: datetime) -> int:
    """What the new rules give is looked at."""
    if number != based_on:
        jobs.queue(conn, shop.id, JobKind.AUTOMATIC, ["due"], now)
    return noted(conn, shop, number, based_on, action, name)


def _at_field(name: str) -> str:
    """`automatic.2.lapsed.days` is the field `days`."""
    return name.rpartition(".")[2] if name.startswith(("milestones.", "automatic.")) else name


def change_rule(conn: Connection, shop: Shop, rule_id: str, what: str, based_on: int, actor: str, now: datetime) -> int:
    """Pause, resume or remove a rule. What was given stays; what happened while it was paused gives nothing."""
    programme = programmes.edited(conn, shop.id, based_on, now).programme
    rule = known_rule(programme, rule_id)
    if rule is None:
        raise NotFound("There is no such rule.")
    change = switched(what)
    if change is not None and what == "resume" and not isinstance(rule, Milestone):
        change["begins_at"] = now.replace(microsecond=0)
    part = _part(rule_id)
    kept = with_changed(getattr(programme, part), rule_id, change)
    number = save_part(conn, shop.id, part, kept, {}, based_on, actor, now, at=_at_field)
    return _saved(conn, shop, number, based_on, f"{what}_automatic", rule.name, now)
