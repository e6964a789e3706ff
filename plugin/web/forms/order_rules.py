"""The form of an order rule or a campaign."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plugin.actions.programme.edits import Draft
from plugin.actions.programme.save_order_rules import PART
from plugin.rules.explain import plain
from plugin.rules.orders.earning_rules import CHANNELS, OrderRule
from plugin.rules.words.texts import Said
from plugin.web.forms.days import day_of
from plugin.web.forms.fields import filled_in
from plugin.web.forms.goods import ids_in

PLAIN = ("name", "effect", "multiplier", "points", "per_amount", "minimum_order", "subscription", "sale")
IDS = {"products": "Product", "collections": "Collection"}
WORDS = ("tags", "vendors", "customer_tags")
DAYS = {"starts_at": "first", "ends_at": "last"}
"""The fields of a rule and what they are called on the form, where the last day is included."""
_BLANK = {"multiplier": "1", "points": "0", "per_amount": "1", "minimum_order": "0"}
_NEEDED = {"multiplier": ("multiplier",), "per_item": ("points",), "per_order": ("points",),
           "rate": ("points", "per_amount")}  # fmt: skip


def form_of(rule: OrderRule, zone: ZoneInfo) -> dict[str, str]:
    """The form's fields for a rule: the way back of `read`."""
    fields = {"key": rule.key} | {name: str(getattr(rule, name)) for name in PLAIN}
    fields |= {"multiplier": plain(rule.multiplier), "per_amount": plain(rule.per_amount)}
    fields["minimum_order"] = plain(rule.minimum_order) if rule.minimum_order else ""
    for name in (*IDS, *WORDS):
        fields[name] = "\n".join(str(each) for each in sorted(getattr(rule, name)))
    fields |= {f"weekday.{day}": "yes" for day in rule.weekdays}
    fields |= {f"channel.{channel}": "yes" for channel in rule.channels}
    fields |= {f"source.{source}": "yes" for source in rule.sources}
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


def read(form: Mapping[str, str], zone: ZoneInfo, known_wrong: Mapping[str, str] | None = None) -> Draft:
    """The rule of a form; with what is known to be wrong with it."""
    wrong = dict(known_wrong or {})
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
    raw["sources"] = sorted(filled_in(form, "source"))
    raw["tiers"] = [name.removeprefix("tier.") for name in form if name.startswith("tier.") and form[name]]
    for name, field in DAYS.items():
        raw[name] = _moment(form, field, zone, wrong)
    return Draft(raw | {"key": form.get("key", "").strip()}, wrong, _at_field)


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
        wrong[field] = Said("programme.order_rules.not_a_time")
        return None


def _at_field(name: str) -> str:
    """`orders.rules.2.ends_at` is the form's `last`."""
    match = re.fullmatch(rf"{PART}\.rules\.\d+\.(\w+).*", name)
    found = match[1] if match else name
    return DAYS.get(found, found)
