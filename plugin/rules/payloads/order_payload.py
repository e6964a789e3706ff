"""An order from GraphQL in the shape of an order webhook, so that both go through one parser.

What differs from a delivery: the payments are there too (`transactions`); a line has no `total_discount`
(it misses order-level discounts anyway; use `discount_allocations`); amounts keep GraphQL's digits ("5000.0"
where a delivery has "5000").
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from plugin.rules.payloads.payload_parts import Node, amount, lower, money, money_set, nodes, number_of, number_or_none
from plugin.rules.payloads.refund_payload import refund_as_webhook_payload, transaction

_FULFILLED = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial", "RESTOCKED": "restocked"}
_APPLICATION = {
    "DiscountCodeApplication": "discount_code",
    "AutomaticDiscountApplication": "automatic",
    "ManualDiscountApplication": "manual",
    "ScriptDiscountApplication": "script",
}


def as_webhook_payload(order: Node) -> dict[str, Any]:
    """The `orders/updated` payload of an order as `orders.fetch` gives it (lines and refunds complete)."""
    return {
        **_identity(order),
        **_state(order),
        **_totals(order),
        "customer": _customer(order["customer"]),
        "discount_codes": _discount_codes(order),
        "discount_applications": [_application(each) for each in nodes(order, "discountApplications")],
        "tax_lines": _tax_lines(order),
        "line_items": _lines(order),
        "shipping_lines": [_shipping_line(each) for each in nodes(order, "shippingLines")],
        "transactions": [transaction(each, number_of(order["id"])) for each in order["transactions"]],
        "refunds": [refund_as_webhook_payload(each) for each in order["refunds"]],
        "fulfillments": [
            {"created_at": each["createdAt"], "status": lower(each["status"])} for each in order["fulfillments"]
        ],
    }


def _identity(order: Node) -> dict[str, Any]:
    return {
        "id": number_of(order["id"]),
        "admin_graphql_api_id": order["id"],
        "name": order["name"],
        "order_number": order["number"],
        "app_id": number_or_none(order["app"]),
        "source_name": order["sourceName"],
        "email": order["email"],
        "contact_email": order["email"],
        "phone": order["phone"],
        "customer_locale": order["customerLocale"],
        "created_at": order["createdAt"],
        "processed_at": order["processedAt"],
        "updated_at": order["updatedAt"],
        "tags": ", ".join(order["tags"]),
        "test": order["test"],
    }


def _state(order: Node) -> dict[str, Any]:
    return {
        "cancelled_at": order["cancelledAt"],
        "cancel_reason": lower(order["cancelReason"]),
        "closed_at": order["closedAt"],
        "financial_status": lower(order["displayFinancialStatus"]),
        "fulfillment_status": _FULFILLED.get(order["displayFulfillmentStatus"]),
        "payment_gateway_names": list(order["paymentGatewayNames"]),
        "taxes_included": order["taxesIncluded"],
        "currency": order["currencyCode"],
        "presentment_currency": order["presentmentCurrencyCode"],
    }


def _totals(order: Node) -> dict[str, Any]:
    return {
        **money("subtotal_price", order["subtotalPriceSet"]),
        **money("current_subtotal_price", order["currentSubtotalPriceSet"]),
        **money("total_price", order["totalPriceSet"]),
        **money("current_total_price", order["currentTotalPriceSet"]),
        **money("total_tax", order["totalTaxSet"]),
        **money("current_total_tax", order["currentTotalTaxSet"]),
        **money("total_discounts", order["totalDiscountsSet"]),
        **money("current_total_discounts", order["currentTotalDiscountsSet"]),
        "total_shipping_price_set": money_set(order["totalShippingPriceSet"]),
        "current_shipping_price_set": money_set(order["currentShippingPriceSet"]),
        "total_tip_received": amount(order["totalTipReceivedSet"]),
        "total_outstanding": amount(order["totalOutstandingSet"]),
        "original_total_price_set": money_set(order.get("originalTotalPriceSet")),
        "original_total_duties_set": money_set(order.get("originalTotalDutiesSet")),
        "current_total_duties_set": money_set(order.get("currentTotalDutiesSet")),
        "original_total_additional_fees_set": money_set(order.get("originalTotalAdditionalFeesSet")),
        "current_total_additional_fees_set": money_set(order.get("currentTotalAdditionalFeesSet")),
    }


def _customer(customer: Node | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    address = customer["defaultEmailAddress"]
    return {
        "id": number_of(customer["id"]),
        "admin_graphql_api_id": customer["id"],
        "email": address["emailAddress"] if address else None,
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        "locale": customer["locale"],
        "verified_email": customer["verifiedEmail"],
        "state": lower(customer["state"]),
        "created_at": customer["createdAt"],
        "updated_at": customer["updatedAt"],
    }


def _lines(order: Node) -> list[dict[str, Any]]:
    """GraphQL does not say which line is a tip; it is no product, and costs what was tipped in all."""
    found = nodes(order, "lineItems")
    tipped = Decimal(amount(order["totalTipReceivedSet"]) or 0)
    tips = [each for each in found if tipped and _may_be_tip(each)]
    if sum(map(_cost, tips), Decimal(0)) != tipped:
        tips = [each for each in tips if _cost(each) == tipped][:1]
    return [_line(each) | ({"tip_payment_gateway": None} if each in tips else {}) for each in found]


def _may_be_tip(line: Node) -> bool:
    return line["product"] is None and not line["taxable"] and not line["requiresShipping"] and not line["isGiftCard"]


def _cost(line: Node) -> Decimal:
    return Decimal(amount(line["originalUnitPriceSet"]) or 0) * int(line["quantity"])


def _line(line: Node) -> dict[str, Any]:
    return {
        "id": number_of(line["id"]),
        "admin_graphql_api_id": line["id"],
        "product_id": number_or_none(line["product"]),
        "product_exists": line["product"] is not None,
        "variant_id": number_or_none(line["variant"]),
        "name": line["name"],
        "title": line["title"],
        "variant_title": line["variantTitle"],
        "sku": line["sku"],
        "vendor": line["vendor"],
        "selling_plan": line["sellingPlan"]["name"] if line["sellingPlan"] else None,
        "quantity": line["quantity"],
        "current_quantity": line["currentQuantity"],
        "gift_card": line["isGiftCard"],
        "taxable": line["taxable"],
        "requires_shipping": line["requiresShipping"],
        **money("price", line["originalUnitPriceSet"]),
        "discount_allocations": _allocations(line),
        "tax_lines": _tax_lines(line),
    }


def _shipping_line(line: Node) -> dict[str, Any]:
    return {
        "id": number_of(line["id"]) if line["id"] else None,
        "title": line["title"],
        "code": line["code"],
        "is_removed": line["isRemoved"],
        **money("price", line["originalPriceSet"]),
        **money("discounted_price", line["discountedPriceSet"]),
        "current_discounted_price_set": money_set(line["currentDiscountedPriceSet"]),
        "discount_allocations": _allocations(line),
        "tax_lines": _tax_lines(line),
    }


def _allocations(line: Node) -> list[dict[str, Any]]:
    return [
        {
            **money("amount", each["allocatedAmountSet"]),
            "discount_application_index": each["discountApplication"]["index"],
        }
        for each in line["discountAllocations"]
    ]


def _tax_lines(thing: Node) -> list[dict[str, Any]]:
    return [
        {"title": each["title"], "rate": each["rate"], **money("price", each["priceSet"])} for each in thing["taxLines"]
    ]


def _application(each: Node) -> dict[str, Any]:
    percent = each["value"]["__typename"] == "PricingPercentageValue"
    return {
        "type": _APPLICATION.get(each["__typename"], "manual"),
        "value": str(each["value"]["percentage" if percent else "amount"]),
        "value_type": "percentage" if percent else "fixed_amount",
        "allocation_method": lower(each["allocationMethod"]),
        "target_selection": lower(each["targetSelection"]),
        "target_type": lower(each["targetType"]),
        **{name: each[name] for name in ("code", "title", "description") if each.get(name)},
    }


def _discount_codes(order: Node) -> list[dict[str, Any]]:
    # An order names each code; what it took off is the sum of the allocations of its application.
    applied = {each["code"].casefold(): each for each in nodes(order, "discountApplications") if each.get("code")}
    return [_discount_code(code, applied.get(code.casefold()), order) for code in order["discountCodes"]]


def _discount_code(code: str, application: Node | None, order: Node) -> dict[str, Any]:
    if application is None:
        return {"code": code, "amount": "0.00", "type": "fixed_amount"}
    lines = [*nodes(order, "lineItems"), *nodes(order, "shippingLines")]
    amounts = [
        Decimal(amount(each["allocatedAmountSet"]) or 0)
        for line in lines
        for each in line["discountAllocations"]
        if each["discountApplication"]["index"] == application["index"]
    ]
    return {"code": code, "amount": str(sum(amounts, Decimal(0))), "type": _code_type(application)}


def _code_type(application: Node) -> str:
    if application["targetType"] == "SHIPPING_LINE":
        return "shipping"
    return "percentage" if application["value"]["__typename"] == "PricingPercentageValue" else "fixed_amount"
