"""Lines, shipping and money sets of webhook bodies."""

from __future__ import annotations

from sandbox.shop import money, sums
from sandbox.state import Record


def money_set(order: Record, minor: int) -> Record:
    """The amount in the shop's currency and in the one the buyer saw."""
    currency = order["currency"]
    shown_minor, shown = sums.presented(order, minor)
    return {
        "shop_money": {"amount": money.rest(minor, currency), "currency_code": currency},
        "presentment_money": {"amount": money.rest(shown_minor, shown), "currency_code": shown},
    }


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


def tip_lines(order: Record) -> list[Record]:
    """The tip where it is a line: it alone has the key `tip_payment_gateway`."""
    if not order.get("tip_line"):
        return []
    left = 1 if sums.charge_left(order, "tip") else 0
    return [{
        "id": order["tip_line"], "admin_graphql_api_id": f"gid://shopify/LineItem/{order['tip_line']}",
        "name": "Tip", "title": "Tip", "quantity": 1, "current_quantity": left, "fulfillable_quantity": 0,
        "price": money.rest(order["tip"], order["currency"]), "price_set": money_set(order, order["tip"]),
        "product_id": None, "variant_id": None, "sku": None, "vendor": None, "variant_title": None,
        "gift_card": False, "taxable": False, "requires_shipping": False, "properties": [], "tax_lines": [],
        "duties": [], "discount_allocations": [], "total_discount": money.rest(0, order["currency"]),
        "total_discount_set": money_set(order, 0), "tip_payment_gateway": None, "tip_payment_method": None,
    }]  # fmt: skip


def shipping_line(order: Record, parcel: Record) -> Record:
    """A way in which the order is, or was to be, sent and what that cost; a removed one stays."""
    currency, paid, tax = order["currency"], sums.parcel_paid(parcel), sums.parcel_tax(order, parcel)
    allocations = []
    if parcel["discount"]:
        index = next(i for i, one in enumerate(order["applications"]) if one["target_type"] == "shipping_line")
        allocations = [_allocation(order, {"amount": parcel["discount"], "index": index})]
    return {
        "id": parcel["id"], "carrier_identifier": None, "code": parcel["title"],
        "current_discounted_price_set": money_set(order, sums.parcel_left(order, parcel)),
        "discounted_price": money.rest(paid, currency), "discounted_price_set": money_set(order, paid),
        "is_removed": bool(parcel.get("removed")), "phone": None, "price": money.rest(parcel["price"], currency),
        "price_set": money_set(order, parcel["price"]), "requested_fulfillment_service_id": None,
        "source": "shopify", "title": parcel["title"], "tax_lines": [_tax_line(order, tax)] if tax else [],
        "discount_allocations": allocations,
    }  # fmt: skip
