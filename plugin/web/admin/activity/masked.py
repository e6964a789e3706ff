"""A delivery's body as staff see it: the order is readable, the person is not."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import escape

from plugin.errors import BadPayload
from plugin.observe import masked
from plugin.rules.payloads import json_text

MASK = "•••"
LONGEST_SHOWN = 80_000
_SHOWN = frozenset(
    """
    admin_graphql_api_id amount app_id cancelled_at checkout_id closed_at confirmed created_at currency currency_code
    current_quantity customer_id domain duties_included error_code financial_status fulfillable_quantity
    fulfillment_status gateway gift_card grams iana_timezone id kind line_item_id location_id myshopify_domain number
    occurred_at order_id order_number orders_count parent_id payment_gateway_names plan_name position
    presentment_currency price processed_at product_id quantity rate refund_id requires_shipping restock restock_type
    shop_domain shop_id sku source_name state status subtotal taxable taxes_included test tip title total_spent
    transaction_id updated_at variant_id variant_title vendor verified_email
    """.split()
)
"""Whose numbers, words and moments may be seen. Of everything else only the name is, and that it is there."""
_SUM = re.compile(r"(?:current_|original_)?(?:total|subtotal)_[a-z_]{1,40}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,60}")
_WHOLLY = frozenset("attributes metafields note_attributes payment_details properties receipt".split())
"""What others name: here even the names are somebody's words."""


def body_shown(body: bytes) -> str:
    """The JSON, indented, with the values that are known to be nobody's personal data; cut where it is very long."""
    try:
        text = json.dumps(_masked(json_text.read_any(body)), indent=2, ensure_ascii=False)
    except BadPayload as error:
        return f"Not shown, it might hold personal data: {error.message} ({len(body):,} bytes)."
    cut = masked(text[:LONGEST_SHOWN])
    return _cut(cut if len(text) <= LONGEST_SHOWN else f"{cut}\n…")


def _cut(text: str) -> str:
    """As much as keeps the page small; quotes and brackets grow when they are escaped."""
    shown = text[:LONGEST_SHOWN]
    while len(escape(shown)) > LONGEST_SHOWN:
        shown = shown[: len(shown) * 3 // 4]
    return text if shown == text else f"{shown}\n…"


def _masked(value: Any, key: str = "", depth: int = 0) -> Any:
    if value is None or value == "" or value == [] or value == {}:
        return value
    if key in _WHOLLY:
        return MASK
    if isinstance(value, dict):
        return {_name(name): _masked(each, name, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, key, depth) for each in value]
    return value if _may_be_seen(key, depth) else MASK


def _name(key: str) -> str:
    return key if _FIELD.fullmatch(key) else MASK


def _may_be_seen(key: str, depth: int) -> bool:
    """An order's own `name` is its number; deeper within it a name is somebody's."""
    return key in _SHOWN or (key == "name" and depth == 1) or _SUM.fullmatch(key) is not None
