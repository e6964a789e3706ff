"""Order and customer payloads in Shopify's shape, small enough to read in a test."""

from __future__ import annotations

import base64
import hashlib
import hmac
from decimal import Decimal
from typing import Any

import orjson

PLACED = "2026-11-20T10:00:00+08:00"


def line(line_id: int, price: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    """One line item; `current_quantity`, `discount`, `tax`, `product_id` … as keywords."""
    discount, tax = more.pop("discount", None), more.pop("tax", None)
    return {
        "id": line_id,
        "title": f"Item {line_id}",
        "price": price,
        "quantity": quantity,
        "current_quantity": quantity,
        "product_id": 1000 + line_id,
        "gift_card": False,
        "discount_allocations": [{"amount": discount}] if discount else [],
        "tax_lines": [{"price": tax}] if tax else [],
        **more,
    }


def order(order_id: int = 1, lines: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A paid order of customer 7 over 49.95 USD, unless told otherwise."""
    return {
        "id": order_id,
        "name": f"#{1000 + order_id}",
        "created_at": PLACED,
        "processed_at": PLACED,
        "updated_at": PLACED,
        "currency": "USD",
        "financial_status": "paid",
        "total_price": "49.95",
        "taxes_included": False,
        "email": "ana@example.com",
        "customer": customer(),
        "line_items": lines or [line(1, "49.95")],
        "refunds": [],
        "test": False,
        **more,
    }


def customer(customer_id: int = 7, **more: Any) -> dict[str, Any]:
    """A customer."""
    return {
        "id": customer_id,
        "email": "ana@example.com",
        "first_name": "Ana",
        "last_name": "Reyes",
        "created_at": "2026-11-01T00:00:00Z",
        "verified_email": True,
        **more,
    }


def refund(refund_id: int, *lines: tuple[int, int, float], amount: str | None = None) -> dict[str, Any]:
    """A refund of (line, quantity, subtotal) rows, or of an amount without lines; the money has moved."""
    rows = [{"line_item_id": key, "quantity": count, "subtotal": money} for key, count, money in lines]
    adjustments = [{"kind": "refund_discrepancy", "amount": f"-{amount}"}] if amount else []
    moved = sum((Decimal(str(money)) for _, _, money in lines), Decimal(amount or 0))
    paid = [{"kind": "refund", "status": "success", "gateway": "visa", "amount": str(moved)}] if moved else []
    return {"id": refund_id, "refund_line_items": rows, "order_adjustments": adjustments, "transactions": paid}


def signed(secret: str, body: bytes) -> str:
    """The header Shopify would send."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def dumps(payload: object) -> bytes:
    """As bytes."""
    return orjson.dumps(payload)
