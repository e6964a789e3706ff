"""What is different between two versions of a programme, field by field, as a merchant reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from plugin.rules.explain import plain
from plugin.rules.programme import Programme

LONGEST: Final = 80
NOTHING: Final = "–"

PARTS: Final[Mapping[str, str]] = {
    "basis": "What counts",
    "next_order_code": "Code for the next order",
    "goals": "Reward to look forward to",
    "rewards": "Reward",
    "levels": "Tier",
}
"""What a part, or one of a list of things, is called; other parts by their own names."""
FIELDS: Final[Mapping[str, str]] = {
    "points_name": "What points are called",
    "welcome_points": "Welcome points",
    "below_zero": "When a refund takes more than is there",
    "confirmation": "Points and code are confirmed by",
    "earning.points": "points",
    "earning.per_amount": "for every",
    "earning.rounding": "fractions of a point",
    "earning.award_on": "points are given",
    "earning.pending_days": "pending for (days)",
    "basis.tax": "tax counts",
    "basis.shipping": "shipping counts",
    "basis.before_discounts": "prices before discounts count",
    "basis.paid_by_gift_card": "what is paid by gift card counts",
    "basis.paid_by_store_credit": "what is paid by store credit counts",
    "basis.test_orders": "test orders count",
    "basis.guests": "guests earn too",
    "basis.minimum_order": "orders earn from",
    "basis.excluded_products": "products that earn nothing",
    "basis.excluded_collections": "collections that earn nothing",
    "basis.excluded_tags": "product tags that earn nothing",
    "next_order_code.enabled": "every buyer gets a code",
    "next_order_code.kind": "it takes off",
    "next_order_code.value": "how much",
    "next_order_code.minimum_spend": "from an order of",
    "next_order_code.valid_days": "valid for (days)",
    "next_order_code.prefix": "begins with",
    "tiers.metric": "go by",
    "tiers.window": "counted over",
    "tiers.window_days": "counted over (days)",
    "tiers.validity": "a tier lasts",
    "tiers.validity_days": "a tier lasts (days)",
    "tiers.grace_days": "grace (days)",
    "tiers.downgrade": "who loses a tier goes",
    "tiers.levels.enter": "reached at",
    "tiers.levels.tag": "customer tag",
    "tiers.levels.keep": "kept at",
    "tiers.levels.multiplier": "points times",
    "tiers.levels.bonus": "bonus on entry",
    "tiers.levels.perks": "what it brings",
    "rewards.points": "price in points",
    "rewards.active": "offered",
    "rewards.per_member": "times per member",
    "rewards.in_total": "times in total",
    "rewards.starts_at": "from",
    "rewards.ends_at": "until",
    "rewards.value": "how much",
    "rewards.back_on_refund": "points come back on a refund",
    "expiry.policy": "points end",
    "expiry.unit": "counted in",
}
"""Fields by part and name; the others by their names without underscores."""
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "earning.rounding": {"floor": "round down", "half_up": "round to the nearest", "ceil": "round up"},
    "earning.award_on": {"paid": "when the order is paid", "created": "when the order is placed"},
    "below_zero": {"negative": "go below zero", "clamp": "stop at zero"},
    "confirmation": {"ours": "a mail from Suki", "shopify": "Shopify's own mail", "none": "no mail"},
    "next_order_code.kind": {"percent": "a percentage", "amount": "an amount"},
    "tiers.metric": {"spend": "what was spent", "points": "points earned", "orders": "number of orders"},
    "tiers.window": {"calendar": "the calendar year", "rolling": "the last days", "lifetime": "all time"},
    "tiers.validity": {
        "next_year": "until the end of the next year",
        "days": "for a number of days",
        "window": "while what is counted is enough",
    },
    "tiers.downgrade": {"earned": "to the tier that is earned", "one": "down by one tier"},
    "expiry.policy": {
        "never": "never",
        "after_earning": "some time after they were earned",
        "inactivity": "after a time without activity",
        "calendar": "on a day of the year",
    },
}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is different. A thing that is new, or gone, is one change: its `old` or `new` says so."""

    field: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """One line: `Earning, points: 1 → 2`."""
        return f"{self.field}: {self.old} → {self.new}"


def changes(old: Programme, new: Programme) -> list[Change]:
    """Every difference, in the order of the programme."""
    before, after = (spread(each.model_dump()) for each in (old, new))
    found: list[Change] = []
    for part in Programme.model_fields:
        _compare((part,), (), before[part], after[part], found)
    return found


def spread(value: Any) -> Any:
    """Plain lists, dicts, texts and numbers; sets in one order always, amounts as decimals."""
    if isinstance(value, dict):
        return {str(key): spread(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [spread(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _compare(path: Path, names: Path, old: Any, new: Any, found: list[Change]) -> None:
    """`path` is where it stands, `names` which things of a list it is in."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in list(dict.fromkeys((*old, *new))):
            _compare((*path, key), names, old.get(key), new.get(key), found)
    elif _things(old) or _things(new):
        _compare_things(path, names, old or [], new or [], found)
    else:
        found.append(Change(_label(path, names), _words(path, old), _words(path, new)))


def _things(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _compare_things(path: Path, names: Path, old: list[Any], new: list[Any], found: list[Change]) -> None:
    before, after = ({_key(each, place): each for place, each in enumerate(things)} for things in (old, new))
    kept = [key for key in before if key in after]
    for key in dict.fromkeys((*before, *after)):
        name = str((after.get(key) or before.get(key) or {}).get("name") or key)
        if key in kept:
            _compare(path, (*names, name), before[key], after[key], found)
        else:
            there = ("not there", "new") if key in after else ("there", "removed")
            found.append(Change(_label(path, (*names, name)), *there))
    if kept != [key for key in after if key in before]:
        found.append(Change(_label(path, names) + ", order", _named(old), _named(new)))


def _key(thing: Mapping[str, Any], place: int) -> str:
    return str(thing.get("key") or thing.get("id") or thing.get("name") or place)


def _named(things: list[Any]) -> str:
    return _short(", ".join(str(each.get("name") or _key(each, place)) for place, each in enumerate(things, 1)))


def _label(path: Path, names: Path) -> str:
    known = FIELDS.get(".".join(path))
    if len(path) == 1 and not names:
        return known or PARTS.get(path[0], _spoken(path[0]).capitalize())
    part = PARTS.get(path[0], _spoken(path[0]).capitalize())
    if names:
        inner = next((PARTS[each] for each in reversed(path) if each in PARTS), part)
        part = f"{inner} “{names[-1]}”"
        fields = path[2:] if path[1:2] and path[1] in PARTS else path[1:]
    else:
        fields = path[1:]
    rest = known or ", ".join(_spoken(each) for each in fields)
    return f"{part}, {rest}" if rest and (fields or not names) else part


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _words(path: Path, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, list):
        return _short(", ".join(str(each) for each in value))
    text = str(value)
    if isinstance(value, Decimal):
        return plain(f"{value:f}")
    return _short(VALUES.get(".".join(path), {}).get(text, text))


def _short(text: str) -> str:
    one_line = ", ".join(text.split("\n"))
    return (one_line[: LONGEST - 1] + "…" if len(one_line) > LONGEST else one_line) or NOTHING
