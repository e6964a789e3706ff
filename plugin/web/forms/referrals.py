"""The form of referrals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.actions.programme.edits import Draft
from plugin.actions.programme.save_referrals import PART
from plugin.rules.explain import plain
from plugin.rules.programme import Programme
from plugin.rules.referrals.referral_rules import Referrals
from plugin.web.forms.fields import dig, put

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
_OPTIONAL = {"per_month": None, "in_total": None, "minimum_order": "0"}
_DECIMALS = ("friend.value", "advocate.code.value", "minimum_order")


def form_of(rules: Referrals) -> dict[str, str]:
    """The form's fields for the rules: the way back of `read`."""
    saved = rules.model_dump(mode="json")
    fields = {}
    for name in TEXTS:
        value = dig(saved, name)
        nothing = value is None or (name == "minimum_order" and not float(value))
        fields[f"{PART}.{name}"] = "" if nothing else plain(value) if name in _DECIMALS else str(value)
    return fields | {f"{PART}.{name}": "yes" for name in SWITCHES if dig(saved, name)}


def begun(programme: Programme) -> dict[str, str]:
    """The fields as they are first shown: where nobody has set up referrals, a friend is worth the reward that costs
    least, so that the number fits what points are worth in this programme."""
    fields = form_of(programme.referrals)
    prices = [price for one in programme.rewards if one.active and (price := getattr(one, "points", 0))]
    if programme.referrals == Referrals() and prices:
        fields[f"{PART}.advocate.points"] = str(min(prices))
    return fields


def read(form: Mapping[str, str]) -> Draft:
    """The rules of a form."""
    raw: dict[str, Any] = {}
    for name in TEXTS:
        text = form.get(f"{PART}.{name}", "").strip()
        put(raw, name, text.upper() if name.endswith("prefix") else text or _OPTIONAL.get(name, ""))
    for name in SWITCHES:
        put(raw, name, bool(form.get(f"{PART}.{name}")))
    for code in (raw["friend"], raw["advocate"]["code"]):
        if code["kind"] == "free_shipping":
            code["value"] = code["value"] or "1"  # not asked for, and never used
    if raw["advocate"]["kind"] == "code":
        raw["advocate"]["points"] = raw["advocate"]["points"] or "1"
    return Draft(raw)
