"""The form by which staff ask for many codes for one discount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from plugin.errors import BadInput
from plugin.rules.codes.code_sets import CodeBatch
from plugin.rules.fields import of_shop
from plugin.rules.mistakes import NOT_RIGHT, in_words

SWITCHES = (
    "once_per_customer",
    "combines_with_order_discounts",
    "combines_with_product_discounts",
    "combines_with_shipping_discounts",
)
TEXTS = ("name", "count", "kind", "value", "minimum_spend", "valid_days", "prefix")
AT_FIRST = {"count": "1000", "kind": "percent", "value": "10", "valid_days": "30", "once_per_customer": "yes"}
"""What the form holds before anybody fills it in."""


def read(form: Mapping[str, str], currency: str) -> CodeBatch:
    """What a form asks for; BadInput names every field that is wrong."""
    raw: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS} | {
        name: bool(form.get(name)) for name in SWITCHES
    }
    raw["count"] = raw["count"].replace(",", "")
    raw["minimum_spend"] = raw["minimum_spend"] or "0"
    raw["prefix"] = raw["prefix"].upper()
    try:
        return CodeBatch.model_validate(raw, context=of_shop(currency))
    except ValidationError as error:
        raise BadInput(NOT_RIGHT, in_words(error)) from error
