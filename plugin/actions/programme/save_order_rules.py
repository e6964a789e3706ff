"""Staff add, change, pause, end and remove order rules and campaigns: each time a new version of the programme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme.listed_rules import as_stored, switched, with_changed, with_saved
from plugin.actions.programme.save_programme import ids_in, save_part
from plugin.errors import BadInput, NotFound
from plugin.rules.explain import plain
from plugin.rules.fields import of_shop
from plugin.rules.orders.earning_rules import CHANNELS, OrderEarning, OrderRule, key_for
from plugin.store import activity_pages, programmes
from plugin.store.shops import Shop

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
    fields = {"key": rule.key} | {name: _text(getattr(rule, name)) for name in PLAIN}
    fields["minimum_order"] = fields["minimum_order"] if rule.minimum_order else ""
    for name in (*IDS, *WORDS):
        fields[name] = "\n".join(str(each) for each in sorted(getattr(rule, name)))
    fields |= {f"weekday.{day}": "yes" for day in rule.weekdays}
    fields |= {f"channel.{channel}": "yes" for channel in rule.channels}
    fields |= {f"tier.{key}": "yes" for key in rule.tiers}
    fields["first"] = _moment_text(rule.starts_at, zone)
    fields["last"] = _last_text(rule.ends_at, zone)
    return fields


def _text(value: object) -> str:
    return plain(str(value)) if re.fullmatch(r"\d+(\.\d+)?", str(value)) else str(value)


def _moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    return local.strftime("%Y-%m-%d" if local.time() == time() else "%Y-%m-%d %H:%M")


def _last_text(moment: datetime | None, zone: ZoneInfo) -> str:
    whole = moment is not None and moment.astimezone(zone).time() == time()
    return _moment_text(moment - timedelta(days=1) if whole and moment else moment, zone)


def save_rule(conn: Connection, shop: Shop, form: Mapping[str, str], based_on: int, actor: str, now: datetime) -> int:
    """Store the form's rule in the next version; BadInput names each field that is wrong."""
    orders = programmes.edited(conn, shop.id, based_on, now).programme.orders
    wrong: dict[str, str] = {}
    raw = _raw(form, orders, shop, wrong)
    number = _save(conn, shop, orders, with_saved(orders.rules, raw, "key"), form, based_on, actor, now, wrong)
    activity_pages.name_saving(conn, shop.id, "save_order_rule", str(raw["name"]), number, based_on)
    return number


def draft(form: Mapping[str, str], orders: OrderEarning, shop: Shop) -> OrderRule | None:
    """The rule that a form describes so far; None while something is wrong with it."""
    wrong: dict[str, str] = {}
    try:
        rule = OrderRule.model_validate(_raw(form, orders, shop, wrong), context=of_shop(shop.currency))
    except ValidationError:
        return None
    return None if wrong else rule


def _save(
    conn: Connection,
    shop: Shop,
    orders: OrderEarning,
    rules: list[Any],
    form: Mapping[str, str],
    based_on: int,
    actor: str,
    now: datetime,
    wrong: Mapping[str, str] | None = None,
) -> int:
    raw = {**as_stored(orders), "rules": rules}
    try:
        return save_part(conn, shop.id, PART, raw, form, based_on, actor, now, wrong)
    except BadInput as error:
        fields = {_at_field(name): words for name, words in error.fields.items()}
        raise BadInput(error.message, fields) from error


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
        raw[name] = _moment(form.get(field, "").strip(), field, ZoneInfo(shop.timezone), wrong)
    taken = [rule.key for rule in orders.rules]
    return raw | {"key": form.get("key", "").strip() or key_for(raw["name"], taken)}


def _moment(text: str, field: str, zone: ZoneInfo, wrong: dict[str, str]) -> datetime | None:
    """A day, or a day and a time, in the shop's zone. The last day lasts until its midnight."""
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=field == "last"), time(), zone)
        return datetime.strptime(text.replace("T", " ")[:16], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except (ValueError, OverflowError):
        wrong[field] = "must be a day such as 2026-12-24, or 2026-12-24 18:00"
        return None


def change_rule(conn: Connection, shop: Shop, key: str, what: str, based_on: int, actor: str, now: datetime) -> int:
    """Pause, resume, end now or remove a rule. Orders placed before keep what they were judged by."""
    orders = programmes.edited(conn, shop.id, based_on, now).programme.orders
    rule = orders.rule(key)
    if rule is None:
        raise NotFound("There is no such rule.")
    change = _ended(rule, now) if what == "end" else switched(what)
    kept = with_changed(orders.rules, key, change, "key")
    number = _save(conn, shop, orders, kept, {}, based_on, actor, now)
    activity_pages.name_saving(conn, shop.id, f"{what}_order_rule", rule.name, number, based_on)
    return number


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
