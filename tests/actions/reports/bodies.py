"""Bodies of orders in Shopify's shape, as a shop goes on with them."""

from __future__ import annotations

from typing import Any

from tests import payloads
from tests.actions.reports import oracle


def line(key: int, each: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """A coin of 6.00 for each unit, so that a discount of one and a tax of a fifth are whole for every unit."""
    price, units = 6 * each["price"], each["units"]
    off = 6 * min(each["off"], each["price"]) * units if made["code"] and each["kind"] == "good" else 0
    net = price * units - off
    tax = (net // 6 if made["included"] else net // 5 * 1) if made["tax"] and each["kind"] == "good" else 0
    tax = tax // units * units
    more: dict[str, Any] = {"gift_card": each["kind"] == "gift_card", "product_id": each["product"]}
    more |= {"tip_payment_gateway": None, "quantity_of_tips": 1} if each["kind"] == "tip" else {}
    return payloads.line(
        key, f"{price}.00", units, discount=f"{off}.00" if off else None, tax=f"{tax}.00" if tax else None, **more
    )


def whole(body: dict[str, Any]) -> int:
    """Everything that is on the order, in cents, with tax."""
    lines = sum(
        oracle.cents(line["price"]) * line["quantity"]
        - sum(oracle.cents(each["amount"]) for each in line["discount_allocations"])
        + (0 if body["taxes_included"] else sum(oracle.cents(each["price"]) for each in line["tax_lines"]))
        for line in body["line_items"]
    )
    return lines + sum(oracle.cents(each["price"]) for each in body["shipping_lines"])


def left(body: dict[str, Any]) -> int:
    """What was paid and not given back."""
    back = sum(oracle.cents(each["amount"]) for one in body["refunds"] for each in one["transactions"])
    return whole(body) - back


def refund(key: int, body: dict[str, Any], back: int, line: tuple[int, int, int] | None = None) -> dict[str, Any]:
    made = payloads.refund(key * 100 + len(body["refunds"]), amount=None if line else f"{back / 100:.2f}")
    if line:
        row = {"line_item_id": line[0], "quantity": 1, "subtotal": line[1] / 100, "total_tax": line[2] / 100}
        made["refund_line_items"] = [row]
    moved = {"kind": "refund", "status": "success", "gateway": "visa", "amount": f"{back / 100:.2f}"}
    return made | {"transactions": [moved] if back else []}
