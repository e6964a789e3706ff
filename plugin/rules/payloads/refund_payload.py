"""A refund from GraphQL, and payments, in the shape of a webhook: see `order_payload`."""

from __future__ import annotations

from typing import Any

from plugin.rules.payloads.payload_parts import Node, lower, money, money_set, nodes, number_of, number_or_none


def refund_as_webhook_payload(refund: Node) -> dict[str, Any]:
    """The `refunds/create` payload of one refund as OneRefund gives it."""
    return {
        "id": number_of(refund["id"]),
        "admin_graphql_api_id": refund["id"],
        "order_id": number_of(refund["order"]["id"]),
        "created_at": refund["createdAt"],
        "processed_at": refund["processedAt"],
        "note": refund["note"],
        "refund_line_items": [_refund_line(each) for each in nodes(refund, "refundLineItems")],
        "refund_shipping_lines": [_refund_shipping(each) for each in nodes(refund, "refundShippingLines")],
        "order_adjustments": [_adjustment(each) for each in nodes(refund, "orderAdjustments")],
        "duties": [_duty(each) for each in refund.get("duties") or ()],
        "transactions": [transaction(each, number_of(refund["order"]["id"])) for each in nodes(refund, "transactions")],
    }


def _refund_line(each: Node) -> dict[str, Any]:
    return {
        "id": number_of(each["id"]) if each["id"] else None,
        "line_item_id": number_of(each["lineItem"]["id"]),
        "quantity": each["quantity"],
        "restock_type": lower(each["restockType"]),
        **money("subtotal", each["subtotalSet"]),
        **money("total_tax", each["totalTaxSet"]),
    }


def _refund_shipping(each: Node) -> dict[str, Any]:
    return {
        "id": number_of(each["id"]),
        "shipping_line_id": number_or_none(each["shippingLine"] if each["shippingLine"]["id"] else None),
        "subtotal_amount_set": money_set(each["subtotalAmountSet"]),
        "tax_amount_set": money_set(each["taxAmountSet"]),
    }


def _adjustment(each: Node) -> dict[str, Any]:
    return {
        "id": number_of(each["id"]),
        "reason": lower(each["reason"]),
        **money("amount", each["amountSet"]),
        **money("tax_amount", each["taxAmountSet"]),
    }


def _duty(each: Node) -> dict[str, Any]:
    return money("amount", each["amountSet"])


def transaction(each: Node, order_id: int) -> dict[str, Any]:
    """A payment, in the buyer's currency, as a delivery has it, so that both are converted by the same rate."""
    paid = each["amountSet"].get("presentmentMoney") or each["amountSet"]["shopMoney"]
    return {
        "id": number_of(each["id"]),
        "order_id": order_id,
        "kind": lower(each["kind"]),
        "status": lower(each["status"]),
        "gateway": each["gateway"],
        "created_at": each["createdAt"],
        "processed_at": each["processedAt"],
        "test": each["test"],
        "amount": paid["amount"],
        "currency": paid["currencyCode"],
    }
