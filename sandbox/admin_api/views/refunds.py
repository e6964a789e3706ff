"""Refunds and payments as the GraphQL API shows them."""

from __future__ import annotations

from sandbox.admin_api.views.connections import OF, connection
from sandbox.admin_api.views.order_lines import bag, line_view, shipping_view
from sandbox.shop import sums
from sandbox.state import Record, Shop


def refund_view(shop: Shop, order: Record, refund: Record) -> Record:
    """A Refund; its record is the order that it belongs to."""

    return {
        "__typename": "Refund", OF: order, "id": f"gid://shopify/Refund/{refund['id']}",
        "legacyResourceId": str(refund["id"]),
        "createdAt": refund["created_at"], "updatedAt": refund["created_at"],
        "processedAt": refund["created_at"],
        "note": refund["note"] or None,
        "totalRefundedSet": bag(order, _moved(refund)),
        "refundLineItems": lambda _info, **page: connection(
            refund["lines"], lambda one: _refund_line_view(shop, order, one), **page
        ),
        "orderAdjustments": lambda _info, **page: connection(
            [one for one in refund["adjustments"] if one["kind"] != "shipping_refund"],
            lambda one: _adjustment_view(order, one), **page
        ),
        "refundShippingLines": lambda _info, **page: connection(
            sums.parts_of_shipping(order, refund), lambda one: _refund_shipping_view(order, refund, one), **page
        ),
        "duties": [_duty_view(order, refund)] if refund.get("duties") else [],
        "transactions": lambda _info, **page: connection(
            refund["transactions"], lambda one: transaction_view(order, one), **page
        ),
    }  # fmt: skip


def _moved(refund: Record) -> int:
    return int(sum(one["amount"] for one in refund["transactions"] if one["status"] == "success"))


def _refund_shipping_view(order: Record, refund: Record, part: Record) -> Record:
    parcel = next(one for one in sums.parcels(order) if one["id"] == part["id"])
    place = sums.parts_of_shipping(order, refund).index(part) + 1  # as its webhook counts them
    gid = f"gid://shopify/RefundShippingLine/{refund['id'] + place}"
    return {
        "id": gid, "shippingLine": shipping_view(order, parcel),
        "subtotalAmountSet": bag(order, part["amount"]), "taxAmountSet": bag(order, part["tax"]),
    }  # fmt: skip


def _duty_view(order: Record, refund: Record) -> Record:
    amount = bag(order, refund["duties"])
    duty = {"id": f"gid://shopify/Duty/{order['id'] + 1}", "price": bag(order, order["duties"]), "taxLines": []}
    return {"amountSet": amount, "originalDuty": duty}


REASONS = {
    "Pending refund discrepancy": "PENDING_REFUND_DISCREPANCY", "restock": "RESTOCK", "damage": "DAMAGE",
    "Full return balancing adjustment": "FULL_RETURN_BALANCING_ADJUSTMENT", "customer": "CUSTOMER",
}  # fmt: skip


def _adjustment_view(order: Record, one: Record) -> Record:
    return {
        "__typename": "OrderAdjustment", "id": f"gid://shopify/OrderAdjustment/{one['id']}",
        "amountSet": bag(order, one["amount"]), "taxAmountSet": bag(order, 0),
        "reason": REASONS.get(one["reason"], "REFUND_DISCREPANCY"),
    }  # fmt: skip


def _refund_line_view(shop: Shop, order: Record, item: Record) -> Record:
    line = next(line for line in order["lines"] if line["id"] == item["line_id"])
    return {
        "id": f"gid://shopify/RefundLineItem/{item['id']}", "lineItem": line_view(shop, order, line),
        "quantity": item["quantity"], "restockType": item["restock_type"].upper(),
        "restocked": item["restock_type"] != "no_restock", "priceSet": bag(order, line["price"]),
        "subtotalSet": bag(order, item["subtotal"]), "totalTaxSet": bag(order, item["tax"]),
    }  # fmt: skip


def transaction_view(order: Record, one: Record) -> Record:
    """An OrderTransaction."""
    return {
        "__typename": "OrderTransaction", "id": f"gid://shopify/OrderTransaction/{one['id']}",
        "kind": one["kind"].upper(), "status": one["status"].upper(), "gateway": one["gateway"],
        "amountSet": bag(order, one["amount"]), "createdAt": one["created_at"],
        "processedAt": one["created_at"],
        "test": one["test"], "paymentId": f"{order['name']}.1", "parentTransaction": None,
    }  # fmt: skip
