"""Orders as the GraphQL API shows them. A view is a dict of values and functions of arguments; see also links.py."""

from __future__ import annotations

from sandbox.admin_api.views.addresses import address_view
from sandbox.admin_api.views.connections import OF, connection
from sandbox.admin_api.views.metafields import metafield_fields
from sandbox.admin_api.views.order_lines import (
    application_view,
    applications_of,
    bag,
    line_view,
    shipping_view,
    tax_views,
)
from sandbox.admin_api.views.refunds import refund_view, transaction_view
from sandbox.shop import people, sums
from sandbox.state import Record, Shop

FINANCIAL = {
    "pending": "PENDING", "paid": "PAID", "partially_paid": "PARTIALLY_PAID", "refunded": "REFUNDED",
    "partially_refunded": "PARTIALLY_REFUNDED", "voided": "VOIDED",
}  # fmt: skip


def order_view(shop: Shop, order: Record) -> Record:
    """An Order."""
    amounts = {name: bag(order, amount) for name, amount in _amounts(order).items()}
    gid = f"gid://shopify/Order/{order['id']}"
    return {
        "__typename": "Order", OF: order, "id": gid, **_identity(order), **_state(order), **_buyer(shop, order),
        **_contents(shop, order), **_discounts(order), **_payments(shop, order), **_taxes(order),
        **metafield_fields(shop, gid), **amounts, **_charges(order),
    }  # fmt: skip


def _identity(order: Record) -> Record:
    return {
        "legacyResourceId": str(order["id"]), "name": order["name"], "number": order["number"],
        "sourceName": order["source"], "test": order["test"], "tags": order["tags"], "note": None,
        "app": {"id": "gid://shopify/OrderApp/580111", "name": "Online Store"}, "retailLocation": None,
        "cartToken": None, "checkoutToken": None,
        "customAttributes": [{"key": one["name"], "value": one["value"]} for one in order["note_attributes"]],
    }  # fmt: skip


def _state(order: Record) -> Record:
    return {
        "createdAt": order["created_at"], "updatedAt": order["updated_at"], "processedAt": order["processed_at"],
        "cancelledAt": order["cancelled_at"], "closedAt": order["closed_at"], "closed": bool(order["closed_at"]),
        "cancelReason": order["cancel_reason"].upper() if order["cancel_reason"] else None, "confirmed": True,
        "edited": order["edited"], "displayFinancialStatus": FINANCIAL[sums.financial_status(order)],
        "displayFulfillmentStatus": "FULFILLED" if order["fulfilled_at"] else "UNFULFILLED",
        "fulfillments": lambda _info, first=None: _fulfilments(order),
    }  # fmt: skip


def _buyer(shop: Shop, order: Record) -> Record:

    customer = shop.customer.get(order["customer_id"])
    address = {**people.address_of(customer), "id": f"gid://shopify/MailingAddress/{order['id']}"} if customer else None
    return {
        "email": order["email"] or None, "phone": None, "customerLocale": order["locale"],
        "shippingAddress": lambda *_: address_view(address), "billingAddress": lambda *_: address_view(address),
    }  # fmt: skip


def _contents(shop: Shop, order: Record) -> Record:
    return {
        "lineItems": lambda _info, **page: connection(
            order["lines"], lambda one: line_view(shop, order, one), **page
        ),
        "shippingLine": lambda *_: shipping_view(order, sums.parcels(order)[-1]),
        "shippingLines": lambda _info, includeRemovals=False, **page: connection(
            [one for one in sums.parcels(order) if includeRemovals or not one.get("removed")],
            lambda one: shipping_view(order, one), **page
        ),
        "subtotalLineItemsQuantity": sum(line["quantity"] for line in order["lines"]),
        "currentSubtotalLineItemsQuantity": sum(sums.current(line) for line in order["lines"]),
    }  # fmt: skip


def _discounts(order: Record) -> Record:
    codes = [code["code"] for code in order["codes"]]
    return {
        "discountCodes": codes, "discountCode": codes[0] if codes else None,
        "discountApplications": lambda _info, **page: connection(
            applications_of(order), lambda one: application_view(order, one), **page
        ),
    }  # fmt: skip


def _payments(shop: Shop, order: Record) -> Record:
    return {
        "currencyCode": order["currency"],
        "presentmentCurrencyCode": (order["presentment"] or [order["currency"]])[0],
        "paymentGatewayNames": order["gateways"], "fullyPaid": not sums.outstanding(order),
        "unpaid": sums.received(order) == 0,
        "transactions": lambda _info, first=None, **_: [
            transaction_view(order, one) for one in _transactions(order)[:first]
        ],
        "refunds": lambda _info, first=None: [refund_view(shop, order, one) for one in order["refunds"][:first]],
    }  # fmt: skip


def _taxes(order: Record) -> Record:
    return {
        "taxesIncluded": order["taxes_included"],
        "taxLines": lambda *_: tax_views(order, sums.totals(order, original=True)["tax"]),
        "currentTaxLines": lambda *_: tax_views(order, sums.totals(order)["tax"]),
    }


def _amounts(order: Record) -> dict[str, int]:
    placed, left = sums.totals(order, original=True), sums.totals(order)
    came, went = sums.received(order), sums.refunded(order)
    adjustments = [part for one in order["refunds"] for part in one["adjustments"]]
    return {
        "subtotalPriceSet": placed["subtotal"], "currentSubtotalPriceSet": left["subtotal"],
        "totalPriceSet": placed["total"], "currentTotalPriceSet": left["total"],
        "originalTotalPriceSet": placed["total"], "totalTaxSet": placed["tax"], "currentTotalTaxSet": left["tax"],
        "totalDiscountsSet": placed["discounts"], "currentTotalDiscountsSet": left["discounts"],
        "totalShippingPriceSet": placed["shipping"], "currentShippingPriceSet": left["shipping"],
        "totalTipReceivedSet": order["tip"], "totalRefundedSet": went, "totalReceivedSet": came,
        "totalRefundedShippingSet": sum(one["shipping"] for one in order["refunds"]),
        "totalOutstandingSet": sums.balance(order), "netPaymentSet": came - went,
        "refundDiscrepancySet": sum(one["amount"] for one in adjustments if one["kind"] == "refund_discrepancy"),
    }  # fmt: skip


def _charges(order: Record) -> Record:
    """Duties and additional fees; null where there never were any."""
    found: Record = {"additionalFees": []}
    for name, key in (("Duties", "duties"), ("AdditionalFees", "fees")):
        placed, left = sums.charge(order, key), sums.charge_left(order, key)
        found[f"originalTotal{name}Set"] = bag(order, placed) if placed else None
        found[f"currentTotal{name}Set"] = bag(order, left) if placed else None
    if sums.charge(order, "fees"):
        gid, price = f"gid://shopify/AdditionalFee/{order['id'] + 2}", bag(order, order["fees"])
        found["additionalFees"] = [{"id": gid, "name": "Fee", "price": price, "taxLines": []}]
    return found


def _fulfilments(order: Record) -> list[Record]:
    if not order["fulfilled_at"]:
        return []
    gid = f"gid://shopify/Fulfillment/{order['id']}"
    return [{"__typename": "Fulfillment", "id": gid, "createdAt": order["fulfilled_at"], "status": "SUCCESS"}]


def _transactions(order: Record) -> list[Record]:
    return [*order["transactions"], *(part for one in order["refunds"] for part in one["transactions"])]
