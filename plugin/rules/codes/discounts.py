"""How the terms of a code become Shopify's discount input. Percentages are 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

Terms = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Label:
    """What a discount in the shop is called, and by which tag it is known to be ours."""

    code: str
    title: str
    tag: str


def common_input(terms: Terms, label: Label, starts_at: datetime, ends_at: datetime | None) -> dict[str, object]:
    """What every kind of code has, without its context: one use, by one customer, within its dates."""
    made: dict[str, object] = {
        "title": label.title,
        "code": label.code,
        "startsAt": starts_at.isoformat(),
        "endsAt": ends_at.isoformat() if ends_at else None,
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "combinesWith": {
            "orderDiscounts": bool(terms["combines_with_order_discounts"]),
            "productDiscounts": bool(terms["combines_with_product_discounts"]),
            "shippingDiscounts": bool(terms["combines_with_shipping_discounts"]),
        },
        "tags": [label.tag],
    }
    least = Decimal(str(terms.get("minimum_spend") or terms.get("minimum_order") or 0))
    if least > 0:
        made["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": str(least)}}
    return made


def percent(value: object) -> dict[str, object]:
    """`value` per cent off."""
    return {"percentage": float(Decimal(str(value)) / 100)}


def amount(value: object) -> dict[str, object]:
    """`value` off, once."""
    return {"discountAmount": {"amount": str(value), "appliesOnEachItem": False}}


def reward_input(terms: Terms, label: Label, starts_at: datetime, ends_at: datetime | None) -> dict[str, object]:
    """The input for a redemption's terms, without its context: basic or free shipping by `terms["kind"]`."""
    made = common_input(terms, label, starts_at, ends_at)
    if terms["kind"] == "free_shipping":
        return made | _shipping(terms)
    value = percent(terms["value"]) if terms["kind"] == "percent_off" else amount(terms["value"])
    return made | {"customerGets": {"value": value, "items": _items(terms)}}


def _shipping(terms: Terms) -> dict[str, object]:
    countries = sorted(terms.get("countries") or ())
    made: dict[str, object] = {"destination": {"countries": {"add": countries}} if countries else {"all": True}}
    if terms.get("maximum_rate") is not None:
        made["maximumShippingPrice"] = str(terms["maximum_rate"])
    return made


def _items(terms: Terms) -> dict[str, object]:
    products = [terms["product"]] if terms.get("product") else terms.get("products")
    if products:
        return {"products": {"productsToAdd": [f"gid://shopify/Product/{key}" for key in sorted(products)]}}
    if terms.get("collections"):
        return {"collections": {"add": [f"gid://shopify/Collection/{key}" for key in sorted(terms["collections"])]}}
    return {"all": True}
