"""The form of a reward, of whatever kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from plugin.actions.programme.edits import Draft
from plugin.errors import NotFound
from plugin.rules.explain import plain
from plugin.rules.formats import COUNTRIES, one_line
from plugin.rules.money import known_currency
from plugin.rules.rewards.kinds import KINDS, Reward
from plugin.rules.rewards.money_rewards import NEEDS
from plugin.rules.words.texts import Said
from plugin.web.forms.days import DAYS, days_of, moment_of
from plugin.web.forms.fields import MEANS_NONE, emptied, filled_in
from plugin.web.forms.goods import ids_in

KIND_MODELS = {str(model.model_fields["kind"].default): model for model in KINDS}
SWITCHES = ("combines_with_order_discounts", "combines_with_product_discounts", "combines_with_shipping_discounts",
            "shows_left", "by_itself", "notify")  # fmt: skip
TICKED = ("tiers", "channels")
"""Fields of several checkboxes, `channels.pos`."""
GOODS = {"product": "Product", "products": "Product", "collections": "Collection"}
"""The fields that name things of the shop."""
CURRENCY_PRICES = "currency_prices"
LISTS = {"products": "Product", "collections": "Collection"}


def form_of(reward: Reward, zone: ZoneInfo) -> dict[str, str]:
    """The form's fields for a reward: the way back of `read`. Days are the shop's; the last one is included."""
    fields = {}
    for name, value in reward.model_dump(mode="json").items():
        if isinstance(value, bool):
            fields[name] = "yes" if value else ""
        elif name in TICKED:
            fields |= {f"{name}.{each}": "yes" for each in value}
        elif name == CURRENCY_PRICES:
            fields[name] = "\n".join(f"{currency} {points}" for currency, points in sorted(value.items()))
        elif isinstance(value, dict):
            fields |= {f"{name}.{key}": str(each) for key, each in value.items()}
        elif isinstance(value, list):
            fields[name] = "\n".join(str(each) for each in sorted(value))
        elif value is not None and not (name in MEANS_NONE and not float(value)):
            fields[name] = plain(value) if re.fullmatch(r"\d+\.\d+", str(value)) else str(value)
    return fields | days_of(reward, zone)


def blank(kind: str) -> dict[str, str]:
    """A new reward's form; NotFound for a kind that does not exist."""
    if kind not in KIND_MODELS:
        raise NotFound(Said("frame.error.not_found"))
    on = {"active": "yes", "channels.online": "yes", "channels.pos": "yes", "combines_with_shipping_discounts": "yes"}
    chosen = {"back_on_refund": "full", "per_member_every": "ever", "deduct": "redeemed"}
    if "undo_minutes" in KIND_MODELS[kind].model_fields:
        chosen |= {"undo_minutes": str(KIND_MODELS[kind].model_fields["undo_minutes"].default), "warn_below": "10"}
    if kind in NEEDS:
        return {"kind": kind, "id": "", "notify": "yes", **chosen, **on}
    return {"kind": kind, "valid_days": "60", "prefix": "SUKI", "id": "", **chosen, **on}


def _at_field(name: str) -> str:
    """`rewards.2.amount_off.value` is the field `value`; of a list, the list is; a price has its own field."""
    _, _, field = name.split(".", 3)[1:] if name.count(".") > 2 else ("", "", "")
    if not name.startswith("rewards.") or not field:
        return name
    return field if field.startswith("prices.") else field.partition(".")[0]


def _currency_prices(text: str, shop_currency: str, wrong: dict[str, str]) -> dict[str, str]:
    """Lines such as `EUR 120`, each currency once; the shop's own has the price above."""
    rows = [re.split(r"[\s:,;]+", line.strip()) for line in text.splitlines() if line.strip()]
    prices = {row[0].upper(): row[-1] for row in rows}
    if any(len(row) != 2 for row in rows) or len(prices) < len(rows):
        wrong[CURRENCY_PRICES] = Said("programme.rewards.price_lines")
    elif shop_currency in prices:
        wrong[CURRENCY_PRICES] = Said("programme.rewards.own_currency", currency=shop_currency)
    elif unknown := [each for each in prices if not known_currency(each)]:
        wrong[CURRENCY_PRICES] = Said("frame.wrong.currency", code=unknown[0][:10])
    elif not all(points.isascii() and points.isdigit() and 0 < len(points) < 9 for points in prices.values()):
        wrong[CURRENCY_PRICES] = Said("programme.rewards.whole_prices")
    return prices


def read(form: Mapping[str, str], currency: str, zone: ZoneInfo, known_wrong: Mapping[str, str] | None = None) -> Draft:
    """The reward of a form; with what is known to be wrong with it. NotFound: no such kind."""
    wrong = dict(known_wrong or {})
    model = KIND_MODELS.get(form.get("kind", ""))
    if model is None:
        raise NotFound(Said("frame.error.not_found"))
    raw: dict[str, Any] = {}
    for name in model.model_fields.keys() - {"active", "id"}:
        text = form.get(name, "").strip()
        if name in SWITCHES:
            raw[name] = bool(text)
        elif name in TICKED:
            raw[name] = sorted(filled_in(form, name))
        elif name == "prices":
            raw[name] = filled_in(form, name)
        elif name == CURRENCY_PRICES:
            raw[name] = _currency_prices(text, currency, wrong)
        elif name in LISTS:
            raw[name] = ids_in(text, LISTS[name], name, wrong)
        elif name == "countries":
            raw[name] = _countries(text)
        elif name in DAYS:
            raw[name] = moment_of(text, name, zone, wrong)
        elif name == "product":
            raw[name] = next(iter(ids_in(text, "Product", name, wrong)), "")
        elif text or model.model_fields[name].is_required() or emptied(form, name, model.model_fields[name]):
            raw[name] = text.upper() if name == "prefix" else text
    return Draft(raw | {"id": form.get("id", "").strip()}, wrong, _at_field)


def _countries(text: str) -> list[str]:
    """Countries by their two letters or their English names; anything else as it was written."""
    codes = {name.casefold(): code for code, name in COUNTRIES.items()}
    found = []
    for line in filter(None, (part.strip() for part in re.split(r"[\n,;]+", text))):
        named = codes.get(line.casefold())
        found += [named] if named else [one_line(word, 40).upper() for word in line.split()]
    return found
