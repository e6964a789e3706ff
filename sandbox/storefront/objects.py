"""What Liquid knows on a page of the online store: shop, customer, product, cart, and the app's own metafields.

Amounts are in hundredths of the currency, as Shopify's Liquid has them whatever the currency is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from sandbox.admin_api.views.metafields import APP_ID
from sandbox.shop import money, people
from sandbox.shop.carts import Cart, class_of, priced
from sandbox.state import Record, Shop

_OWN = f"app--{APP_ID}"


def hundredths(shop: Shop, minor: int) -> int | float:
    """An amount as Liquid has it: 1000 yen are 100000."""
    value = money.as_decimal(minor, shop.currency) * 100
    return int(value) if value == value.to_integral_value() else float(value)


def metafields(shop: Shop, owner: str, *, own: bool = False) -> dict[str, dict[str, Record]]:
    """The metafields of something by namespace and key; with `own`, the app's own as `$app`."""
    found: dict[str, dict[str, Record]] = {}
    for record in shop.metafield.values():
        if record["owner"] == owner:
            space = "$app" if own and record["namespace"] == _OWN else record["namespace"]
            found.setdefault(space, {})[record["key"]] = {"value": _value(record), "type": record["type"]}
    return found


def _value(record: Record) -> Any:
    kind, value = record["type"], record["value"]
    if kind in ("json", "boolean", "number_integer") or kind.startswith("list."):
        return json.loads(value)
    return value


def app_object(shop: Shop) -> Record:
    """The app: what it keeps for its blocks."""
    return {"metafields": metafields(shop, f"gid://shopify/AppInstallation/{shop.settings['shop_id']}")}


def shop_object(shop: Shop, root: str) -> Record:
    """The shop."""
    own = shop.settings
    return {
        "name": own["name"], "currency": shop.currency, "permanent_domain": shop.domain, "domain": shop.domain,
        "url": root.rstrip("/"), "email": own["email"], "customer_accounts_enabled": True,
        "taxes_included": own["taxes_included"],
        "metafields": metafields(shop, f"gid://shopify/Shop/{own['shop_id']}", own=True),
    }  # fmt: skip


def customer_object(shop: Shop, customer: Record | None) -> Record | None:
    """The customer who is signed in; nothing for a guest."""
    if customer is None:
        return None
    return {
        "id": customer["id"], "first_name": customer["first_name"], "last_name": customer["last_name"],
        "name": people.full_name(customer), "email": customer["email"], "tags": customer["tags"],
        "orders_count": len(people.orders_of(shop, customer["id"])), "has_account": True,
        "metafields": metafields(shop, f"gid://shopify/Customer/{customer['id']}", own=True),
    }  # fmt: skip


def product_object(shop: Shop, product: Record, root: str, wanted: int | None = None) -> Record:
    """A product, with the variant that the address asks for selected."""
    variants = [_variant(shop, one) for one in product["variants"]]
    chosen = next((one for one in variants if one["id"] == wanted), variants[0])
    prices = [one["price"] for one in variants]
    return {
        "id": product["id"], "title": product["title"], "handle": product["handle"], "type": product["type"],
        "vendor": product["vendor"], "tags": product["tags"], "gift_card?": product["gift_card"],
        "url": f"{root}products/{product['handle']}", "available": True, "variants": variants,
        "price": min(prices), "price_min": min(prices), "price_max": max(prices),
        "price_varies": min(prices) != max(prices), "compare_at_price": variants[0]["compare_at_price"],
        "collections": [_collection(shop, key) for key in product["collections"]],
        "selected_or_first_available_variant": chosen, "selected_variant": chosen if wanted == chosen["id"] else None,
        "has_only_default_variant": len(variants) == 1,
    }  # fmt: skip


def _collection(shop: Shop, key: int) -> Record:
    found = shop.collection[key]
    return {"id": key, "title": found["title"], "handle": found["handle"]}


def _variant(shop: Shop, variant: Record) -> Record:
    before = variant["compare_at"]
    return {
        "id": variant["id"], "title": variant["title"], "sku": variant["sku"], "available": True,
        "price": hundredths(shop, variant["price"]),
        "compare_at_price": hundredths(shop, before) if before is not None else None,
    }  # fmt: skip


def cart_object(shop: Shop, cart: Cart, customer_id: int | None, root: str) -> Record:
    """The cart: its lines after what product codes take off, and what order codes take off the whole."""
    order, refused = priced(shop, cart, customer_id)
    codes = [one["code"] for one in order["applications"]]
    of_cart = {place for place, code in enumerate(codes) if class_of(shop, code) == "ORDER"}
    items = [_item(shop, line, of_cart, root) for line in order["lines"]]
    totals = order["placed"]
    cut = {code["code"]: code["amount"] for code in order["codes"]}
    given = [
        {"title": code, "type": "discount_code", "total_allocated_amount": hundredths(shop, cut[code])}
        for code in codes
    ]
    return {
        "token": cart.token, "item_count": sum(line["quantity"] for line in items), "items": items,
        "currency": {"iso_code": shop.currency}, "original_total_price": hundredths(shop, totals["lines"]),
        "items_subtotal_price": sum(item["final_line_price"] for item in items),
        "total_price": hundredths(shop, totals["subtotal"]),
        "total_discount": hundredths(shop, totals["lines"] - totals["subtotal"]),
        "discount_applications": given,
        "cart_level_discount_applications": [one for place, one in enumerate(given) if place in of_cart],
        "discount_codes": [{"code": code, "applicable": code not in refused} for code in cart.codes],
        "refused": refused, "empty?": not items,
    }  # fmt: skip


def _item(shop: Shop, line: Record, of_cart: set[int], root: str) -> Record:
    product = shop.product[line["product_id"]]
    off = sum(part["amount"] for part in line["allocations"] if part["index"] not in of_cart)
    whole = line["price"] * line["quantity"]
    price, left = hundredths(shop, line["price"]), hundredths(shop, whole - off)
    seen = product_object(shop, product, root, line["variant_id"])
    return {
        "id": line["variant_id"], "key": f"{line['variant_id']}:{product['id']}", "quantity": line["quantity"],
        "product_id": product["id"], "variant_id": line["variant_id"], "title": line["name"],
        "product_title": product["title"], "variant_title": line["variant_title"], "vendor": product["vendor"],
        "gift_card": product["gift_card"], "url": f"{seen['url']}?variant={line['variant_id']}",
        "price": price, "original_price": price, "original_line_price": hundredths(shop, whole),
        "final_price": float(Decimal(str(left)) / line["quantity"]), "final_line_price": left, "line_price": left,
        "product": seen, "variant": seen["selected_or_first_available_variant"], "sku": line["sku"],
    }  # fmt: skip


def routes_object(root: str, here: str) -> Record:
    """Addresses of the store."""
    login = f"{root}customer_authentication/login"
    return {
        "root_url": root, "cart_url": f"{root}cart", "account_url": f"{root}account", "cart_add_url": f"{root}cart/add",
        "cart_update_url": f"{root}cart/update", "account_login_url": login, "account_logout_url": f"{root}logout",
        "storefront_login_url": f"{login}?return_to={quote(here, safe='')}",
    }  # fmt: skip


def request_object(template: str, language: str, *, design_mode: bool, host: str) -> Mapping[str, Any]:
    """The visit."""
    return {
        "page_type": template, "locale": {"iso_code": language, "primary": True}, "design_mode": design_mode,
        "host": host, "path": "",
    }  # fmt: skip
