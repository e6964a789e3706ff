"""Webhook bodies, shaped like Shopify's own."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.shop import money, people, sums
from sandbox.state import Record, Shop
from sandbox.webhooks.order_lines import line_item, money_set, shipping_line, tip_lines
from sandbox.webhooks.refund_bodies import refund_body

BROWSER = "Mozilla/5.0"
NEVER_SET = (
    "device_id", "landing_site_ref", "location_id", "merchant_of_record_app_id", "note", "payment_terms", "phone",
    "po_number", "reference", "source_identifier", "source_url", "user_id",
)  # fmt: skip


def order_body(shop: Shop, order: Record) -> Record:
    """The order as orders/create, paid, updated, cancelled and fulfilled carry it."""
    return {
        **_identity(shop, order), **_state(order), **_buyer(shop, order), **_visit(order), **_contents(shop, order),
        **_sums(order), **dict.fromkeys(NEVER_SET),
    }  # fmt: skip


def token_of(order: Record) -> str:
    """The secret in the order's status address."""
    return hashlib.md5(str(order["id"]).encode(), usedforsecurity=False).hexdigest()


def checkout_token_of(order: Record) -> str:
    """The token of the checkout that the order came from."""
    return str(order.get("checkout_token") or token_of(order))


def _identity(shop: Shop, order: Record) -> Record:
    token = token_of(order)
    return {
        "id": order["id"], "admin_graphql_api_id": f"gid://shopify/Order/{order['id']}", "app_id": 580111,
        "name": order["name"], "number": order["number"] - 1000, "order_number": order["number"],
        "confirmation_number": token[:9].upper(), "token": token,
        "cart_token": order.get("cart_token") or token[::-1], "checkout_token": checkout_token_of(order),
        "order_status_url": f"https://{shop.domain}/{shop.settings['shop_id']}/orders/{token}/authenticate?key={token}",
        "merchant_business_entity_id": "MTU0ODM4MDAwOQ", "source_name": order["source"], "test": order["test"],
        "tags": ", ".join(order["tags"]), "note_attributes": order["note_attributes"],
    }  # fmt: skip


def _state(order: Record) -> Record:
    return {
        "created_at": order["created_at"], "updated_at": order["updated_at"], "processed_at": order["processed_at"],
        "cancelled_at": order["cancelled_at"], "cancel_reason": order["cancel_reason"],
        "closed_at": order["closed_at"], "confirmed": True, "financial_status": sums.financial_status(order),
        "payment_gateway_names": order["gateways"],
        "fulfillment_status": "fulfilled" if order["fulfilled_at"] else None,
        "fulfillments": [{"created_at": order["fulfilled_at"], "status": "success"}] if order["fulfilled_at"] else [],
        "returns": [],
    }  # fmt: skip


def _buyer(shop: Shop, order: Record) -> Record:
    customer = shop.customer.get(order["customer_id"])
    address = people.address_of(customer) if customer else None
    return {
        "email": order["email"] or None, "contact_email": order["email"] or None,
        "buyer_accepts_marketing": False, "customer_locale": order["locale"],
        "customer": people.customer_in_order(shop, customer) if customer else None,
        "billing_address": address, "shipping_address": address,
    }  # fmt: skip


def address_seen(customer_id: int | None) -> str:
    """The internet address that somebody buys and looks from; guests share one."""
    return f"203.0.113.{(customer_id or 24) % 251 + 1}"


def _visit(order: Record) -> Record:
    """From where the buyer came, and with what."""
    ip = address_seen(order["customer_id"])
    client = {
        "accept_language": order["locale"], "browser_height": None, "browser_ip": ip, "browser_width": None,
        "session_hash": None, "user_agent": BROWSER,
    }  # fmt: skip
    return {"browser_ip": ip, "client_details": client, "landing_site": "/", "referring_site": ""}


def _contents(shop: Shop, order: Record) -> Record:
    return {
        "line_items": [*(line_item(order, line) for line in order["lines"]), *tip_lines(order)],
        "line_item_groups": [],
        "shipping_lines": [shipping_line(order, parcel) for parcel in sums.parcels(order)],
        "discount_codes": [_code(order, code) for code in order["codes"]],
        "discount_applications": [_application(one) for one in order["applications"]],
        "refunds": [refund_body(shop, order, one) for one in order["refunds"]],
        "total_weight": sum(line["grams"] * line["quantity"] for line in order["lines"]),
    }  # fmt: skip


def _sums(order: Record) -> Record:
    placed, left = sums.totals(order, original=True), sums.totals(order)
    both = {
        "subtotal_price": placed["subtotal"], "total_discounts": placed["discounts"],
        "total_tax": placed["tax"],
        "total_line_items_price": placed["lines"], "total_price": placed["total"],
        "current_subtotal_price": left["subtotal"], "current_total_discounts": left["discounts"],
        "current_total_tax": left["tax"], "current_total_price": left["total"],
    }  # fmt: skip
    sets_only = {
        "total_shipping_price": placed["shipping"], "current_shipping_price": left["shipping"],
        "total_cash_rounding_payment_adjustment": 0, "total_cash_rounding_refund_adjustment": 0,
    }  # fmt: skip
    return {
        "currency": order["currency"], "presentment_currency": (order["presentment"] or [order["currency"]])[0],
        "taxes_included": order["taxes_included"], "tax_lines": _tax_lines(order, placed["tax"]), "tax_exempt": False,
        "estimated_taxes": False, "duties_included": False,
        **_charges(order), "total_outstanding": money.rest(sums.balance(order), order["currency"]),
        "total_tip_received": money.rest(order["tip"], order["currency"]),
        **{name: money.rest(amount, order["currency"]) for name, amount in both.items()},
        **{f"{name}_set": money_set(order, amount) for name, amount in {**both, **sets_only}.items()},
    }  # fmt: skip


def _code(order: Record, code: Record) -> Record:
    return {
        "code": code["code"],
        "amount": money.rest(code["amount"], order["currency"]),
        "type": code["type"],
    }


def _application(one: Record) -> Record:
    return {
        "target_type": one["target_type"], "type": "discount_code", "value": one["value"],
        "value_type": one["value_type"], "allocation_method": "across", "target_selection": "all",
        "code": one["code"],
    }  # fmt: skip


def _tax_lines(order: Record, amount: int) -> list[Record]:
    if not amount:
        return []
    return [
        {
            "price": money.rest(amount, order["currency"]),
            "rate": float(order["tax_rate"]),
            "title": order["tax_title"],
            "price_set": money_set(order, amount),
            "channel_liable": False,
        }  # fmt: skip
    ]


def _charges(order: Record) -> Record:
    """Duties and additional fees; null where there never were any."""
    found: Record = {}
    for name, key in (("duties", "duties"), ("additional_fees", "fees")):
        placed, left = sums.charge(order, key), sums.charge_left(order, key)
        found[f"original_total_{name}_set"] = money_set(order, placed) if placed else None
        found[f"current_total_{name}_set"] = money_set(order, left) if placed else None
    return found


def edit_body(order: Record, extra: dict[str, Any]) -> Record:
    """orders/edited: only what was added and removed."""
    none: Record = {"additions": [], "removals": []}
    return {
        "order_edit": {
            "id": extra["edit_id"], "app_id": None, "created_at": extra["at"], "committed_at": extra["at"],
            "notify_customer": False, "order_id": order["id"], "staff_note": "", "user_id": 548380009,
            "line_items": extra["line_items"], "discounts": {"line_item": none},
            "shipping_lines": extra["shipping_lines"],
        }
    }  # fmt: skip
