"""Bodies of checkouts/create, update and delete, shaped like Shopify's own."""

from __future__ import annotations

from datetime import datetime

from sandbox.shop import money, people, quotes
from sandbox.state import Record, Shop
from sandbox.surfaces import checkouts
from sandbox.webhooks.order_lines import money_set

NEVER_SET = (
    "gateway", "landing_site", "note", "referring_site", "closed_at", "user_id", "location_id", "source_identifier",
    "source_url", "device_id", "phone", "source", "sms_marketing_phone", "total_duties", "reservation_token",
)  # fmt: skip


def recover_url(shop: Shop, checkout: Record) -> str:
    """The address that takes the buyer back to it."""
    token = checkout["id"]
    return f"https://{shop.domain}/{shop.settings['shop_id']}/checkouts/{token}/recover?key={token[::-1]}"


def checkout_body(shop: Shop, checkout: Record, at: datetime) -> Record:
    """The whole checkout, as create and update carry it."""
    order, _ = quotes.quote(shop, checkouts.wish(shop, checkout), at)
    customer = shop.customer.get(checkout["customer_id"])
    address = people.address_of(customer) if customer else None
    return {
        **dict.fromkeys(NEVER_SET), **_sums(order),
        "token": checkout["id"], "cart_token": checkout["cart"] or checkout["id"][::-1], "email": checkout["email"],
        "buyer_accepts_marketing": False, "buyer_accepts_sms_marketing": False,
        "created_at": checkout["created_at"], "updated_at": checkout["updated_at"],
        "completed_at": checkout.get("completed_at"), "customer_locale": checkout["locale"],
        "name": f"#{int(checkout['id'], 16) % 10**18}", "source_name": order["source"], "note_attributes": [],
        "abandoned_checkout_url": recover_url(shop, checkout),
        "line_items": [_line(order, line) for line in order["lines"]], "shipping_lines": [],
        "discount_codes": [
            {"code": one["code"], "amount": money.rest(one["amount"], order["currency"]), "type": one["type"]}
            for one in order["codes"]
        ],
        "total_weight": sum(line["grams"] * line["quantity"] for line in order["lines"]),
        "customer": people.customer_in_order(shop, customer) if customer else None,
        "billing_address": address, "shipping_address": address,
    }  # fmt: skip


def deleted_body(shop: Shop, checkout: Record, at: datetime) -> Record:
    """What checkouts/delete says: sums, its number and its cart, and no token."""
    body = checkout_body(shop, checkout, at)
    kept = (
        "presentment_currency", "buyer_accepts_sms_marketing", "sms_marketing_phone", "total_discounts",
        "total_line_items_price", "total_price", "total_tax", "subtotal_price", "cart_token", "total_duties",
        "reservation_token",
    )  # fmt: skip
    return {"id": int(checkout["id"], 16) % 10**18, **{name: body[name] for name in kept}}


def _line(order: Record, line: Record) -> Record:
    price = money.rest(line["price"], order["currency"])
    whole = money.rest(line["price"] * line["quantity"], order["currency"])
    allocations = [
        {"amount": money.rest(part["amount"], order["currency"]), "amount_set": money_set(order, part["amount"])}
        for part in line["allocations"]
    ]
    return {
        "key": f"{line['id']:032x}", "title": line["title"], "presentment_title": line["title"],
        "variant_title": line["variant_title"], "presentment_variant_title": line["variant_title"],
        "variant_id": line["variant_id"], "product_id": line["product_id"], "quantity": line["quantity"],
        "vendor": line["vendor"], "sku": line["sku"], "gift_card": line["gift_card"], "grams": line["grams"],
        "taxable": line["taxable"], "requires_shipping": not line["gift_card"], "fulfillment_service": "manual",
        "properties": None, "tax_lines": [], "applied_discounts": [], "discount_allocations": allocations,
        "compare_at_price": None, "price": price, "variant_price": price, "line_price": whole,
    }  # fmt: skip


def _sums(order: Record) -> Record:
    placed, currency = order["placed"], order["currency"]
    amounts = {
        "subtotal_price": placed["subtotal"], "total_discounts": placed["discounts"], "total_tax": placed["tax"],
        "total_line_items_price": placed["lines"], "total_price": placed["total"],
    }  # fmt: skip
    return {
        "currency": currency, "presentment_currency": (order["presentment"] or [currency])[0],
        "taxes_included": order["taxes_included"], "tax_lines": [],
        **{name: money.rest(amount, currency) for name, amount in amounts.items()},
    }  # fmt: skip
