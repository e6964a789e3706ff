"""Staff save the programme: a form becomes a checked Programme, and that the next numbered version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from plugin.actions.programme import publish_programme
from plugin.errors import BadInput
from plugin.rules.money import decimals_of, minor_digits
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
_AMOUNTS = ("earning.per_amount", "basis.minimum_order", "next_order_code.minimum_spend")
_OPTIONAL_NUMBERS = ("basis.minimum_order", "next_order_code.minimum_spend", "welcome_points", "earning.pending_days")
_MOST_LISTED = 2000
_WORDS = {
    "missing": "must be filled in",
    "finite_number": "must be a number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_parsing": "must be a number",
    "decimal_max_places": "has too many decimals",
    "decimal_max_digits": "has too many digits",
    "string_pattern_mismatch": "may hold capital letters and digits only, at most 12",
    "string_too_short": "must be filled in",
    "literal_error": "must be one of the choices",
}


def form_of(programme: Programme) -> dict[str, str]:
    """The form's fields for a programme: the way back of `programme_from`."""
    plain = programme.model_dump(mode="json")
    fields = {name: _text(dig(plain, name)) for name in TEXTS}
    fields |= {name: "yes" for name in SWITCHES if dig(plain, name)}
    fields |= {name: "\n".join(str(each) for each in sorted(dig(plain, name))) for name in (*IDS, TAGS)}
    for place, goal in enumerate(programme.goals):
        fields |= {f"goals.{place}.name": goal.name, f"goals.{place}.points": str(goal.points)}
    return fields


def dig(plain: Mapping[str, Any], name: str) -> Any:
    """The value at a name such as `basis.tax`."""
    value: Any = plain
    for part in name.split("."):
        value = value[part]
    return value


def _text(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value):
        return value.rstrip("0").rstrip(".")
    return str(value)


def programme_from(form: Mapping[str, str], currency: str) -> Programme:
    """The programme that a form describes; BadInput names every field that is wrong."""
    wrong: dict[str, str] = {}
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
    _check_decimals(form, currency, wrong)
    try:
        programme = Programme.model_validate(raw)
    except ValidationError as error:
        wrong = {**in_words(error, raw), **wrong}
    if wrong:
        raise BadInput("Some fields are not right yet.", wrong)
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
            wrong[name] = f"“{word[:40]}” is not the id of a {kind.lower()}"
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


def _check_decimals(form: Mapping[str, str], currency: str, wrong: dict[str, str]) -> None:
    """No amount is finer than the currency: 10.5 yen do not exist."""
    names = [*_AMOUNTS, "next_order_code.value"] if form.get("next_order_code.kind") == "amount" else [*_AMOUNTS]
    for name in names:
        if too_fine(form.get(name, "").strip(), currency):
            wrong[name] = decimals_of(currency)


def too_fine(text: str, currency: str) -> bool:
    """Whether the amount is finer than its currency."""
    try:
        value = Decimal(text or "0")
        return value.is_finite() and value != value.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    except InvalidOperation:
        return False  # no number at all, or one too large: the programme says so itself


def in_words(error: ValidationError, raw: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by field, as a merchant reads it."""
    wrong = {}
    for problem in error.errors(include_url=False):
        name = _field(problem["loc"])
        wrong[name] = _problemin_words(dict(problem), _given(raw, problem["loc"]))
    return wrong


def _given(raw: object, loc: tuple[int | str, ...]) -> object:
    for part in loc:
        try:
            raw = raw[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _field(loc: tuple[int | str, ...]) -> str:
    if loc == ("next_order_code",):
        return "next_order_code.value"
    name = ".".join(str(part) for part in loc)
    return TAGS if name.startswith(TAGS) else name


def _problemin_words(problem: dict[str, Any], given: object) -> str:
    if given == "":
        return "must be filled in"
    limits = problem.get("ctx") or {}
    bounds = {
        "greater_than": "must be more than {gt}",
        "greater_than_equal": "must be at least {ge}",
        "less_than": "must be less than {lt:,}",
        "less_than_equal": "must be at most {le:,}",
        "string_too_long": "may be at most {max_length} characters long",
        "too_long": "at most {max_length} of them",
    }
    if problem["type"] in bounds:
        return bounds[problem["type"]].format(**limits)
    return _WORDS.get(problem["type"], str(problem["msg"]).removeprefix("Value error, "))


def save_programme(
    conn: Connection, shop_id: int, form: Mapping[str, str], based_on: int, actor: str, now: datetime
) -> int:
    """Store the form as the next version and answer its number; the number there is if nothing changed.

    BadInput: a field is wrong, or somebody saved a newer version than the one this form began with.
    """
    editing = publish_programme.begin(conn, shop_id, based_on, now)
    edited = programme_from(form, editing.shop.currency)
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
) -> int:
    """Store the next version with one part replaced, and answer its number; BadInput as `save_programme`."""
    editing = publish_programme.begin(conn, shop_id, based_on, now)
    try:
        programme = Programme.model_validate({**editing.base.programme.model_dump(), name: raw})
    except ValidationError as error:
        raise BadInput("Some fields are not right yet.", in_words(error, {name: raw})) from error
    return publish_programme.publish(conn, editing, programme, form, actor, now)
