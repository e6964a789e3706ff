"""Lines, shipping and money sets of webhook bodies."""

from __future__ import annotations

from decimal import Decimal

from sandbox import money, sums
from sandbox.state import Record


def money_set(order: Record, minor: int) -> Record:
    """The amount in the shop's currency and in the one the buyer saw."""
    currency = order["currency"]
    shown_minor, shown = presented(order, minor)
    return {
        "shop_money": {"amount": money.rest(minor, currency), "currency_code": currency},
        "presentment_money": {"amount": money.rest(shown_minor, shown), "currency_code": shown},
    }


def presented(order: Record, minor: int) -> tuple[int, str]:
    """An amount of the shop's currency in the one the buyer saw: minor units, and which currency it is."""
    if not order["presentment"]:
        return minor, order["currency"]
    shown, rate = order["presentment"]
    return money.converted(minor, order["currency"], shown, Decimal(rate)), shown


def line_item(order: Record, line: Record) -> Record:
    """One line of an order."""
    currency, units = order["currency"], line["quantity"]
    tax = sums.line_tax(order, line, units)
    return {
        "id": line["id"], "admin_graphql_api_id": f"gid://shopify/LineItem/{line['id']}",
        "attributed_staffs": [],
        "current_quantity": sums.current(line), "fulfillable_quantity": sums.current(line),
        "fulfillment_service": "manual", "fulfillment_status": "fulfilled" if order["fulfilled_at"] else None,
        "gift_card": line["gift_card"], "grams": line["grams"], "name": line["name"],
        "price": money.rest(line["price"], currency), "price_set": money_set(order, line["price"]),
        "product_exists": True, "product_id": line["product_id"], "properties": [], "quantity": units,
        "requires_shipping": not line["gift_card"], "sales_line_item_group_id": None, "sku": line["sku"],
        "taxable": line["taxable"], "title": line["title"], "total_discount": money.rest(0, currency),
        "total_discount_set": money_set(order, 0), "variant_id": line["variant_id"],
        "variant_inventory_management": "shopify", "variant_title": line["variant_title"],
        "vendor": line["vendor"],
        "tax_lines": [_tax_line(order, tax)] if line["taxable"] else [], "duties": [],
        "discount_allocations": [_allocation(order, part) for part in line["allocations"]],
    }  # fmt: skip


def _tax_line(order: Record, tax: int) -> Record:
    return {
        "channel_liable": False, "price": money.rest(tax, order["currency"]),
        "price_set": money_set(order, tax),
        "rate": float(order["tax_rate"]), "title": order["tax_title"],
    }  # fmt: skip


def _allocation(order: Record, part: Record) -> Record:
    return {
        "amount": money.rest(part["amount"], order["currency"]),
        "amount_set": money_set(order, part["amount"]),
        "discount_application_index": part["index"],
    }


def shipping_line(order: Record) -> Record:
    """How the order is sent and what that cost."""
    shipping, currency = order["shipping"], order["currency"]
    paid = sums.shipping_paid(order)
    allocations = []
    if shipping["discount"]:
        index = next(i for i, one in enumerate(order["applications"]) if one["target_type"] == "shipping_line")
        allocations = [_allocation(order, {"amount": shipping["discount"], "index": index})]
    return {
        "id": shipping["id"], "carrier_identifier": None, "code": shipping["title"],
        "current_discounted_price_set": money_set(order, sums.shipping_left(order)),
        "discounted_price": money.rest(paid, currency), "discounted_price_set": money_set(order, paid),
        "is_removed": False, "phone": None, "price": money.rest(shipping["price"], currency),
        "price_set": money_set(order, shipping["price"]), "requested_fulfillment_service_id": None,
        "source": "shopify", "title": shipping["title"], "tax_lines": [], "discount_allocations": allocations,
    }  # fmt: skip
