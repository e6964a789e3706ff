"""An order from GraphQL with something in every field, and the delivery's payload that it becomes."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def node(amount: str) -> Json:
    """A money bag as GraphQL has it; the buyer sees twice as much in euros."""
    return {
        "shopMoney": {"amount": amount, "currencyCode": "USD"},
        "presentmentMoney": {"amount": f"{float(amount) * 2:.2f}", "currencyCode": "EUR"},
    }


def bag(amount: str) -> Json:
    """The same as a delivery has it."""
    return {
        "shop_money": {"amount": amount, "currency_code": "USD"},
        "presentment_money": {"amount": f"{float(amount) * 2:.2f}", "currency_code": "EUR"},
    }


def both(name: str, amount: str) -> Json:
    """As text and as a bag."""
    return {name: amount, f"{name}_set": bag(amount)}


def gid(kind: str, number: int) -> str:
    """An id as GraphQL writes it."""
    return f"gid://shopify/{kind}/{number}"


def nodes(*several: Json) -> Json:
    """A connection."""
    return {"nodes": list(several)}


TAX = {"title": "VAT", "rate": 0.12, "priceSet": node("1.20")}
TAX_SAID = {"title": "VAT", "rate": 0.12, **both("price", "1.20")}
PAYMENT = {
    "id": gid("OrderTransaction", 91), "kind": "SALE", "status": "SUCCESS", "gateway": "visa", "createdAt": "at 3",
    "processedAt": "at 4", "test": False, "amountSet": node("64.00"),
}  # fmt: skip
PAYMENT_SAID = {
    "id": 91, "order_id": 11, "kind": "sale", "status": "success", "gateway": "visa", "created_at": "at 3",
    "processed_at": "at 4", "test": False, "amount": "128.00", "currency": "EUR",
}  # fmt: skip


def applied(index: int, amount: str) -> Json:
    """What an application of a discount took off."""
    return {"allocatedAmountSet": node(amount), "discountApplication": {"index": index}}


def line(number: int, **more: Any) -> Json:
    """A line of an order."""
    return {
        "id": gid("LineItem", number), "product": {"id": gid("Product", 41)}, "variant": {"id": gid("ProductVariant",
        42)},
        "name": "Mug - Blue", "title": "Mug", "variantTitle": "Blue", "sku": "M-1", "vendor": "Clay",
        "sellingPlan": {"name": "Monthly"}, "quantity": 2, "currentQuantity": 1, "isGiftCard": False, "taxable": True,
        "requiresShipping": True, "originalUnitPriceSet": node("20.00"), "discountAllocations": [applied(0, "1.50")],
        "taxLines": [TAX], **more,
    }  # fmt: skip


TIP = {
    "product": None, "variant": None, "sellingPlan": None, "quantity": 1, "currentQuantity": 1, "taxable": False,
    "requiresShipping": False, "originalUnitPriceSet": node("2.00"), "discountAllocations": [], "taxLines": [],
}  # fmt: skip
REFUND: Json = {
    "id": gid("Refund", 81), "order": {"id": gid("Order", 11)}, "createdAt": "at 7", "processedAt": "at 8",
    "note": "Broken",
    "refundLineItems": nodes({
        "id": gid("RefundLineItem", 82), "lineItem": {"id": gid("LineItem", 31)}, "quantity": 1,
        "restockType": "NO_RESTOCK",
        "subtotalSet": node("19.00"), "totalTaxSet": node("1.90"),
    }),
    "refundShippingLines": nodes({
        "id": gid("RefundShippingLine", 83), "shippingLine": {"id": gid("ShippingLine", 51)},
        "subtotalAmountSet": node("1.00"), "taxAmountSet": node("0.10"),
    }),
    "orderAdjustments": nodes({
        "id": gid("OrderAdjustment", 84), "reason": "REFUND_DISCREPANCY", "amountSet": node("-0.40"),
        "taxAmountSet": node("-0.04"),
    }),
    "duties": [{"amountSet": node("0.70")}],
    "transactions": nodes(PAYMENT | {"kind": "REFUND", "status": "PENDING"}),
}  # fmt: skip
REFUND_SAID: Json = {
    "id": 81, "admin_graphql_api_id": gid("Refund", 81), "order_id": 11, "created_at": "at 7", "processed_at": "at 8",
    "note": "Broken",
    "refund_line_items": [{"id": 82, "line_item_id": 31, "quantity": 1, "restock_type": "no_restock",
                           **both("subtotal", "19.00"), **both("total_tax", "1.90")}],
    "refund_shipping_lines": [
        {"id": 83, "shipping_line_id": 51, "subtotal_amount_set": bag("1.00"), "tax_amount_set": bag("0.10")}
    ],
    "order_adjustments": [
        {"id": 84, "reason": "refund_discrepancy", **both("amount", "-0.40"), **both("tax_amount", "-0.04")}
    ],
    "duties": [both("amount", "0.70")],
    "transactions": [PAYMENT_SAID | {"kind": "refund", "status": "pending"}],
}  # fmt: skip
ORDER: Json = {
    "id": gid("Order", 11), "name": "#1011", "number": 1011, "app": {"id": gid("App", 580111)}, "sourceName": "web",
    "email": "ana@example.com", "phone": "0917", "customerLocale": "fil", "createdAt": "at 0", "processedAt": "at 1",
    "updatedAt": "at 2", "tags": ["a", "b"], "test": True,
    "cancelledAt": "at 9", "cancelReason": "CUSTOMER", "closedAt": "at 10",
    "displayFinancialStatus": "PARTIALLY_REFUNDED",
    "displayFulfillmentStatus": "PARTIALLY_FULFILLED", "paymentGatewayNames": ("visa", "gift_card"),
    "taxesIncluded": True, "currencyCode": "USD", "presentmentCurrencyCode": "EUR",
    "subtotalPriceSet": node("10.01"), "currentSubtotalPriceSet": node("10.02"), "totalPriceSet": node("10.03"),
    "currentTotalPriceSet": node("10.04"), "totalTaxSet": node("10.05"), "currentTotalTaxSet": node("10.06"),
    "totalDiscountsSet": node("10.07"), "currentTotalDiscountsSet": node("10.08"),
    "totalShippingPriceSet": node("10.09"),
    "currentShippingPriceSet": node("10.10"), "totalTipReceivedSet": node("2.00"), "totalOutstandingSet": node("10.11"),
    "originalTotalPriceSet": node("10.12"), "originalTotalDutiesSet": node("10.13"),
    "currentTotalDutiesSet": node("10.14"),
    "originalTotalAdditionalFeesSet": node("10.15"), "currentTotalAdditionalFeesSet": node("10.16"),
    "customer": {
        "id": gid("Customer", 71), "defaultEmailAddress": {"emailAddress": "ana@example.org"}, "firstName": "Ana",
        "lastName": "Reyes", "locale": "en", "verifiedEmail": True, "state": "ENABLED", "createdAt": "at 5",
        "updatedAt": "at 6",
    },
    "taxLines": [TAX],
    "lineItems": nodes(line(31), line(32, **TIP)),
    "shippingLines": nodes({
        "id": gid("ShippingLine", 51), "title": "Post", "code": "post", "isRemoved": False,
        "originalPriceSet": node("5.00"),
        "discountedPriceSet": node("4.00"), "currentDiscountedPriceSet": node("3.00"),
        "discountAllocations": [applied(1, "1.00"), applied(0, "0.25")], "taxLines": [],
    }),
    "discountApplications": nodes(
        {"__typename": "DiscountCodeApplication", "index": 0, "value": {"__typename": "PricingPercentageValue",
        "percentage": 5},
         "allocationMethod": "ACROSS", "targetSelection": "ALL", "targetType": "LINE_ITEM", "code": "Five"},
        {"__typename": "AutomaticDiscountApplication", "index": 1, "value": {"__typename": "MoneyV2", "amount": "1.00"},
         "allocationMethod": "EACH", "targetSelection": "EXPLICIT", "targetType": "SHIPPING_LINE", "title": "Post",
         "description": ""},
    ),
    "discountCodes": ["FIVE", "OTHER"],
    "transactions": [PAYMENT],
    "refunds": [REFUND],
    "fulfillments": [{"createdAt": "at 11", "status": "SUCCESS"}],
}  # fmt: skip
SAID: Json = {
    "id": 11, "admin_graphql_api_id": gid("Order", 11), "name": "#1011", "order_number": 1011, "app_id": 580111,
    "source_name": "web", "email": "ana@example.com", "contact_email": "ana@example.com", "phone": "0917",
    "customer_locale": "fil", "created_at": "at 0", "processed_at": "at 1", "updated_at": "at 2", "tags": "a, b",
    "test": True, "cancelled_at": "at 9", "cancel_reason": "customer", "closed_at": "at 10",
    "financial_status": "partially_refunded", "fulfillment_status": "partial",
    "payment_gateway_names": ["visa", "gift_card"], "taxes_included": True, "currency": "USD",
    "presentment_currency": "EUR",
    **both("subtotal_price", "10.01"), **both("current_subtotal_price", "10.02"), **both("total_price", "10.03"),
    **both("current_total_price", "10.04"), **both("total_tax", "10.05"), **both("current_total_tax", "10.06"),
    **both("total_discounts", "10.07"), **both("current_total_discounts", "10.08"),
    "total_shipping_price_set": bag("10.09"), "current_shipping_price_set": bag("10.10"), "total_tip_received": "2.00",
    "total_outstanding": "10.11", "original_total_price_set": bag("10.12"), "original_total_duties_set": bag("10.13"),
    "current_total_duties_set": bag("10.14"), "original_total_additional_fees_set": bag("10.15"),
    "current_total_additional_fees_set": bag("10.16"),
    "customer": {
        "id": 71, "admin_graphql_api_id": gid("Customer", 71), "email": "ana@example.org", "first_name": "Ana",
        "last_name": "Reyes", "locale": "en", "verified_email": True, "state": "enabled", "created_at": "at 5",
        "updated_at": "at 6",
    },
    "discount_codes": [
        {"code": "FIVE", "amount": "1.75", "type": "percentage"}, {"code": "OTHER", "amount": "0.00",
        "type": "fixed_amount"}
    ],
    "discount_applications": [
        {"type": "discount_code", "value": "5", "value_type": "percentage", "allocation_method": "across",
         "target_selection": "all", "target_type": "line_item", "code": "Five"},
        {"type": "automatic", "value": "1.00", "value_type": "fixed_amount", "allocation_method": "each",
         "target_selection": "explicit", "target_type": "shipping_line", "title": "Post"},
    ],
    "tax_lines": [TAX_SAID],
    "line_items": [
        {
            "id": 31, "admin_graphql_api_id": gid("LineItem", 31), "product_id": 41, "product_exists": True,
            "variant_id": 42, "name": "Mug - Blue", "title": "Mug", "variant_title": "Blue", "sku": "M-1",
            "vendor": "Clay",
            "selling_plan": "Monthly", "quantity": 2, "current_quantity": 1, "gift_card": False, "taxable": True,
            "requires_shipping": True, **both("price", "20.00"),
            "discount_allocations": [{**both("amount", "1.50"), "discount_application_index": 0}],
            "tax_lines": [TAX_SAID],
        },
        {
            "id": 32, "admin_graphql_api_id": gid("LineItem", 32), "product_id": None, "product_exists": False,
            "variant_id": None, "name": "Mug - Blue", "title": "Mug", "variant_title": "Blue", "sku": "M-1",
            "vendor": "Clay", "selling_plan": None, "quantity": 1, "current_quantity": 1, "gift_card": False,
            "taxable": False, "requires_shipping": False, **both("price", "2.00"), "discount_allocations": [],
            "tax_lines": [], "tip_payment_gateway": None,
        },
    ],
    "shipping_lines": [{
        "id": 51, "title": "Post", "code": "post", "is_removed": False, **both("price", "5.00"),
        **both("discounted_price", "4.00"), "current_discounted_price_set": bag("3.00"),
        "discount_allocations": [{**both("amount", "1.00"), "discount_application_index": 1},
                                 {**both("amount", "0.25"), "discount_application_index": 0}],
        "tax_lines": [],
    }],
    "transactions": [PAYMENT_SAID],
    "refunds": [REFUND_SAID],
    "fulfillments": [{"created_at": "at 11", "status": "success"}],
}  # fmt: skip
