"""Refunds and transactions as webhooks carry them, in the shapes of before 2024-10 and of after."""

from __future__ import annotations

from decimal import Decimal

from sandbox.shop import money, sums
from sandbox.state import Record, Shop
from sandbox.webhooks.order_lines import line_item, money_set, shipping_line, tip_lines

CANCEL_LOCATION = 68_001_001_001
NEW, BOTH, OLD = SHIPPING_FORMS = ("lines", "lines and adjustments", "adjustments")
"""How a shop hears of refunded shipping: `refund_shipping_lines`, an order adjustment, or, as was seen, both."""


def refund_body(shop: Shop, order: Record, refund: Record) -> Record:
    """The refund as refunds/create carries it; subtotal and total_tax are JSON numbers."""
    form = shop.settings.get("refunded_shipping", NEW)
    adjustments = [_adjustment(order, refund, one) for one in refund["adjustments"]]
    if form != NEW:
        adjustments += _shipping_adjustments(order, refund)
    duties, fees = refund.get("duties") or 0, refund.get("fees") or 0
    return {
        "id": refund["id"], "admin_graphql_api_id": f"gid://shopify/Refund/{refund['id']}",
        "order_id": order["id"],
        "created_at": refund["created_at"], "processed_at": refund["created_at"],
        "note": refund["note"] or None,
        "user_id": 548380009,
        "restock": any(item["restock_type"] != "no_restock" for item in refund["lines"]),
        "duties": [{"duty_id": order["id"] + 1, "amount_set": money_set(order, duties)}] if duties else [],
        "refund_duties": [{"duty_id": order["id"] + 1, "refund_type": "FULL"}] if duties else [],
        "total_duties_set": money_set(order, duties),
        "additional_fees": [{"id": order["id"] + 2, "price_set": money_set(order, fees)}] if fees else [],
        "total_additional_fees_set": money_set(order, fees), "return": None,
        "refund_shipping_lines": _refund_shipping(order, refund) if form != OLD else [],
        "order_adjustments": adjustments,
        "refund_line_items": [*(_refund_line(order, item) for item in refund["lines"]), *_refund_tip(order, refund)],
        "transactions": [transaction_body(order, one) for one in refund["transactions"]],
    }  # fmt: skip


def _refund_shipping(order: Record, refund: Record) -> list[Record]:
    parcels = {parcel["id"]: parcel for parcel in sums.parcels(order)}
    return [
        {
            "id": refund["id"] + index,
            "shipping_line": shipping_line(order, parcels[part["id"]]),
            "subtotal_amount_set": money_set(order, part["amount"]),
            "tax_amount_set": money_set(order, part["tax"]),
        }
        for index, part in enumerate(sums.parts_of_shipping(order, refund), 1)
    ]


def _shipping_adjustments(order: Record, refund: Record) -> list[Record]:
    """The tax stands beside the amount, not in it."""
    return [
        _adjustment(order, refund, {
            "id": refund["id"] + 100 + index, "kind": "shipping_refund", "reason": "Shipping refund",
            "amount": -(part["amount"] - (part["tax"] if order["taxes_included"] else 0)), "tax": -part["tax"],
        })
        for index, part in enumerate(sums.parts_of_shipping(order, refund))
    ]  # fmt: skip


def _adjustment(order: Record, refund: Record, one: Record) -> Record:
    tax = one.get("tax", 0)
    return {
        "id": one["id"], "amount": money.rest(one["amount"], order["currency"]),
        "amount_set": money_set(order, one["amount"]), "kind": one["kind"], "order_id": order["id"],
        "reason": one["reason"], "refund_id": refund["id"], "tax_amount": money.rest(tax, order["currency"]),
        "tax_amount_set": money_set(order, tax),
    }  # fmt: skip


def _refund_line(order: Record, item: Record) -> Record:
    line = next(line for line in order["lines"] if line["id"] == item["line_id"])
    return {
        "id": item["id"], "quantity": item["quantity"], "line_item_id": item["line_id"],
        "location_id": None if item["restock_type"] == "no_restock" else CANCEL_LOCATION,
        "restock_type": item["restock_type"],
        "subtotal": _number(item["subtotal"], order), "total_tax": _number(item["tax"], order),
        "subtotal_set": money_set(order, item["subtotal"]), "total_tax_set": money_set(order, item["tax"]),
        "line_item": line_item(order, line),
    }  # fmt: skip


def _refund_tip(order: Record, refund: Record) -> list[Record]:
    """A tip that is a line goes back as one."""
    return [
        {
            "id": refund["id"] + 50, "quantity": 1, "line_item_id": line["id"], "location_id": None,
            "restock_type": "no_restock", "subtotal": _number(refund["tip"], order), "total_tax": 0,
            "subtotal_set": money_set(order, refund["tip"]), "total_tax_set": money_set(order, 0), "line_item": line,
        }
        for line in (tip_lines(order) if refund.get("tip") else [])
    ]  # fmt: skip


def _number(minor: int, order: Record) -> float | int:
    value = Decimal(money.rest(minor, order["currency"]))
    return int(value) if value == value.to_integral() else float(value)


def transaction_body(order: Record, one: Record) -> Record:
    """A payment or a refund of money, in the currency that the buyer paid in."""
    paid_minor, paid_in = sums.presented(order, one["amount"])
    return {
        "id": one["id"], "order_id": order["id"], "kind": one["kind"], "gateway": one["gateway"],
        "status": one["status"], "message": "Transaction approved", "created_at": one["created_at"],
        "test": one["test"], "authorization": None, "location_id": None, "user_id": None,
        "parent_id": one.get("parent"),
        "processed_at": one["created_at"], "device_id": None, "error_code": None, "source_name": "web",
        "receipt": {}, "amount": money.rest(paid_minor, paid_in), "currency": paid_in,
        "payment_id": f"{order['name']}.1", "total_unsettled_set": money_set(order, 0),
        "manual_payment_gateway": one["gateway"] == "manual", "amount_rounding": None,
        "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{one['id']}",
    }  # fmt: skip
