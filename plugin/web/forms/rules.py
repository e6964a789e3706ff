"""The form of the programme's rules: what is not on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plugin.actions.programme.edits import Draft
from plugin.rules.explain import plain
from plugin.rules.programme import Programme
from plugin.web.forms.fields import dig, put
from plugin.web.forms.goods import ids_in

SWITCHES = (
    "basis.tax",
    "basis.shipping",
    "basis.before_discounts",
    "basis.paid_by_gift_card",
    "basis.paid_by_store_credit",
    "basis.test_orders",
    "basis.guests",
    "next_order_code.enabled",
    "next_order_code.bound_to_customer",
    "next_order_code.combines_with_order_discounts",
    "next_order_code.combines_with_product_discounts",
    "next_order_code.combines_with_shipping_discounts",
)
TEXTS = (
    "points_name",
    "points_name_one",
    "earning.points",
    "earning.per_amount",
    "earning.rounding",
    "earning.award_on",
    "earning.pending_days",
    "basis.minimum_order",
    "welcome_points",
    "below_zero",
    "next_order_code.kind",
    "next_order_code.value",
    "next_order_code.minimum_spend",
    "next_order_code.valid_days",
    "next_order_code.prefix",
    "confirmation",
)
IDS = {"basis.excluded_products": "Product", "basis.excluded_collections": "Collection"}
TAGS = "basis.excluded_tags"
GOALS_SHOWN = 20
EARNING = ("earning.points", "earning.per_amount", "earning.award_on", "earning.pending_days", "welcome_points")
PARTS = ("rules", "earning", "code")
"""The pages that the form is spread over: what counts and names, the base rate, the next order's code."""
_DECIMALS = ("earning.per_amount", "basis.minimum_order", "next_order_code.value", "next_order_code.minimum_spend")
_ANY = ("basis.minimum_order", "next_order_code.minimum_spend")
"""Amounts that may be left empty: no order is too small."""


def form_of(programme: Programme) -> dict[str, str]:
    """The form's fields for a programme: the way back of `read`."""
    saved = programme.model_dump(mode="json")
    fields = {name: plain(dig(saved, name)) if name in _DECIMALS else str(dig(saved, name)) for name in TEXTS}
    fields |= {name: "" for name in _ANY if not float(dig(saved, name))}
    fields |= {name: "yes" for name in SWITCHES if dig(saved, name)}
    fields |= {name: "\n".join(str(each) for each in sorted(dig(saved, name))) for name in (*IDS, TAGS)}
    for place, goal in enumerate(programme.goals):
        fields |= {f"goals.{place}.name": goal.name, f"goals.{place}.points": str(goal.points)}
    return fields


def part_of(name: str) -> str:
    """On which of the PARTS a field stands."""
    if name.startswith("next_order_code."):
        return "code"
    return "earning" if name in EARNING else "rules"


def completed(form: Mapping[str, str], programme: Programme) -> dict[str, str]:
    """The form of one part with the fields of the others as the programme has them; a form that names none is whole."""
    part = form.get("part", "")
    if part not in PARTS:
        return dict(form)
    own = {name: text for name, text in form.items() if part_of(name) == part}
    return own | {name: text for name, text in form_of(programme).items() if part_of(name) != part}


def read(form: Mapping[str, str]) -> Draft:
    """The parts of the programme that a form describes."""
    wrong: dict[str, str] = {}
    raw: dict[str, Any] = {}
    for name in TEXTS:
        put(raw, name, form.get(name, "").strip() or ("0" if name in _ANY else ""))
    for name in SWITCHES:
        put(raw, name, bool(form.get(name)))
    for name, kind in IDS.items():
        put(raw, name, ids_in(form.get(name, ""), kind, name, wrong))
    put(raw, TAGS, [tag.strip() for tag in re.split(r"[\n,]", form.get(TAGS, "")) if tag.strip()])
    raw["goals"] = goal_rows(form)
    raw["next_order_code"]["prefix"] = raw["next_order_code"]["prefix"].upper()
    return Draft(raw, wrong)


def goal_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The goals of a form, without its empty rows."""
    rows = [
        {"name": form.get(f"goals.{place}.name", "").strip(), "points": form.get(f"goals.{place}.points", "").strip()}
        for place in range(GOALS_SHOWN)
    ]
    return [row for row in rows if row["name"] or row["points"]]


def in_order(form: Mapping[str, str]) -> dict[str, str]:
    """The form with its goals as they are checked, without empty rows, so that errors stand at their fields."""
    kept = {name: value for name, value in form.items() if not name.startswith("goals.")}
    for place, row in enumerate(goal_rows(form)):
        kept |= {f"goals.{place}.{name}": text for name, text in row.items()}
    return kept
