"""Staff add, change, pause, end and remove order rules and campaigns: each time a new version of the programme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme.listed_rules import as_stored, day_of, noted, switched, with_changed, with_saved
from plugin.actions.programme.save_programme import ids_in, save_part
from plugin.errors import BadInput, NotFound
from plugin.rules.explain import plain
from plugin.rules.fields import of_shop
from plugin.rules.orders.earning_rules import CHANNELS, OrderEarning, OrderRule, key_for
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

PART = "orders"
PLAIN = ("name", "effect", "multiplier", "points", "per_amount", "minimum_order", "subscription", "sale")
IDS = {"products": "Product", "collections": "Collection"}
WORDS = ("tags", "vendors", "customer_tags")
DAYS = {"starts_at": "first", "ends_at": "last"}
"""The fields of a rule and what they are called on the form, where the last day is included."""
_BLANK = {"multiplier": "1", "points": "0", "per_amount": "1", "minimum_order": "0"}
_NEEDED = {"multiplier": ("multiplier",), "per_item": ("points",), "per_order": ("points",),
           "rate": ("points", "per_amount")}  # fmt: skip


def form_of(rule: OrderRule, zone: ZoneInfo) -> dict[str, str]:
    """The form's fields for a rule: the way back of `_raw`."""
    fields = {"key": rule.key} | {name: str(getattr(rule, name)) for name in PLAIN}
    fields |= {"multiplier": plain(rule.multiplier), "per_amount": plain(rule.per_amount)}
    fields["minimum_order"] = plain(rule.minimum_order) if rule.minimum_order else ""
    for name in (*IDS, *WORDS):
        fields[name] = "\n".join(str(each) for each in sorted(getattr(rule, name)))
    fields |= {f"weekday.{day}": "yes" for day in rule.weekdays}
    fields |= {f"channel.{channel}": "yes" for channel in rule.channels}
    fields |= {f"tier.{key}": "yes" for key in rule.tiers}
    return fields | _period("first", rule.starts_at, zone) | _period("last", rule.ends_at, zone)


def _period(field: str, moment: datetime | None, zone: ZoneInfo) -> dict[str, str]:
    """The day and the time of it; a last day that ends with its midnight has no time."""
    if moment is None:
        return {field: "", f"{field}_time": ""}
    local = moment.astimezone(zone)
    if local.time() == time():
        return {field: (local.date() - timedelta(days=field == "last")).isoformat(), f"{field}_time": ""}
    return {field: local.date().isoformat(), f"{field}_time": f"{local:%H:%M}"}


def save_rule(
    conn: Connection,
    shop: Shop,
    form: Mapping[str, str],
    based_on: int,
    actor: str,
    now: datetime,
    known_wrong: Mapping[str, str] | None = None,
) -> int:
    """Store the form's rule in the next version; BadInput names each field that is wrong, also what is known."""
    orders = programmes.edited(conn, shop.id, based_on, now).programme.orders
    wrong = dict(known_wrong or {})
    raw = _raw(form, orders, shop, wrong)
    everything = {**as_stored(orders), "rules": with_saved(orders.rules, raw, "key")}
    number = save_part(conn, shop.id, PART, everything, form, based_on, actor, now, wrong, _at_field)
    return noted(conn, shop, number, based_on, "save_order_rule", str(raw["name"]))


def draft(form: Mapping[str, str], orders: OrderEarning, shop: Shop) -> OrderRule | None:
    """The rule that a form describes so far; None while something is wrong with it."""
    wrong: dict[str, str] = {}
    try:
        rule = OrderRule.model_validate(_raw(form, orders, shop, wrong), context=of_shop(shop.currency))
    except ValidationError:
        return None
    return None if wrong else rule


def _at_field(name: str) -> str:
    """`orders.rules.2.ends_at` is the form's `last`."""
    match = re.fullmatch(rf"{PART}\.rules\.\d+\.(\w+).*", name)
    found = match[1] if match else name
    return DAYS.get(found, found)


def _raw(form: Mapping[str, str], orders: OrderEarning, shop: Shop, wrong: dict[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {name: form.get(name, "").strip() or _BLANK.get(name, "") for name in PLAIN}
    for name in _NEEDED.get(raw["effect"], ()):
        raw[name] = form.get(name, "").strip()
    for name in ("subscription", "sale"):
        raw[name] = raw[name] or "any"
    for name, kind in IDS.items():
        raw[name] = ids_in(form.get(name, ""), kind, name, wrong)
    for name in WORDS:
        raw[name] = [word.strip() for word in re.split(r"[\n,]", form.get(name, "")) if word.strip()]
    raw["weekdays"] = [day for day in range(7) if form.get(f"weekday.{day}")]
    raw["channels"] = [channel for channel in CHANNELS if form.get(f"channel.{channel}")]
    raw["tiers"] = [name.removeprefix("tier.") for name in form if name.startswith("tier.") and form[name]]
    for name, field in DAYS.items():
        raw[name] = _moment(form, field, ZoneInfo(shop.timezone), wrong)
    taken = [rule.key for rule in orders.rules]
    return raw | {"key": form.get("key", "").strip() or key_for(raw["name"], taken)}


def _moment(form: Mapping[str, str], field: str, zone: ZoneInfo, wrong: dict[str, str]) -> datetime | None:
    """The beginning of the day, or its time, in the shop's zone. Without a time the last day lasts until midnight."""
    day, at = form.get(field, "").strip(), form.get(f"{field}_time", "").strip()
    if not day and not at:
        return None
    chosen = day_of(day, field, wrong)
    hour = _hour(at, f"{field}_time", wrong) if at else time()
    if chosen is None or hour is None:
        return None
    whole_days = timedelta(days=field == "last" and not at)
    return datetime.combine(chosen + whole_days, hour.replace(tzinfo=None), zone)


def _hour(text: str, field: str, wrong: dict[str, str]) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        wrong[field] = "must be a time such as 18:00"
        return None


def change_rule(conn: Connection, shop: Shop, key: str, what: str, based_on: int, actor: str, now: datetime) -> int:
    """Pause, resume, end now or remove a rule. Orders placed before keep what they were judged by."""
    orders = programmes.edited(conn, shop.id, based_on, now).programme.orders
    rule = orders.rule(key)
    if rule is None:
        raise NotFound("There is no such rule.")
    change = _ended(rule, now) if what == "end" else switched(what)
    kept = {**as_stored(orders), "rules": with_changed(orders.rules, key, change, "key")}
    number = save_part(conn, shop.id, PART, kept, {}, based_on, actor, now, at=_at_field)
    return noted(conn, shop, number, based_on, f"{what}_order_rule", rule.name)


def _ended(rule: OrderRule, now: datetime) -> dict[str, Any]:
    if state_of(rule, now) != "running":
        raise BadInput("Only a campaign that runs can be ended.", {})
    return {"ends_at": now}


def state_of(rule: OrderRule, now: datetime) -> str:
    """planned, running, ended or paused."""
    if rule.ends_at is not None and rule.ends_at <= now:
        return "ended"
    if not rule.active:
        return "paused"
    return "planned" if rule.starts_at is not None and rule.starts_at > now else "running"
