"""What an order's lines cost in the currency that the buyer saw, where that is not the shop's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plugin.rules.money import known_currency, minor_digits, to_minor
from plugin.rules.orders.basis import SHIPPING_LINE
from plugin.rules.payloads.payload_values import identifier, pieces

Json = Mapping[str, Any]


def presented(payload: Json, currency: str) -> dict[str, Any]:
    """`presented_currency` and `presented_minor` of an order; nothing where the buyer paid in the shop's."""
    shown = payload.get("presentment_currency")
    if not isinstance(shown, str) or shown in ("", currency) or not known_currency(shown):
        return {}
    try:
        return _shown(payload, shown)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return {}  # told beside the shop's own amounts: not needed to judge the order


def _shown(payload: Json, shown: str) -> dict[str, Any]:
    digits = minor_digits(shown)
    lines = {identifier(line["id"]): _line(line, digits) for line in payload["line_items"]}
    shipping = sum(_shipping(line, digits) for line in payload.get("shipping_lines") or ())
    return {"presented_currency": shown, "presented_minor": {**lines, SHIPPING_LINE: shipping}}


def _line(line: Json, digits: int) -> int:
    units = max(pieces(line["quantity"]), pieces(line.get("current_quantity") or 0))
    return max(0, _seen(line, "price_set", digits) * units - _off(line.get("discount_allocations"), digits))


def _off(allocations: Iterable[Json] | None, digits: int) -> int:
    return sum(_seen(row, "amount_set", digits) for row in allocations or ())


def _shipping(line: Json, digits: int) -> int:
    return _seen(line, "discounted_price_set" if line.get("discounted_price_set") else "price_set", digits)


def _seen(row: Json, name: str, digits: int) -> int:
    money = (row.get(name) or {}).get("presentment_money") or {}
    return to_minor(money.get("amount") or "0", digits)
