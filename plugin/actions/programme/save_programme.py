"""Staff save the programme: a form becomes a checked Programme, and that the next numbered version."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme import publish_programme
from plugin.errors import BadInput
from plugin.rules.explain import plain
from plugin.rules.fields import of_shop
from plugin.rules.formats import one_line
from plugin.rules.mistakes import NOT_RIGHT, in_words
from plugin.rules.programme import Programme

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
ON_THE_FORM = {name.split(".")[0] for name in (*TEXTS, *SWITCHES, *IDS, TAGS)} | {"goals"}
"""The parts of the programme that this form replaces; each other part has a page of its own."""
GOALS_SHOWN = 20
_DECIMALS = ("earning.per_amount", "basis.minimum_order", "next_order_code.value", "next_order_code.minimum_spend")
_OPTIONAL_NUMBERS = ("basis.minimum_order", "next_order_code.minimum_spend", "welcome_points", "earning.pending_days")
_MOST_LISTED = 2000


def form_of(programme: Programme) -> dict[str, str]:
    """The form's fields for a programme: the way back of `programme_from`."""
    saved = programme.model_dump(mode="json")
    fields = {name: plain(dig(saved, name)) if name in _DECIMALS else str(dig(saved, name)) for name in TEXTS}
    fields |= {name: "yes" for name in SWITCHES if dig(saved, name)}
    fields |= {name: "\n".join(str(each) for each in sorted(dig(saved, name))) for name in (*IDS, TAGS)}
    for place, goal in enumerate(programme.goals):
        fields |= {f"goals.{place}.name": goal.name, f"goals.{place}.points": str(goal.points)}
    return fields


def dig(saved: Mapping[str, Any], name: str) -> Any:
    """The value at a name such as `basis.tax`."""
    value: Any = saved
    for part in name.split("."):
        value = value[part]
    return value


def programme_from(form: Mapping[str, str], currency: str, known_wrong: Mapping[str, str] | None = None) -> Programme:
    """The programme that a form describes; BadInput names every field that is wrong, also what is known before."""
    wrong = dict(known_wrong or {})
    raw: dict[str, Any] = {}
    for name in TEXTS:
        put(raw, name, form.get(name, "").strip() or ("0" if name in _OPTIONAL_NUMBERS else ""))
    for name in SWITCHES:
        put(raw, name, bool(form.get(name)))
    for name, kind in IDS.items():
        put(raw, name, ids_in(form.get(name, ""), kind, name, wrong))
    put(raw, TAGS, [tag.strip() for tag in re.split(r"[\n,]", form.get(TAGS, "")) if tag.strip()])
    raw["goals"] = goal_rows(form)
    raw["next_order_code"]["prefix"] = raw["next_order_code"]["prefix"].upper()
    return checked(raw, currency, wrong)


def checked(raw: Mapping[str, Any], currency: str, wrong: Mapping[str, str]) -> Programme:
    """The programme, if nothing was `wrong` before and nothing is now; BadInput names all of it at once."""
    try:
        programme = Programme.model_validate(raw, context=of_shop(currency))
    except ValidationError as error:
        raise BadInput(NOT_RIGHT, {**in_words(error), **wrong}) from error
    if wrong:
        raise BadInput(NOT_RIGHT, dict(wrong))
    return programme


def put(raw: dict[str, Any], name: str, value: object) -> None:
    """Set the value at a name such as `basis.tax`."""
    *parents, last = name.split(".")
    for parent in parents:
        raw = raw.setdefault(parent, {})
    raw[last] = value


def ids_in(text: str, kind: str, name: str, wrong: dict[str, str]) -> list[int]:
    """Ids as people paste them: bare, as a gid, or the admin's address of a product."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        match = re.fullmatch(rf"(?:.*/{kind.lower()}s?/|gid://shopify/{kind}/)?(\d{{1,18}})", word, re.IGNORECASE)
        if match:
            found.append(int(match[1]))
        elif word:
            wrong[name] = f"“{one_line(word, 40)}” is not the id of a {kind.lower()}"
    if len(found) > _MOST_LISTED:
        wrong[name] = f"at most {_MOST_LISTED:,} can be listed; a tag or a collection is better for so many"
    return found


def goal_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The goals of a form, without its empty rows."""
    rows = [
        {"name": form.get(f"goals.{place}.name", "").strip(), "points": form.get(f"goals.{place}.points", "").strip()}
        for place in range(GOALS_SHOWN)
    ]
    return [row for row in rows if row["name"] or row["points"]]


def save_programme(
    conn: Connection, shop_id: int, form: Mapping[str, str], based_on: int, actor: str, now: datetime
) -> int:
    """Store the form as the next version and answer its number; the number there is if nothing changed.

    BadInput: a field is wrong, or somebody saved a newer version than the one this form began with.
    """
    editing = publish_programme.begin(conn, shop_id, based_on, now)
    edited = programme_from(form, editing.shop.currency, publish_programme.wrong_of(editing, form, now))
    others = {name: getattr(editing.base.programme, name) for name in Programme.model_fields.keys() - ON_THE_FORM}
    programme = edited.model_copy(update=others)
    return publish_programme.publish(conn, editing, programme, form, actor, now)


def save_part(
    conn: Connection,
    shop_id: int,
    name: str,
    raw: object,
    form: Mapping[str, str],
    based_on: int,
    actor: str,
    now: datetime,
    wrong: Mapping[str, str] | None = None,
    at: Callable[[str], str] = str,
) -> int:
    """Store the next version with one part replaced, and answer its number; BadInput as `save_programme`, together
    with what the caller found `wrong`. `at` says how the form calls a field of the programme."""
    editing = publish_programme.begin(conn, shop_id, based_on, now)
    found = publish_programme.wrong_of(editing, form, now) | dict(wrong or {})
    try:
        part = getattr(checked({name: raw}, editing.shop.currency, found), name)
    except BadInput as error:
        raise BadInput(error.message, {at(field): words for field, words in error.fields.items()}) from error
    programme = editing.base.programme.model_copy(update={name: part})
    return publish_programme.publish(conn, editing, programme, form, actor, now)
