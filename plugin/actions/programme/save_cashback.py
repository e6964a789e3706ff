"""Staff save cashback: a form becomes the programme's part, in the next version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.programme.needed_scopes import check_allowed
from plugin.actions.programme.save_programme import save_part
from plugin.rules.explain import plain
from plugin.rules.orders.cashback_rules import Cashback
from plugin.store.shops.shops import Shop

PART = "cashback"
KIND = "store_credit"
"""The kind of reward that cashback is paid as."""
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


def save_cashback(
    conn: Connection, shop: Shop, form: Mapping[str, str], based_on: int, actor: str, now: datetime
) -> int:
    """Store the part in the next version and answer its number; BadInput names every field that is wrong."""
    raw: dict[str, Any] = {name: bool(form.get(f"{PART}.{name}")) for name in SWITCHES}
    for name in NUMBERS:
        text = form.get(f"{PART}.{name}", "").strip()
        raw[name] = text or ("0" if name in (*AMOUNTS, "valid_days") else "")
    if raw["enabled"]:
        check_allowed(shop, KIND)
    return save_part(conn, shop.id, PART, raw, form, based_on, actor, now)
