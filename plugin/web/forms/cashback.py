"""The form of cashback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.actions.programme.edits import Draft
from plugin.actions.programme.save_cashback import PART
from plugin.rules.explain import plain
from plugin.rules.orders.cashback_rules import Cashback

SWITCHES = ("enabled", "notify")
NUMBERS = ("percent", "after_days", "minimum_order", "maximum", "valid_days")
AMOUNTS = ("minimum_order", "maximum")


def form_of(rules: Cashback) -> dict[str, str]:
    """The form's fields; a limit of nought is an empty field."""
    empty = (*AMOUNTS, "valid_days")
    shown = {name: getattr(rules, name) for name in NUMBERS}
    fields = {
        f"{PART}.{name}": "" if name in empty and not value else plain(str(value)) for name, value in shown.items()
    }
    return fields | {f"{PART}.{name}": "yes" for name in SWITCHES if getattr(rules, name)}


def read(form: Mapping[str, str]) -> Draft:
    """The cashback of a form; an empty limit is nought."""
    raw: dict[str, Any] = {name: bool(form.get(f"{PART}.{name}")) for name in SWITCHES}
    for name in NUMBERS:
        text = form.get(f"{PART}.{name}", "").strip()
        raw[name] = text or ("0" if name in (*AMOUNTS, "valid_days") else "")
    return Draft(raw)
