"""Orders and refunds as the GraphQL API shows them. A view is a dict of values and functions of arguments."""

from __future__ import annotations

from decimal import Decimal

from sandbox import money, people, sums
from sandbox.graph_goods import product_view, variant_of
from sandbox.graph_metafields import metafield_fields
from sandbox.graph_pages import connection
from sandbox.state import Record, Shop

FINANCIAL = {
    "pending": "PENDING", "paid": "PAID", "partially_paid": "PARTIALLY_PAID", "refunded": "REFUNDED",
    "partially_refunded": "PARTIALLY_REFUNDED", "voided": "VOIDED",
}  # fmt: skip


def money_view(minor: int, currency: str) -> Record:
    """A MoneyV2."""
    return {"amount": money.graph(minor, currency), "currencyCode": currency}


def bag(order: Record, minor: int) -> Record:
    """A MoneyBag."""
    currency = order["currency"]
    if not order["presentment"]:
        one = money_view(minor, currency)
        return {"shopMoney": one, "presentmentMoney": one}
    shown, rate = order["presentment"]
    seen = money.converted(minor, currency, shown, Decimal(rate))
    return {"shopMoney": money_view(minor, currency), "presentmentMoney": money_view(seen, shown)}


def order_view(shop: Shop, order: Record) -> Record:
    """An Order."""
    from sandbox.graph_customers import customer_view  # each shows the other

    placed, left = sums.totals(order, original=True), sums.totals(order)
    came, went = sums.received(order), sums.refunded(order)
    customer = shop.customer.get(order["customer_id"])
    status = FINANCIAL[sums.financial_status(order)]
    address = {**people.address_of(customer), "id": f"gid://shopify/MailingAddress/{order['id']}"} if customer else None
    view: Record = {
        "__typename": "Order", "id": f"gid://shopify/Order/{order['id']}",
        "legacyResourceId": str(order["id"]),
        "name": order["name"], "number": order["number"], "createdAt": order["created_at"],
        "updatedAt": order["updated_at"], "processedAt": order["processed_at"],
        "cancelledAt": order["cancelled_at"], "closedAt": order["closed_at"],
        "closed": bool(order["closed_at"]),
        "cancelReason": order["cancel_reason"].upper() if order["cancel_reason"] else None, "confirmed": True,
        "test": order["test"], "sourceName": order["source"], "displayFinancialStatus": status,
        "displayFulfillmentStatus": "FULFILLED" if order["fulfilled_at"] else "UNFULFILLED",
        "taxesIncluded": order["taxes_included"], "currencyCode": order["currency"],
        "presentmentCurrencyCode": (order["presentment"] or [order["currency"]])[0],
        "customer": lambda *_: customer_view(shop, customer) if customer else None,
        "email": order["email"] or None, "phone": None, "customerLocale": order["locale"], "note": None,
        "tags": order["tags"], "discountCodes": [code["code"] for code in order["codes"]],
        "customAttributes": [{"key": one["name"], "value": one["value"]} for one in order["note_attributes"]],
        "discountCode": order["codes"][0]["code"] if order["codes"] else None,
        "paymentGatewayNames": order["gateways"], "edited": order["edited"],
        "fullyPaid": not sums.outstanding(order), "unpaid": came == 0,
        "refunds": lambda _info, first=None: [refund_view(shop, order, one) for one in order["refunds"][:first]],
        "fulfillments": lambda _info, first=None: _fulfilments(order),
        "transactions": lambda _info, first=None, **_: [
            transaction_view(order, one) for one in _transactions(order)[:first]
        ],
        "lineItems": lambda _info,
        **page: connection(order["lines"], lambda one: line_view(shop, order, one), **page),
        "shippingLine": lambda *_: shipping_view(order),
        "shippingLines": lambda _info, includeRemovals=False, **page: connection(
            [order["shipping"]], lambda _: shipping_view(order), **page
        ),
        "taxLines": lambda *_: tax_views(order, placed["tax"]),
        "currentTaxLines": lambda *_: tax_views(order, left["tax"]),
        "discountApplications": lambda _info, **page: connection(
            _applications(order), lambda one: application_view(order, one), **page
        ),
        "shippingAddress": lambda *_: address_view(address),
        "billingAddress": lambda *_: address_view(address),
        "app": {"id": "gid://shopify/OrderApp/580111", "name": "Online Store"}, "retailLocation": None,
        "cartToken": None, "checkoutToken": None,
        "subtotalLineItemsQuantity": sum(line["quantity"] for line in order["lines"]),
        "currentSubtotalLineItemsQuantity": sum(sums.current(line) for line in order["lines"]),
        **metafield_fields(shop, f"gid://shopify/Order/{order['id']}"),
    }  # fmt: skip
    amounts = {
        "subtotalPriceSet": placed["subtotal"], "currentSubtotalPriceSet": left["subtotal"],
        "totalPriceSet": placed["total"], "currentTotalPriceSet": left["total"],
        "originalTotalPriceSet": placed["total"], "totalTaxSet": placed["tax"],
        "currentTotalTaxSet": left["tax"],
        "totalDiscountsSet": placed["discounts"], "currentTotalDiscountsSet": left["discounts"],
        "totalShippingPriceSet": placed["shipping"], "currentShippingPriceSet": left["shipping"],
        "totalTipReceivedSet": order["tip"], "totalRefundedSet": went, "totalReceivedSet": came,
        "totalRefundedShippingSet": sum(one["shipping"] for one in order["refunds"]),
        "totalOutstandingSet": sums.outstanding(order), "netPaymentSet": came - went,
        "refundDiscrepancySet": sum(
            part["amount"]
            for one in order["refunds"]
            for part in one["adjustments"]
            if part["kind"] == "refund_discrepancy"
        ),
    }  # fmt: skip
    return {**view, **{name: bag(order, amount) for name, amount in amounts.items()}}


def _fulfilments(order: Record) -> list[Record]:
    if not order["fulfilled_at"]:
        return []
    gid = f"gid://shopify/Fulfillment/{order['id']}"
    return [{"__typename": "Fulfillment", "id": gid, "createdAt": order["fulfilled_at"], "status": "SUCCESS"}]


def _transactions(order: Record) -> list[Record]:
    return [*order["transactions"], *(part for one in order["refunds"] for part in one["transactions"])]


def _applications(order: Record) -> list[Record]:
    return [{**one, "id": index, "index": index} for index, one in enumerate(order["applications"])]


def application_view(order: Record, one: Record) -> Record:
    """A DiscountCodeApplication."""
    percent = one["value_type"] == "percentage"
    value = {"__typename": "PricingPercentageValue", "percentage": float(one["value"])}
    if not percent:
        amount = money.to_minor(one["value"], order["currency"])
        value = {"__typename": "MoneyV2", **money_view(amount, order["currency"])}
    return {
        "__typename": "DiscountCodeApplication", "allocationMethod": "ACROSS", "index": one["index"],
        "targetSelection": "ALL", "targetType": one["target_type"].upper(), "value": value,
        "code": one["code"],
    }  # fmt: skip


def line_view(shop: Shop, order: Record, line: Record) -> Record:
    """A LineItem. The price before taxes is of what is left of the line."""
    units, left = line["quantity"], sums.current(line)
    net = sums.line_net(line, left)
    if order["taxes_included"]:
        net -= sums.line_tax(order, line, left)
    applications = _applications(order)
    return {
        "__typename": "LineItem", "id": f"gid://shopify/LineItem/{line['id']}", "name": line["name"],
        "title": line["title"], "variantTitle": line["variant_title"], "sku": line["sku"],
        "vendor": line["vendor"],
        "quantity": units, "currentQuantity": left, "refundableQuantity": left,
        "unfulfilledQuantity": 0 if order["fulfilled_at"] else left, "isGiftCard": line["gift_card"],
        "taxable": line["taxable"], "requiresShipping": not line["gift_card"], "customAttributes": [],
        "product": lambda *_: product_view(shop, shop.product.get(line["product_id"])),
        "sellingPlan": {"name": line["selling_plan"], "sellingPlanId": None} if line.get("selling_plan") else None,
        "variant": lambda *_: variant_of(shop, line), "originalUnitPriceSet": bag(order, line["price"]),
        "originalTotalSet": bag(order, line["price"] * units),
        "discountedUnitPriceSet": bag(order, line["price"]),
        "discountedTotalSet": lambda _info, withCodeDiscounts=False: bag(
            order, sums.line_net(line, units) if withCodeDiscounts else line["price"] * units
        ),
        "discountedUnitPriceAfterAllDiscountsSet": bag(order, sums.line_net(line, units) // units if units else 0),
        "totalDiscountSet": bag(order, 0), "priceAfterAllDiscountsBeforeTaxesSet": bag(order, net),
        "discountAllocations": [
            {
                "allocatedAmountSet": bag(order, part["amount"]),
                "discountApplication": application_view(order, applications[part["index"]]),
            }
            for part in line["allocations"]
        ],
        "taxLines": lambda *_,
        **__: tax_views(order, sums.line_tax(order, line, units)) if line["taxable"] else [],
    }  # fmt: skip


def tax_views(order: Record, amount: int) -> list[Record]:
    """TaxLines: one or none."""
    rate = float(order["tax_rate"])
    return (
        [
            {
                "title": order["tax_title"],
                "rate": rate,
                "ratePercentage": rate * 100,
                "priceSet": bag(order, amount),
                "channelLiable": False,
            }  # fmt: skip
        ]
        if amount
        else []
    )


def shipping_view(order: Record) -> Record:
    """The ShippingLine."""
    shipping = order["shipping"]
    return {
        "id": f"gid://shopify/ShippingLine/{shipping['id']}", "title": shipping["title"],
        "code": shipping["title"],
        "originalPriceSet": bag(order, shipping["price"]), "isRemoved": False, "taxLines": [],
        "discountedPriceSet": bag(order, sums.shipping_paid(order)), "discountAllocations": [],
        "currentDiscountedPriceSet": bag(order, sums.shipping_left(order)),
    }  # fmt: skip


def refund_view(shop: Shop, order: Record, refund: Record) -> Record:
    """A Refund."""
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


def address_view(address: Record | None) -> Record | None:
    """A MailingAddress."""
    if not address:
        return None
    return {
        "__typename": "MailingAddress", "id": address["id"], "firstName": address["first_name"],
        "lastName": address["last_name"], "name": address["name"], "address1": address["address1"],
        "address2": None, "city": address["city"], "company": None, "country": address["country"],
        "countryCodeV2": address["country_code"], "province": address["province"],
        "provinceCode": address["province_code"], "zip": address["zip"], "phone": None,
    }  # fmt: skip
