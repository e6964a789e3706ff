"""The form of what orders earn beside rules: flat points, rates by currency and tier, limits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from plugin.actions.programme.edits import Draft
from plugin.actions.programme.save_order_earning import PART
from plugin.rules.explain import plain
from plugin.rules.orders.earning_rules import OrderEarning
from plugin.rules.orders.limits import PERIODS

NUMBERS = {"per_order": "0", "per_item": "0", "code_percent": ""}
"""What an empty field means; nothing where it must be filled in."""
SWITCHES = ("sale_items", "custom_items")
ROWS = {"rates": ("currency", "points", "per_amount"), "tier_rates": ("tier", "points", "per_amount")}
MOST_ROWS = 50
COUNTED = ("points", "orders")


def form_of(orders: OrderEarning) -> dict[str, str]:
    """The form's fields: the way back of `read`."""
    fields = {name: str(getattr(orders, name)) for name in (*NUMBERS, "stacking")}
    fields |= {name: "" for name, nothing in NUMBERS.items() if fields[name] == nothing}
    fields |= {name: "yes" for name in SWITCHES if getattr(orders, name)}
    fields["most_points"] = "" if orders.most_points is None else str(orders.most_points)
    fields |= {f"limits.{limit.of}.{limit.per}": str(limit.most) for limit in orders.limits}
    for place, rate in enumerate(orders.rates):
        fields |= _row(f"rates.{place}", rate.currency, rate.points, str(rate.per_amount))
    for own in orders.tier_rates:
        fields |= _row(f"tier_rates.{own.tier}", own.tier, own.points, str(own.per_amount))
    return fields


def _row(prefix: str, of: str, points: int, per_amount: str) -> dict[str, str]:
    name = "currency" if prefix.startswith("rates.") else "tier"
    return {f"{prefix}.{name}": of, f"{prefix}.points": str(points), f"{prefix}.per_amount": plain(per_amount)}


def currency_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rates by currency of a form, without its empty rows."""
    rows = [
        {name: form.get(f"rates.{place}.{name}", "").strip() for name in ROWS["rates"]} for place in range(MOST_ROWS)
    ]
    return [row for row in rows if any(row.values())]


def limit_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The limits of a form that are filled in."""
    every = [(of, per, form.get(f"limits.{of}.{per}", "").strip()) for of in COUNTED for per in PERIODS]
    return [{"of": of, "per": per, "most": text} for of, per, text in every if text]


def in_order(form: Mapping[str, str]) -> dict[str, str]:
    """The form with its rates in the order in which they are checked, so that errors stand at their fields."""
    kept = {name: value for name, value in form.items() if not name.startswith("rates.")}
    for place, row in enumerate(currency_rows(form)):
        kept |= {f"rates.{place}.{name}": text for name, text in row.items()}
    return kept


def _tier_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    tiers = [name.split(".")[1] for name in form if name.startswith("tier_rates.") and name.endswith(".points")]
    rows = [
        {"tier": tier, **{name: form.get(f"tier_rates.{tier}.{name}", "").strip() for name in ("points", "per_amount")}}
        for tier in tiers
    ]
    return [row for row in rows if row["points"] or row["per_amount"]]


def read(form: Mapping[str, str]) -> Draft:
    """The settings of a form, its rates in the order of `in_order`."""
    tiers = _tier_rows(form)
    raw: dict[str, Any] = {
        **{name: form.get(name, "").strip() or blank for name, blank in NUMBERS.items()},
        **{name: bool(form.get(name)) for name in SWITCHES},
        "most_points": form.get("most_points", "").strip() or None,
        "stacking": form.get("stacking", ""),
        "rates": currency_rows(form),
        "tier_rates": tiers,
        "limits": limit_rows(form),
    }
    return Draft(raw, at=partial(_at_field, tiers=tiers, form=form))


def _at_field(name: str, tiers: list[dict[str, str]], form: Mapping[str, str]) -> str:
    """`orders.rates.0.points` is the form's `rates.0.points`; a tier's rate stands under the tier's own key, and a
    limit under what it counts and its period."""
    parts = name.removeprefix(f"{PART}.").split(".")
    if parts[0] == "tier_rates" and len(parts) > 1 and parts[1].isdigit():
        parts[1] = tiers[int(parts[1])]["tier"]
    if parts[0] == "limits" and len(parts) > 1 and parts[1].isdigit():
        row = limit_rows(form)[int(parts[1])]
        parts = ["limits", row["of"], row["per"]]
    return ".".join(parts)
