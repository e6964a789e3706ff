"""Staff add, change, pause, end and remove order rules and campaigns: each time a new version of the programme."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme.edits import Draft, Edit
from plugin.actions.programme.listed_rules import as_stored, noted, switched, with_changed, with_saved
from plugin.actions.programme.save_programme import save_part
from plugin.errors import BadInput, NotFound
from plugin.rules.fields import of_shop
from plugin.rules.orders.earning_rules import OrderEarning, OrderRule, key_for
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

PART = "orders"


def new_key() -> str:
    """A key for a new rule: given when its form is opened, so that sending the form twice adds it once."""
    return f"rule-{secrets.token_hex(5)}"


def save_rule(conn: Connection, shop: Shop, draft: Draft, edit: Edit) -> int:
    """Store the drafted rule in the next version; BadInput names each field that is wrong."""
    orders = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme.orders
    raw = _keyed(draft, orders)
    everything = {**as_stored(orders), "rules": with_saved(orders.rules, raw, "key")}
    number = save_part(conn, shop.id, PART, everything, edit, draft.wrong, draft.at)
    return noted(conn, shop, number, edit.based_on, "save_order_rule", str(raw["name"]))


def _keyed(draft: Draft, orders: OrderEarning) -> dict[str, Any]:
    """The rule with its key; a new one gets it by its name."""
    key = draft.values["key"] or key_for(draft.values["name"], [rule.key for rule in orders.rules])
    return {**draft.values, "key": key}


def so_far(draft: Draft, orders: OrderEarning, shop: Shop) -> OrderRule | None:
    """The rule as it is drafted so far; None while something is wrong with it."""
    try:
        rule = OrderRule.model_validate(_keyed(draft, orders), context=of_shop(shop.currency))
    except ValidationError:
        return None
    return None if draft.wrong else rule


def change_rule(conn: Connection, shop: Shop, key: str, what: str, edit: Edit) -> int:
    """Pause, resume, end now or remove a rule. Orders placed before keep what they were judged by."""
    orders = programmes.edited(conn, shop.id, edit.based_on, edit.now).programme.orders
    rule = orders.rule(key)
    if rule is None:
        raise NotFound(Said("frame.error.not_found"))
    change = _ended(rule, edit.now) if what == "end" else switched(what)
    kept = {**as_stored(orders), "rules": with_changed(orders.rules, key, change, "key")}
    number = save_part(conn, shop.id, PART, kept, edit)
    return noted(conn, shop, number, edit.based_on, f"{what}_order_rule", rule.name)


def _ended(rule: OrderRule, now: datetime) -> dict[str, Any]:
    if state_of(rule, now) != "running":
        raise BadInput(Said("programme.order_rules.not_running"), {})
    return {"ends_at": now}


def state_of(rule: OrderRule, now: datetime) -> str:
    """planned, running, ended or paused."""
    if rule.ends_at is not None and rule.ends_at <= now:
        return "ended"
    if not rule.active:
        return "paused"
    return "planned" if rule.starts_at is not None and rule.starts_at > now else "running"
