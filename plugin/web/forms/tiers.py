"""The form of the tiers: a ladder of rows, lowest first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from plugin.actions.programme.edits import Draft
from plugin.actions.programme.save_tiers import PART
from plugin.rules.explain import plain
from plugin.rules.tiers.tier_rules import MOST_TIERS, Tier, Tiers, key_for

SETTINGS = ("metric", "window", "window_days", "validity", "validity_days", "grace_days", "downgrade")
ROW = ("key", "name", "enter", "keep", "multiplier", "bonus", "perks", "hidden", "tag")
_BLANK = {"multiplier": "1", "bonus": "0"}


def form_of(tiers: Tiers) -> dict[str, str]:
    """The form's fields for a ladder."""
    fields = {f"{PART}.{name}": str(getattr(tiers, name)) for name in SETTINGS}
    for place, tier in enumerate(tiers.levels):
        fields |= {f"{PART}.levels.{place}.{name}": text for name, text in _row_of(tier).items()}
    return fields


def _row_of(tier: Tier) -> dict[str, str]:
    return {
        "key": tier.key,
        "name": tier.name,
        "enter": "" if tier.enter is None else plain(tier.enter),
        "keep": "" if tier.keep is None else plain(tier.keep),
        "multiplier": plain(tier.multiplier),
        "bonus": str(tier.bonus),
        "perks": "\n".join(tier.perks),
        "hidden": "yes" if tier.hidden else "",
        "tag": tier.tag,
    }


def rows_of(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The tiers of a form without its empty rows, lowest mark first."""
    rows = [
        {name: form.get(f"{PART}.levels.{place}.{name}", "").strip() for name in ROW} for place in range(MOST_TIERS)
    ]
    return sorted((row for row in rows if row["name"] or row["enter"] or row["tag"]), key=_mark)


def _mark(row: Mapping[str, str]) -> Decimal:
    try:
        mark = Decimal(row["enter"])
    except InvalidOperation:
        return Decimal("Infinity")
    return mark if mark.is_finite() else Decimal("Infinity")


def in_order(form: Mapping[str, str]) -> dict[str, str]:
    """The form with its tiers in the order in which they are checked, so that errors stand at their fields."""
    kept = {name: value for name, value in form.items() if not name.startswith(f"{PART}.levels.")}
    for place, row in enumerate(rows_of(form)):
        kept |= {f"{PART}.levels.{place}.{name}": text for name, text in row.items()}
    return kept


def read(form: Mapping[str, str]) -> Draft:
    """The ladder of a form, its tiers in the order of `in_order`."""
    rows = rows_of(form)
    taken = [row["key"] for row in rows if row["key"]]
    for row in rows:
        if not row["key"]:
            row["key"] = key_for(row["name"], taken)
            taken.append(row["key"])
    levels = [_level(row) for row in rows]
    settings = {name: form.get(f"{PART}.{name}", "").strip() for name in SETTINGS}
    return Draft({"levels": levels, **settings}, at=_at_field)


def _level(row: Mapping[str, str]) -> dict[str, Any]:
    level: dict[str, Any] = {**row, "hidden": bool(row["hidden"]), "keep": row["keep"] or None}
    level["enter"] = row["enter"] or (None if row["tag"] else "")
    level["perks"] = [line.strip() for line in row["perks"].splitlines() if line.strip()]
    return level | {name: row[name] or blank for name, blank in _BLANK.items()}


def _at_field(name: str) -> str:
    """A tier's key is made from its name; perks are one field of many lines."""
    if ".perks." in name:
        return name.partition(".perks.")[0] + ".perks"
    return name.removesuffix(".key") + ".name" if name.endswith(".key") else name
