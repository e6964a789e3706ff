"""The boxes as the Admin GraphQL API shows them: the fields of the product's order documents, and what official
schema 2026-10 offers beside them to tell duties, fees and money apart."""

from __future__ import annotations

from tests.worth.adjustments import rows
from tests.worth.boxes import Boxes, Cash, GivenBack, Line, Parcel
from tests.worth.coins import Record, bag, stamp
from tests.worth.webhook_shapes import (
    EXCLUDED_PRODUCT,
    ORDER,
    PRODUCT,
    REASONS,
    financial_status,
    stated_outstanding,
    tip,
    totals,
)


def node(boxes: Boxes, hour: int) -> Record:
    """An Order with its whole refunds."""
    market = boxes.setting.market
    return {
        "id": f"gid://shopify/Order/{ORDER}", "legacyResourceId": str(ORDER), "name": "#1001", "number": 1001,
        "createdAt": stamp(0), "updatedAt": stamp(hour), "processedAt": stamp(0),
        "cancelledAt": stamp(hour) if boxes.cancelled else None,
        "cancelReason": "CUSTOMER" if boxes.cancelled else None, "closedAt": None, "test": False, "sourceName": "web",
        "email": "ana@example.com", "phone": None, "customerLocale": "en",
        "taxesIncluded": boxes.setting.taxes_included, "currencyCode": market.currency,
        "presentmentCurrencyCode": market.buyers, "displayFinancialStatus": financial_status(boxes).upper(),
        "displayFulfillmentStatus": "UNFULFILLED", "discountCodes": [], "tags": [], "app": None, "edited": boxes.edited,
        "paymentGatewayNames": list(dict.fromkeys(one.gateway for one in boxes.paid)), "taxLines": [],
        "customer": {
            "id": "gid://shopify/Customer/42", "legacyResourceId": "42", "firstName": "Ana", "lastName": "Reyes",
            "locale": "en", "state": "ENABLED", "verifiedEmail": True, "createdAt": stamp(0), "updatedAt": stamp(0),
            "defaultEmailAddress": {"emailAddress": "ana@example.com"},
        },
        "shippingLines": _many([_parcel(boxes, one) for one in boxes.parcels]),
        "discountApplications": _many(
            [_DISCOUNT] if any(one.list_price > one.net for one in boxes.lines) else []
        ),
        "lineItems": _many([_line(boxes, one) for one in boxes.lines if one.kind != "tip"]),
        "transactions": _transactions(boxes), "refunds": [_refund(boxes, one) for one in boxes.refunds],
        "fulfillments": [], **_amounts(boxes),
    }  # fmt: skip


_DISCOUNT = {
    "__typename": "ManualDiscountApplication", "index": 0, "allocationMethod": "ACROSS", "title": "For you",
    "targetSelection": "ENTITLED", "targetType": "LINE_ITEM", "description": "For you",
    "value": {"__typename": "MoneyV2", "amount": "1.0"},
}  # fmt: skip


def _many(nodes: list[Record]) -> Record:
    return {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": nodes}


def _amounts(boxes: Boxes) -> Record:
    setting, sums = boxes.setting, totals(boxes)
    named = {
        "subtotalPriceSet": sums["subtotal_price"], "currentSubtotalPriceSet": sums["current_subtotal_price"],
        "totalPriceSet": sums["total_price"], "currentTotalPriceSet": sums["current_total_price"],
        "originalTotalPriceSet": sums["original_total_price"], "totalTaxSet": sums["total_tax"],
        "currentTotalTaxSet": sums["current_total_tax"], "totalDiscountsSet": sums["total_discounts"],
        "currentTotalDiscountsSet": sums["current_total_discounts"],
        "totalShippingPriceSet": sums["total_shipping_price"],
        "currentShippingPriceSet": sums["current_shipping_price"],
        "totalTipReceivedSet": tip(boxes), "totalOutstandingSet": stated_outstanding(boxes),
        "totalRefundedSet": boxes.returned, "totalReceivedSet": boxes.received,
        "netPaymentSet": boxes.received - boxes.returned,
    }  # fmt: skip
    charges: dict[str, Record | None] = {}
    for name, charge in (("Duties", boxes.duties), ("AdditionalFees", boxes.fees)):
        charges[f"originalTotal{name}Set"] = bag(setting, charge.amount) if charge.amount else None
        charges[f"currentTotal{name}Set"] = bag(setting, charge.kept) if charge.amount else None
    fees = [{"id": "gid://shopify/AdditionalFee/78", "name": "Fee", "price": bag(setting, boxes.fees.amount),
             "taxLines": []}] if boxes.fees.amount else []  # fmt: skip
    return {**{name: bag(setting, amount) for name, amount in named.items()}, **charges, "additionalFees": fees}


def _line(boxes: Boxes, line: Line) -> Record:
    setting = boxes.setting
    product = EXCLUDED_PRODUCT if line.kind == "excluded" else PRODUCT
    off, tax = (line.list_price - line.net) * line.ever, line.tax * line.ever
    return {
        "id": f"gid://shopify/LineItem/{line.id}", "name": line.kind, "title": line.kind, "sku": line.kind,
        "vendor": "Suki", "variantTitle": None, "quantity": line.ever, "currentQuantity": line.kept,
        "isGiftCard": line.kind == "gift_card", "taxable": bool(line.tax), "requiresShipping": True,
        "product": {"id": f"gid://shopify/Product/{product}"},
        "variant": {"id": f"gid://shopify/ProductVariant/{product}"}, "sellingPlan": None,
        "originalUnitPriceSet": bag(setting, line.list_price),
        "discountAllocations": [{"allocatedAmountSet": bag(setting, off), "discountApplication": {"index": 0}}]
        if off else [],
        "taxLines": [{"title": "VAT", "rate": float(setting.tax_rate), "priceSet": bag(setting, tax)}] if tax else [],
    }  # fmt: skip


def _parcel(boxes: Boxes, parcel: Parcel) -> Record:
    setting = boxes.setting
    taxes = [{"title": "VAT", "rate": float(setting.tax_rate), "priceSet": bag(setting, parcel.tax)}]
    return {
        "id": f"gid://shopify/ShippingLine/{parcel.id}", "title": "Standard", "code": "Standard",
        "isRemoved": parcel.removed, "originalPriceSet": bag(setting, parcel.list_price),
        "discountedPriceSet": bag(setting, parcel.net),
        "currentDiscountedPriceSet": bag(setting, boxes.present_price(parcel)),
        "discountAllocations": [], "taxLines": taxes if parcel.tax else [],
    }  # fmt: skip


def _refund(boxes: Boxes, refund: GivenBack) -> Record:
    setting = boxes.setting
    return {
        "id": f"gid://shopify/Refund/{refund.id}", "legacyResourceId": str(refund.id), "note": None,
        "createdAt": stamp(refund.at), "processedAt": stamp(refund.at),
        "order": {"id": f"gid://shopify/Order/{ORDER}"}, "totalRefundedSet": bag(setting, refund.moved()),
        "refundLineItems": _many([
            {"id": f"gid://shopify/RefundLineItem/{refund.id * 10 + index}", "quantity": units,
             "restockType": "RETURN", "subtotalSet": bag(setting, units * line.net),
             "totalTaxSet": bag(setting, units * line.tax),
             "lineItem": {"id": f"gid://shopify/LineItem/{line.id}"}}
            for index, (line, units, _) in enumerate(refund.lines)
        ]),
        "orderAdjustments": _many([
            {"id": f"gid://shopify/OrderAdjustment/{refund.id * 100 + index}", "reason": REASONS[row.reason],
             "amountSet": bag(setting, row.amount), "taxAmountSet": bag(setting, row.tax)}
            for index, row in enumerate(rows(setting, refund, shipping=False))
        ]),
        "refundShippingLines": _many([
            {"id": f"gid://shopify/RefundShippingLine/{refund.id * 10 + index}",
             "subtotalAmountSet": bag(setting, net), "taxAmountSet": bag(setting, tax),
             "shippingLine": {"id": f"gid://shopify/ShippingLine/{parcel.id}"}}
            for index, (parcel, net, tax) in enumerate(refund.parcels)
        ]),
        "duties": [{"amountSet": bag(setting, refund.duties), "originalDuty": {"id": "gid://shopify/Duty/77"}}]
        if refund.duties else [],
        "transactions": _many([_transaction(boxes, one, "REFUND", refund.at) for one in refund.cash]),
    }  # fmt: skip


def _transaction(boxes: Boxes, cash: Cash, kind: str, hour: int) -> Record:
    return {
        "id": f"gid://shopify/OrderTransaction/{cash.id}", "kind": kind, "status": cash.status.upper(),
        "gateway": cash.through or cash.gateway, "createdAt": stamp(hour), "processedAt": stamp(hour), "test": False,
        "amountSet": bag(boxes.setting, cash.amount),
    }  # fmt: skip


def _transactions(boxes: Boxes) -> list[Record]:
    """Payments, some as authorization and capture, one failed attempt before them; then refunds."""
    found = []
    for cash in boxes.paid:
        if cash.id % 3 == 0:
            found.append(_transaction(boxes, Cash(cash.id * 10, cash.gateway, cash.amount, "failure"), "SALE", 0))
        if cash.id % 2:
            found.append(_transaction(boxes, Cash(cash.id * 10 + 1, cash.gateway, cash.amount), "AUTHORIZATION", 0))
        found.append(_transaction(boxes, cash, "CAPTURE" if cash.id % 2 else "SALE", 0))
    for refund in boxes.refunds:
        found += [_transaction(boxes, one, "REFUND", refund.at) for one in refund.cash]
    return found
