"""Whether a reward can be used in a cart, and if not, why: judged from the reward's terms as they were promised.

What a surface says of its cart decides what is shown, never what is taken: Shopify itself refuses the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plugin.rules.money import minor_digits, to_minor
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.types import Reason

CODES = ("amount_off", "slider", "percent_off", "free_shipping", "free_product")
"""The kinds that an order uses; nothing of a cart decides about the others."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One line: what it costs, in minor units of the shop's currency (None: nobody knows the rate). `collections` are
    None where we do not know the product's."""

    product_id: int
    minor: int | None
    gift_card: bool = False
    collections: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """A discount code in the cart; `made` are the terms behind it where it is one of ours."""

    code: str
    made: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """What decides of a cart; amounts are in the shop's currency, the buyer pays in `paid_in`."""

    goods: tuple[Goods, ...]
    applied: tuple[Applied, ...]
    paid_in: str


def refusal(made: Mapping[str, Any], cart: Cart, own: str = "") -> Reason | None:
    """Why it cannot be used in this cart; nothing where it can, or as far as we know. `own` is its own code."""
    if made.get("kind") not in CODES:
        return None
    mine = _for(made, cart)
    if not mine:
        return Reason("cart_without_products")
    return _minimum(made, cart, mine) or _beside(made, cart, own)


def _for(made: Mapping[str, Any], cart: Cart) -> list[Goods]:
    """What of the cart it is for: a gift card is bought at its full price."""
    goods = [one for one in cart.goods if not one.gift_card]
    products = {made["product"]} if made.get("product") else set(made.get("products") or ())
    if products:
        return [one for one in goods if one.product_id in products or not one.product_id]
    collections = set(made.get("collections") or ())
    return [one for one in goods if not collections or one.collections is None or collections & one.collections]


def _minimum(made: Mapping[str, Any], cart: Cart, mine: list[Goods]) -> Reason | None:
    currency = str(made.get("currency", ""))
    least = to_minor(Decimal(str(made.get("minimum_order") or 0)), minor_digits(currency))
    if not least:
        return None
    worth = _worth(mine)
    if worth is None:
        return Reason("cart_currency", {"currency": cart.paid_in})
    return (
        Reason("cart_below_minimum", {"amount_minor": least - worth, "currency": currency}) if worth < least else None
    )


def _worth(goods: list[Goods]) -> int | None:
    known = [one.minor for one in goods if one.minor is not None]
    return sum(known) if len(known) == len(goods) else None


def _beside(made: Mapping[str, Any], cart: Cart, own: str) -> Reason | None:
    """Codes that are there already go with it, or it is refused. Of a code that is not ours we know nothing: it is in
    the way only of a reward that goes with no other at all."""
    for other in cart.applied:
        if other.code.casefold() != own.casefold() and not _together(made, other.made):
            return Reason("cart_other_code", {"code": other.code})
    return None


def _together(made: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    if other is None:
        return any(made.get(f"combines_with_{each}_discounts") for each in ("order", "product", "shipping"))
    if _class(made) == _class(other) == "shipping":
        return False
    return _goes_with(made, _class(other)) and _goes_with(other, _class(made))


def _goes_with(made: Mapping[str, Any], kind: str) -> bool:
    return bool(made.get(f"combines_with_{kind}_discounts"))


def _class(made: Mapping[str, Any]) -> str:
    """Shopify's class of the discount. Source: shopify.dev, "Discount classes"."""
    if made.get("kind") == "free_shipping":
        return "shipping"
    return "product" if made.get("product") or made.get("products") or made.get("collections") else "order"


def most_points(reward: Sliding, made: Mapping[str, Any], affordable: int, cart: Cart) -> int:
    """The most points of a slider that this cart can use: what they buy covers it, and no whole step is wasted."""
    value, worth = getattr(reward, "value", None), _worth(_for(made, cart))
    if value is None or worth is None or made.get("kind") not in CODES:
        return affordable
    step_minor = to_minor(value, minor_digits(str(made.get("currency", ""))))
    steps = -(-worth // step_minor) if step_minor else 0
    return min(affordable, max(reward.points, steps * reward.step))
