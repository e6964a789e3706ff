"""Staff add, change, pause and remove what is given by itself: each time a new version of the programme."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.listed_rules import noted, switched, with_changed, with_saved
from plugin.actions.programme.save_programme import save_part
from plugin.errors import NotFound
from plugin.rules.gifts.automatic_rules import Giving, Milestone, find
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class RuleDraft(Draft):
    """A drafted rule: which one it is to replace, or the id of a new one; what it waits for, and whether older
    orders count."""

    id: str = ""
    trigger: str = MILESTONE
    all_orders: bool = False


def trigger_of(rule: Giving) -> str:
    """What it waits for."""
    return str(getattr(rule, "trigger", MILESTONE))


def known_rule(programme: Programme, rule_id: str) -> Giving | None:
    """The milestone or rule with this id."""
    everything: Sequence[Giving] = (*programme.milestones, *programme.automatic)
    return find(everything, rule_id)


def new_id(trigger: str) -> str:
    """An id for a new rule: given when its form is opened, so that sending the form twice adds it once."""
    return f"{_letter(trigger)}{secrets.token_hex(5)}"


def _letter(trigger: str) -> str:
    return "m" if trigger == MILESTONE else "a"


def save_rule(conn: Connection, shop: Shop, draft: RuleDraft, edit: Edit) -> int:
    """Store the drafted rule in the next version; BadInput names each field that is wrong."""
    programme = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme
    raw = _raw(draft, known_rule(programme, draft.id), edit.now.replace(microsecond=0))  # Shopify's are whole seconds
    part = _part(str(raw["id"]))
    rules = with_saved(getattr(programme, part), raw)
    number = save_part(conn, shop.id, part, rules, edit, _wrong(raw, programme), draft.at)
    return _saved(conn, shop, number, edit, "save_automatic", str(raw["name"]))


def _raw(draft: RuleDraft, old: Giving | None, now: datetime) -> dict[str, Any]:
    """The whole rule: with an id, and since when what happens counts for it."""
    is_milestone = draft.trigger == MILESTONE
    begins_at = old.begins_at if old and old.begins_at else now
    everything = is_milestone and draft.all_orders
    raw = dict(draft.values)
    fresh = draft.id if draft.id.startswith(_letter(draft.trigger)) else new_id(draft.trigger)
    raw["id"] = old.id if old else fresh
    raw["begins_at"] = None if everything else begins_at
    if raw.get("metric") == "orders" and not everything:
        raw["earlier"] = True  # a first order is the customer's first, not the first since the rule was made
    return raw if is_milestone else raw | {"trigger": draft.trigger}


def _wrong(raw: Mapping[str, Any], programme: Programme) -> dict[str, str]:
    """What only the rest of the programme can say."""
    wrong: dict[str, str] = {}
    if raw.get("reward") and kinds.find(programme.rewards, str(raw["reward"])) is None:
        wrong["reward"] = Said("programme.automatic.reward_wrong")
    if "tier" in raw and programme.tiers.named(str(raw["tier"])) is None:
        wrong["tier"] = Said("programme.automatic.tier_wrong")
    return wrong


def _part(rule_id: str) -> str:
    return "milestones" if rule_id.startswith("m") else "automatic"


def _saved(conn: Connection, shop: Shop, number: int, edit: Edit, action: str, name: str) -> int:
    """What the new rules give is looked at."""
    if number != edit.based_on:
        jobs.queue(conn, shop.id, JobKind.AUTOMATIC, ["due"], edit.now)
    return noted(conn, shop, number, edit.based_on, action, name)


def change_rule(conn: Connection, shop: Shop, rule_id: str, what: str, edit: Edit) -> int:
    """Pause, resume or remove a rule. What was given stays; what happened while it was paused gives nothing."""
    programme = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme
    rule = known_rule(programme, rule_id)
    if rule is None:
        raise NotFound(Said("frame.error.not_found"))
    change = switched(what)
    if change is not None and what == "resume" and not isinstance(rule, Milestone):
        change["begins_at"] = edit.now.replace(microsecond=0)
    part = _part(rule_id)
    kept = with_changed(getattr(programme, part), rule_id, change)
    number = save_part(conn, shop.id, part, kept, edit)
    return _saved(conn, shop, number, edit, f"{what}_automatic", rule.name)
