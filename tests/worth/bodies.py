"""Bodies in Shopify's shapes for worked cases: an order as its webhook has it, and the same as GraphQL answers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from tests.worth.drive import Delivery

Json = dict[str, Any]
PLACED = datetime(2026, 11, 20, 2, tzinfo=UTC)
YEN_FOR_A_DOLLAR = 150


def bag(amount: str, shown: str = "USD") -> Json:
    """An amount in the shop's money, and in the buyer's."""
    theirs = str(round(float(amount) * YEN_FOR_A_DOLLAR)) if shown == "JPY" else amount
    return {
        "shop_money": {"amount": amount, "currency_code": "USD"},
        "presentment_money": {"amount": theirs, "currency_code": shown},
    }


def line(key: int, price: str, quantity: int = 1, now: int | None = None, *, off: str = "", tax: str = "",
         shown: str = "USD", **more: Any) -> Json:  # fmt: skip
    """A line of goods; `now` is what is left of it, `off` the discount on the whole line."""
    return {
        "id": key, "title": f"Item {key}", "product_id": 1000 + key, "variant_id": 2000 + key, "vendor": "Suki",
        "price": price, "price_set": bag(price, shown), "quantity": quantity,
        "current_quantity": quantity if now is None else now, "gift_card": False, "taxable": bool(tax),
        "requires_shipping": True, "name": f"Item {key}", "sku": "", "variant_title": None,
        "discount_allocations": [{"amount": off, "amount_set": bag(off, shown), "discount_application_index": 0}]
        if off else [],
        "tax_lines": [{"price": tax, "price_set": bag(tax, shown), "rate": 0.2, "title": "VAT"}] if tax else [],
        **more,
    }  # fmt: skip


def shipping(price: str, now: str | None = None, *, tax: str = "", shown: str = "USD", key: int = 900,
             **more: Any) -> Json:  # fmt: skip
    """A shipping line; `now` is its present price, after refunds."""
    return {
        "id": key, "title": "Standard", "code": "Standard", "is_removed": False,
        "price": price, "price_set": bag(price, shown), "discounted_price": price,
        "discounted_price_set": bag(price, shown),
        "current_discounted_price_set": bag(price if now is None else now, shown),
        "tax_lines": [{"price": tax, "price_set": bag(tax, shown), "rate": 0.2, "title": "VAT"}] if tax else [],
        "discount_allocations": [], **more,
    }  # fmt: skip


def payment(key: int, amount: str, kind: str = "refund", status: str = "success", gateway: str = "visa",
            currency: str = "USD") -> Json:  # fmt: skip
    """A payment, in or out."""
    return {"id": key, "kind": kind, "status": status, "gateway": gateway, "amount": amount, "currency": currency}


def refund(key: int, *, lines: Sequence[Json] = (), back: str = "", adjustment: str = "", reason: str = "",
           shipped: tuple[str, str] = ("", ""), duties: str = "", status: str = "success", shown: str = "USD",
           gateway: str = "visa") -> Json:  # fmt: skip
    """A refund: lines (see `went`), money that moved, a discrepancy with its sign, shipping with its tax, duties."""
    of_shipping = {"id": key * 10, "subtotal_amount_set": bag(shipped[0] or "0", shown),
                   "tax_amount_set": bag(shipped[1] or "0", shown), "shipping_line": shipping("10.00")}  # fmt: skip
    row = {"id": key * 10 + 1, "kind": "refund_discrepancy", "reason": reason or "Refund discrepancy",
           "amount": adjustment, "amount_set": bag(adjustment or "0", shown), "tax_amount": "0.00",
           "tax_amount_set": bag("0.00", shown)}  # fmt: skip
    money = str(round(float(back or 0) * YEN_FOR_A_DOLLAR)) if shown == "JPY" else back
    return {
        "id": key, "order_id": 1, "created_at": PLACED.isoformat(), "note": None,
        "refund_line_items": list(lines), "refund_shipping_lines": [of_shipping] if shipped[0] else [],
        "order_adjustments": [row] if adjustment else [],
        "duties": [{"duty_id": 7, "amount_set": bag(duties, shown)}] if duties else [],
        "transactions": [payment(key * 10 + 2, money, status=status, currency=shown, gateway=gateway)]
        if back else [],
    }  # fmt: skip


def went(key: int, subtotal: str, quantity: int = 1, *, tax: str = "0.00", shown: str = "USD") -> Json:
    """Units of a line that a refund names."""
    return {
        "id": 5000 + key, "line_item_id": key, "quantity": quantity, "subtotal": float(subtotal),
        "subtotal_set": bag(subtotal, shown), "total_tax": float(tax), "total_tax_set": bag(tax, shown),
        "restock_type": "return",
    }  # fmt: skip


def order(lines: Sequence[Json], status: str = "paid", *, refunds: Sequence[Json] = (), ships: Sequence[Json] = (),
          open_: str = "0.00", shown: str = "USD", total: str = "100.00", **more: Any) -> Json:  # fmt: skip
    """The order as it is then."""
    return {
        "id": 1, "name": "#1001", "created_at": PLACED.isoformat(), "processed_at": PLACED.isoformat(),
        "currency": "USD", "presentment_currency": shown, "financial_status": status, "taxes_included": False,
        "total_price": total, "total_price_set": bag(total, shown), "total_outstanding": open_, "test": False,
        "email": "ana@example.com", "customer": {"id": 7, "email": "ana@example.com"}, "source_name": "web",
        "line_items": list(lines), "shipping_lines": list(ships), "refunds": list(refunds),
        "total_tip_received": "0.00", "payment_gateway_names": ["visa"], **more,
    }  # fmt: skip


def told(bodies: Sequence[Json]) -> list[Delivery]:
    """One delivery a day: a body with `order_id` is a refund on its own, any other the whole order."""
    found = []
    for day, body in enumerate(bodies):
        at = PLACED + timedelta(days=day)
        topic = "refunds/create" if "order_id" in body else "orders/updated"
        stamped = body if "order_id" in body else {**body, "updated_at": at.isoformat()}
        found.append((topic, at, orjson.dumps(stamped)))
    return found


def node_of(body: Json, at: datetime, payments: Sequence[Json] = ()) -> Json:
    """The order as the document OneOrder answers it; `payments` are what came in."""
    shown = body["presentment_currency"]
    zero = _bag(bag("0.00", shown))
    names = ("subtotalPriceSet currentSubtotalPriceSet currentTotalPriceSet totalTaxSet currentTotalTaxSet"
             " totalDiscountsSet currentTotalDiscountsSet totalShippingPriceSet currentShippingPriceSet"
             " totalTipReceivedSet totalRefundedSet").split()  # fmt: skip
    sums = dict.fromkeys(names, zero)
    for ours, theirs in (("originalTotalDutiesSet", "original_total_duties_set"),
                         ("currentTotalDutiesSet", "current_total_duties_set")):  # fmt: skip
        sums[ours] = _bag(body[theirs]) if theirs in body else None
    return {
        "id": "gid://shopify/Order/1", "legacyResourceId": "1", "name": body["name"], "number": 1001,
        "createdAt": body["created_at"], "updatedAt": at.isoformat(), "processedAt": body["processed_at"],
        "cancelledAt": None, "cancelReason": None, "closedAt": None, "test": False, "sourceName": "web",
        "email": body["email"], "phone": None, "customerLocale": "en", "taxesIncluded": body["taxes_included"],
        "currencyCode": "USD", "presentmentCurrencyCode": shown, "app": None,
        "displayFinancialStatus": body["financial_status"].upper(), "displayFulfillmentStatus": "UNFULFILLED",
        "paymentGatewayNames": ["visa"], "discountCodes": [], "tags": [],
        "customer": {"id": "gid://shopify/Customer/7", "firstName": "Ana", "lastName": "Reyes", "locale": "en",
                     "state": "ENABLED", "verifiedEmail": True, "createdAt": None, "updatedAt": None,
                     "defaultEmailAddress": None},
        **sums, "totalPriceSet": _bag(body["total_price_set"]),
        "totalOutstandingSet": _bag(bag(body["total_outstanding"], shown)), "taxLines": [],
        "shippingLines": {"nodes": [_shipping(each) for each in body["shipping_lines"]]},
        "discountApplications": {"nodes": []}, "lineItems": {"nodes": [_line(each) for each in body["line_items"]]},
        "transactions": [_payment(each) for each in payments], "fulfillments": [],
        "refunds": [_refund(each) for each in body["refunds"]],
    }  # fmt: skip


def _bag(one: Json) -> Json:
    return {
        ours: {"amount": one[theirs]["amount"], "currencyCode": one[theirs]["currency_code"]}
        for ours, theirs in (("shopMoney", "shop_money"), ("presentmentMoney", "presentment_money"))
    }


def _taxes(one: Json) -> list[Json]:
    return [{"title": t["title"], "rate": t["rate"], "priceSet": _bag(t["price_set"])} for t in one["tax_lines"]]


def _line(one: Json) -> Json:
    return {
        "id": f"gid://shopify/LineItem/{one['id']}", "name": one["name"], "title": one["title"], "sku": "",
        "vendor": "Suki", "variantTitle": None, "quantity": one["quantity"], "isGiftCard": one["gift_card"],
        "currentQuantity": one["current_quantity"], "taxable": one["taxable"], "requiresShipping": True,
        "product": {"id": f"gid://shopify/Product/{one['product_id']}"}, "variant": None, "sellingPlan": None,
        "originalUnitPriceSet": _bag(one["price_set"]), "taxLines": _taxes(one),
        "discountAllocations": [{"allocatedAmountSet": _bag(each["amount_set"]), "discountApplication": {"index": 0}}
                                for each in one["discount_allocations"]],
    }  # fmt: skip


def _shipping(one: Json) -> Json:
    return {
        "id": f"gid://shopify/ShippingLine/{one['id']}", "title": one["title"], "code": one["code"],
        "isRemoved": one["is_removed"], "originalPriceSet": _bag(one["price_set"]),
        "discountedPriceSet": _bag(one["discounted_price_set"]), "discountAllocations": [], "taxLines": _taxes(one),
        "currentDiscountedPriceSet": _bag(one["current_discounted_price_set"]),
    }  # fmt: skip


def _payment(one: Json) -> Json:
    theirs = {"amount": one["amount"], "currencyCode": one["currency"]}
    ours = theirs if one["currency"] == "USD" else {"amount": "0.01", "currencyCode": "USD"}
    return {
        "id": f"gid://shopify/OrderTransaction/{one['id']}", "kind": one["kind"].upper(),
        "status": one["status"].upper(), "gateway": one["gateway"], "createdAt": None, "processedAt": None,
        "test": False, "amountSet": {"shopMoney": ours, "presentmentMoney": theirs},
    }  # fmt: skip


_REASONS = {"Refund discrepancy": "REFUND_DISCREPANCY", "Pending refund discrepancy": "PENDING_REFUND_DISCREPANCY",
            "Full return balancing adjustment": "FULL_RETURN_BALANCING_ADJUSTMENT"}  # fmt: skip


def _refund(one: Json) -> Json:
    return {
        "id": f"gid://shopify/Refund/{one['id']}", "createdAt": None, "processedAt": None, "note": None,
        "order": {"id": "gid://shopify/Order/1"},
        "refundLineItems": {"nodes": [
            {"id": None, "quantity": row["quantity"], "restockType": "RETURN", "subtotalSet": _bag(row["subtotal_set"]),
             "totalTaxSet": _bag(row["total_tax_set"]),
             "lineItem": {"id": f"gid://shopify/LineItem/{row['line_item_id']}"}} for row in one["refund_line_items"]
        ]},
        "orderAdjustments": {"nodes": [
            {"id": f"gid://shopify/OrderAdjustment/{row['id']}", "reason": _REASONS.get(row["reason"]),
             "amountSet": _bag(row["amount_set"]), "taxAmountSet": _bag(row["tax_amount_set"])}
            for row in one["order_adjustments"]
        ]},
        "refundShippingLines": {"nodes": [
            {"id": f"gid://shopify/RefundShippingLine/{row['id']}", "shippingLine": {"id": None},
             "subtotalAmountSet": _bag(row["subtotal_amount_set"]), "taxAmountSet": _bag(row["tax_amount_set"])}
            for row in one["refund_shipping_lines"]
        ]},
        "duties": [{"amountSet": _bag(row["amount_set"])} for row in one["duties"]],
        "transactions": {"nodes": [_payment(each) for each in one["transactions"]]},
    }  # fmt: skip
