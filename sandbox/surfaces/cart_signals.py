"""What a checkout, and an order of it, look like to extensions: the values behind the signals of the global."""

from __future__ import annotations

from typing import Any

from sandbox.shop import discounts, kept_money, money, orders, people, sums
from sandbox.state import Record, Shop


def seen_money(order: Record, minor: int) -> Record:
    """An amount as a number in the currency that the buyer sees."""
    amount, currency = sums.presented(order, minor)
    return {"amount": float(money.as_decimal(amount, currency)), "currencyCode": currency}


def cart_signals(shop: Shop, order: Record) -> Record:
    """Lines, sums and discounts, by the names of the signals."""
    placed = order.get("placed") or sums.totals(order, original=True)
    return {
        "lines": [_line(shop, order, line) for line in order["lines"]],
        "cost.subtotalAmount": seen_money(order, placed["subtotal"]),
        "cost.totalShippingAmount": seen_money(order, placed["shipping"]),
        "cost.totalTaxAmount": seen_money(order, placed["tax"]),
        "cost.totalAmount": seen_money(order, placed["total"]),
        "discountCodes": [{"code": one["code"]} for one in order["codes"]],
        "discountAllocations": _whole_cart(shop, order),
        "deliveryGroups": [_delivery(order)],
    }  # fmt: skip


def _line(shop: Shop, order: Record, line: Record) -> Record:
    product, variant = orders.find_variant(shop, line["variant_id"])
    plan = {"id": "gid://shopify/SellingPlan/1"} if line.get("selling_plan") else None
    merchandise: Record = {
        "type": "variant", "id": f"gid://shopify/ProductVariant/{variant['id']}", "title": line["title"],
        "subtitle": line["variant_title"] or "", "requiresShipping": not product["gift_card"], "sku": line["sku"],
        "selectedOptions": [], "product": {
            "id": f"gid://shopify/Product/{product['id']}", "vendor": product["vendor"],
            "productType": product["type"],
        },
    }  # fmt: skip
    if plan:
        merchandise["sellingPlan"] = plan
    return {
        "id": f"gid://shopify/CartLine/{variant['id']}", "merchandise": merchandise, "quantity": line["quantity"],
        "cost": {"totalAmount": seen_money(order, line["price"] * line["quantity"])}, "attributes": [],
        "discountAllocations": _of_line(shop, order, line), "lineComponents": [], "parentRelationship": None,
    }  # fmt: skip


def _scoped(shop: Shop, code: str) -> bool:
    discount = discounts.find(shop, code)
    return bool(discount and discount["class"] == "PRODUCT")


def _of_line(shop: Shop, order: Record, line: Record) -> list[Record]:
    """Discounts of products stand at their lines; those of the whole order do not."""
    parts = [(order["applications"][part["index"]]["code"], part["amount"]) for part in line["allocations"]]
    return [_allocation(order, code, amount) for code, amount in parts if _scoped(shop, code)]


def _whole_cart(shop: Shop, order: Record) -> list[Record]:
    """Discounts of the whole order. What is taken off shipping stands at the delivery group: the reference promises
    an allocation for goods only, and an extension must not count on more."""
    whole = [one for one in order["codes"] if one["type"] != "shipping" and not _scoped(shop, one["code"])]
    return [_allocation(order, one["code"], one["amount"]) for one in whole]


def _allocation(order: Record, code: str, amount: int) -> Record:
    return {"type": "code", "code": code, "discountedAmount": seen_money(order, amount)}


def _delivery(order: Record) -> Record:
    parcel = order["shipping"]
    option = {
        "type": "shipping", "handle": "standard", "title": parcel["title"], "code": "Standard", "carrier": {},
        "metafields": [], "deliveryEstimate": {}, "cost": seen_money(order, parcel["price"]),
        "costAfterDiscounts": seen_money(order, sums.parcel_paid(parcel)),
    }  # fmt: skip
    lines = [{"id": f"gid://shopify/CartLine/{line['variant_id']}"} for line in order["lines"]]
    return {
        "groupType": "oneTimePurchase", "isDeliveryRequired": True, "targetedCartLines": lines,
        "deliveryOptions": [option], "selectedDeliveryOption": {"handle": "standard"},
    }  # fmt: skip


def gift_cards(shop: Shop, order: Record, code: str) -> list[Record]:
    """appliedGiftCards: what the card that was given would pay."""
    card = kept_money.find_card(shop, code) if code else None
    if card is None:
        return []
    used = min(card["balance"], sums.totals(order, original=True)["total"])
    balance = seen_money(order, card["balance"])
    return [{"lastCharacters": card["code"][-4:], "amountUsed": seen_money(order, used), "balance": balance}]


def buyer(shop: Shop, customer_id: int | None, email: str) -> Record:
    """The signals of buyerIdentity."""
    customer = shop.customer.get(customer_id) if customer_id else None
    return {
        "buyerIdentity.customer": _customer(shop, customer) if customer else None,
        "buyerIdentity.email": email or (customer or {}).get("email") or None,
        "buyerIdentity.phone": None, "buyerIdentity.purchasingCompany": None,
    }  # fmt: skip


def _customer(shop: Shop, customer: Record) -> Record:
    return {
        "id": f"gid://shopify/Customer/{customer['id']}", "email": customer["email"],
        "fullName": people.full_name(customer), "firstName": customer["first_name"], "lastName": customer["last_name"],
        "image": {"url": ""}, "acceptsMarketing": customer["marketing"] == "SUBSCRIBED",
        "acceptsEmailMarketing": customer["marketing"] == "SUBSCRIBED", "acceptsSmsMarketing": False,
        "storeCreditAccounts": [], "ordersCount": len(people.orders_of(shop, customer["id"])),
    }  # fmt: skip


def localization(shop: Shop, locale: str, currency: str) -> Record:
    """The signals of localization, but for the extension's own language, which its texts decide."""
    own: dict[str, Any] = shop.settings
    return {
        "localization.currency": {"isoCode": currency or shop.currency}, "localization.timezone": own["timezone"],
        "localization.language": {"isoCode": locale}, "localization.country": {"isoCode": own["country_code"]},
        "localization.market": {"id": "gid://shopify/Market/1", "handle": own["country_code"].lower()},
    }  # fmt: skip


def shop_view(shop: Shop, url: str) -> Record:
    """The shop as `shopify.shop` names it."""
    return {
        "id": f"gid://shopify/Shop/{shop.settings['shop_id']}", "name": shop.settings["name"],
        "myshopifyDomain": shop.domain, "storefrontUrl": url,
    }  # fmt: skip
