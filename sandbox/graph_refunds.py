"""Refunds and payments as the GraphQL API shows them."""

from __future__ import annotations

from sandbox.graph_order_lines import bag, line_view, shipping_view
from sandbox.graph_pages import connection
from sandbox.state import Record, Shop


def refund_view(shop: Shop, order: Record, refund: Record) -> Record:
    """A Refund."""
    from sandbox.graph_orders import order_view  # each shows the other

    return {
        "__typename": "Refund", "id": f"gid://shopify/Refund/{refund['id']}",
        "legacyResourceId": str(refund["id"]),
        "createdAt": refund["created_at"], "updatedAt": refund["created_at"],
        "processedAt": refund["created_at"],
        "note": refund["note"] or None, "order": lambda *_: order_view(shop, order),
        "totalRefundedSet": bag(order, sum(one["amount"] for one in refund["transactions"])),
        "refundLineItems": lambda _info, **page: connection(
            refund["lines"], lambda one: _refund_line_view(shop, order, one), **page
        ),
        "orderAdjustments": lambda _info, **page: connection(
            refund["adjustments"], lambda one: _adjustment_view(order, one), **page
        ),
        "refundShippingLines": lambda _info, **page: connection(
            [refund] if refund["shipping"] else [], lambda one: _refund_shipping_view(order, one), **page
        ),
        "transactions": lambda _info, **page: connection(
            refund["transactions"], lambda one: transaction_view(order, one), **page
        ),
    }  # fmt: skip


def _refund_shipping_view(order: Record, refund: Record) -> Record:
    return {
        "id": f"gid://shopify/RefundShippingLine/{refund['id'] + 1}", "shippingLine": shipping_view(order),
        "subtotalAmountSet": bag(order, refund["shipping"]), "taxAmountSet": bag(order, 0),
    }  # fmt: skip


def _adjustment_view(order: Record, one: Record) -> Record:
    reason = "REFUND_DISCREPANCY" if one["kind"] == "refund_discrepancy" else None
    return {
        "__typename": "OrderAdjustment", "id": f"gid://shopify/OrderAdjustment/{one['id']}",
        "amountSet": bag(order, one["amount"]), "taxAmountSet": bag(order, 0), "reason": reason,
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
