"""Staff save the rules of referrals: a form becomes checked rules, and those the next version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.programme import save_programme
from plugin.rules.explain import plain
from plugin.rules.referrals.referral_rules import Referrals

PART = "referrals"
_CODE = ("kind", "value", "valid_days", "prefix")
_SWITCHES_OF_CODE = (
    "combines_with_order_discounts",
    "combines_with_product_discounts",
    "combines_with_shipping_discounts",
)
TEXTS = (
    *(f"friend.{name}" for name in _CODE),
    "advocate.kind",
    "advocate.points",
    *(f"advocate.code.{name}" for name in _CODE),
    "minimum_order",
    "hold_days",
    "claims_per_day",
    "per_month",
    "in_total",
    "hold_score",
    "refuse_score",
)
SWITCHES = ("enabled", "first_order_only", "shadow", *(f"friend.{name}" for name in _SWITCHES_OF_CODE))
_OPTIONAL = {"per_month": None, "in_total": None, "minimum_order": "0", "hold_days": "0"}
_DECIMALS = ("friend.value", "advocate.code.value", "minimum_order")


def form_of(rules: Referrals) -> dict[str, str]:
    """The form's fields for the rules: the way back of `_raw`."""
    saved = rules.model_dump(mode="json")
    fields = {}
    for name in TEXTS:
        value = save_programme.dig(saved, name)
        fields[f"{PART}.{name}"] = "" if value is None else plain(value) if name in _DECIMALS else str(value)
    return fields | {f"{PART}.{name}": "yes" for name in SWITCHES if save_programme.dig(saved, name)}


def _raw(form: Mapping[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name in TEXTS:
        text = form.get(f"{PART}.{name}", "").strip()
        save_programme.put(raw, name, text.upper() if name.endswith("prefix") else text or _OPTIONAL.get(name, ""))
    for name in SWITCHES:
        save_programme.put(raw, name, bool(form.get(f"{PART}.{name}")))
    for code in (raw["friend"], raw["advocate"]["code"]):
        if code["kind"] == "free_shipping":
            code["value"] = code["value"] or "1"  # not asked for, and never used
    if raw["advocate"]["kind"] == "code":
        raw["advocate"]["points"] = raw["advocate"]["points"] or "1"
    return raw


def save_referrals(
    conn: Connection, shop_id: int, form: Mapping[str, str], based_on: int, actor: str, now: datetime
) -> int:
    """Store the rules in the next version and answer its number; the number there is if nothing changed.

    BadInput names every field that is wrong.
    """
    return save_programme.save_part(conn, shop_id, PART, _raw(form), form, based_on, actor, now)
