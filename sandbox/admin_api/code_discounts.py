"""Discount codes through the GraphQL API."""

from __future__ import annotations

import re
from typing import Any

from graphql import GraphQLError

from sandbox.admin_api.views.connections import connection, number_of
from sandbox.admin_api.views.customers import customer_view
from sandbox.admin_api.views.goods import collection_view, product_view
from sandbox.admin_api.views.order_lines import money_view
from sandbox.shop import discounts, money
from sandbox.state import Record, Shop, iso, now, parse_time

Problem = tuple[list[str] | None, str, str]


def user_errors(problems: list[Problem]) -> list[Record]:
    """userErrors of a DiscountUserError kind."""
    return [{"field": path, "code": code, "message": text, "extraInfo": None} for path, code, text in problems]


def create(shop: Shop, asked: Record, kind: str, root: str) -> Record:
    """discountCodeBasicCreate and discountCodeFreeShippingCreate."""
    with shop.lock:
        problems = _problems(shop, asked, kind, root)
        if problems:
            return {"codeDiscountNode": None, "userErrors": user_errors(problems)}
        discount = shop.save("discount", _record(shop, asked, kind))
        return {"codeDiscountNode": node_view(shop, discount), "userErrors": []}


def _problems(shop: Shop, asked: Record, kind: str, root: str) -> list[Problem]:
    found: list[Problem] = []
    for name in ("title", "code", "startsAt", "context", *(["customerGets"] if kind == "basic" else [])):
        if not asked.get(name):
            found.append(([root, name], "BLANK", f"{name} can't be blank"))
    code = str(asked.get("code") or "")
    if len(code) > 255:
        found.append(([root, "code"], "TOO_LONG", "Code is too long (maximum is 255 characters)"))
    if "\n" in code or "\r" in code:
        found.append(([root, "code"], "INVALID", "Code cannot contain newline characters"))
    if code.strip().lower() in shop.codes:
        found.append(([root, "code"], "TAKEN", "Code must be unique. Please try a different code."))
    if asked.get("endsAt") and asked.get("startsAt") and parse_time(asked["endsAt"]) <= parse_time(asked["startsAt"]):
        found.append(([root, "endsAt"], "END_DATE_BEFORE_START_DATE", "Ends at needs to be after starts at"))
    least = asked.get("minimumRequirement") or {}
    if least.get("subtotal") and least.get("quantity"):
        text = "Minimum subtotal and quantity cannot both be present"
        found.append(([root, "minimumRequirement"], "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT", text))
    if asked.get("usageLimit") is not None and asked["usageLimit"] < 1:
        found.append(([root, "usageLimit"], "GREATER_THAN", "Usage limit must be greater than 0"))
    return found + _context_problems(shop, asked, root) + _value_problems(shop, asked, root)


def _context_problems(shop: Shop, asked: Record, root: str) -> list[Problem]:
    context = asked.get("context") or {}
    if context.get("customerSegments") or context.get("markets"):
        raise GraphQLError("the sandbox knows only all and customers as context")
    given = [name for name in ("all", "customers") if context.get(name)]
    if len(given) > 1:
        return [([root, "context"], "TOO_MANY_ARGUMENTS", "Only one context can be given")]
    wanted = [number_of(gid, "Customer") for gid in (context.get("customers") or {}).get("add") or []]
    if "customers" in given and not wanted:
        return [([root, "context", "customers", "add"], "BLANK", "Customers can't be blank")]
    if any(one not in shop.customer for one in wanted):
        return [([root, "context", "customers", "add"], "INVALID", "Invalid id for customer")]
    return []


def _value_problems(shop: Shop, asked: Record, root: str) -> list[Problem]:
    gets = asked.get("customerGets")
    if not gets:
        return []
    value, path = gets.get("value") or {}, [root, "customerGets", "value"]
    percentage, amount = value.get("percentage"), (value.get("discountAmount") or {}).get("amount")
    if percentage is None and amount is None:
        return [(path, "BLANK", "Value can't be blank")]
    if percentage is not None and not 0 < percentage <= 1:
        return [([*path, "percentage"], "VALUE_OUTSIDE_RANGE", "Value must be between 0.0 and 1.0")]
    if amount is not None and money.to_minor(amount, shop.currency) <= 0:
        return [([*path, "discountAmount", "amount"], "GREATER_THAN", "Value must be greater than 0")]
    items = gets.get("items") or {}
    if not (items.get("all") or items.get("products") or items.get("collections")):
        return [([root, "customerGets", "items"], "BLANK", "Items in 'customer get' can't be blank")]
    return []


def _record(shop: Shop, asked: Record, kind: str) -> Record:
    gets = asked.get("customerGets") or {}
    value, items, least = (
        gets.get("value") or {},
        gets.get("items") or {},
        asked.get("minimumRequirement") or {},
    )
    amount = (value.get("discountAmount") or {}).get("amount")
    most, shipped_to = asked.get("maximumShippingPrice"), (asked.get("destination") or {}).get("countries") or {}
    subtotal = (least.get("subtotal") or {}).get("greaterThanOrEqualToSubtotal")
    quantity = (least.get("quantity") or {}).get("greaterThanOrEqualToQuantity")
    products = (items.get("products") or {}).get("productsToAdd") or []
    collections = (items.get("collections") or {}).get("add") or []
    customers = ((asked.get("context") or {}).get("customers") or {}).get("add") or []
    stamp = iso(now())
    scoped = bool(products or collections)
    return {
        "id": shop.next_id(), "kind": kind, "title": asked["title"], "tags": asked.get("tags") or [],
        "class": "SHIPPING" if kind == "free_shipping" else "PRODUCT" if scoped else "ORDER",
        "starts_at": iso(parse_time(asked["startsAt"])), "created_at": stamp, "updated_at": stamp,
        "ends_at": iso(parse_time(asked["endsAt"])) if asked.get("endsAt") else None,
        "usage_limit": asked.get("usageLimit"),
        "once_per_customer": bool(asked.get("appliesOncePerCustomer")),
        "percentage": value.get("percentage"), "combines": asked.get("combinesWith") or {},
        "amount": money.to_minor(amount, shop.currency) if amount is not None else None,
        "minimum_subtotal": money.to_minor(subtotal, shop.currency) if subtotal else None,
        "minimum_quantity": int(quantity) if quantity else None, "used_by": [],
        "products": [number_of(gid) for gid in products],
        "collections": [number_of(gid) for gid in collections],
        "customers": [number_of(gid) for gid in customers], "countries": shipped_to.get("add") or [],
        "maximum_shipping": money.to_minor(most, shop.currency) if most is not None else None,
        "codes": [{"id": shop.next_id(), "code": asked["code"].strip(), "uses": 0}],
    }  # fmt: skip


def by_id(shop: Shop, gid: str) -> Record | None:
    """The discount of a DiscountCodeNode or DiscountNode id."""
    found = re.fullmatch(r"gid://shopify/Discount(Code)?Node/(\d+)", gid)
    return shop.discount.get(int(found[2])) if found else None


def set_active(shop: Shop, gid: str, active: bool) -> Record:
    """discountCodeDeactivate ends a discount now, discountCodeActivate starts it anew."""
    with shop.lock:
        discount = by_id(shop, gid)
        if not discount:
            problem: Problem = (["id"], "INVALID", "Code discount does not exist.")
            return {"codeDiscountNode": None, "userErrors": user_errors([problem])}
        moment = now()
        running = discounts.status(discount, moment) == "ACTIVE"
        if not active and discounts.status(discount, moment) != "EXPIRED":
            discount["ends_at"] = iso(moment)
        elif active and not running:
            discount["starts_at"], discount["ends_at"] = iso(moment), None
        discount["updated_at"] = iso(moment)
        shop.save("discount", discount)
        return {"codeDiscountNode": node_view(shop, discount), "userErrors": []}


def delete(shop: Shop, gid: str) -> Record:
    """discountCodeDelete."""
    discount = by_id(shop, gid)
    if not discount:
        problem: Problem = (["id"], "INVALID", "Code discount does not exist.")
        return {"deletedCodeDiscountId": None, "userErrors": user_errors([problem])}
    shop.drop("discount", discount["id"])
    return {"deletedCodeDiscountId": gid, "userErrors": []}


def node_view(shop: Shop, discount: Record | None) -> Any:
    """A DiscountCodeNode; as DiscountNode it is the same discount."""
    if not discount:
        return None
    view = discount_view(shop, discount)
    return {
        "__typename": "DiscountCodeNode", "id": f"gid://shopify/DiscountCodeNode/{discount['id']}",
        "codeDiscount": view,
    }  # fmt: skip


def any_node_view(shop: Shop, discount: Record | None) -> Any:
    """A DiscountNode. Its id is that of the code node, as in Shopify's answers for code discounts."""
    if not discount:
        return None
    gid = f"gid://shopify/DiscountCodeNode/{discount['id']}"
    return {"__typename": "DiscountNode", "id": gid, "discount": discount_view(shop, discount)}


def discount_view(shop: Shop, discount: Record) -> Record:
    """A DiscountCodeBasic or DiscountCodeFreeShipping."""
    free = discount["kind"] == "free_shipping"
    context: Record = {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"}
    if discount["customers"]:
        people = [customer_view(shop, shop.customer.get(key)) for key in discount["customers"]]
        context = {"__typename": "DiscountCustomers", "customers": [one for one in people if one]}
    text, most = summary(shop, discount), discount.get("maximum_shipping")
    return {
        "__typename": "DiscountCodeFreeShipping" if free else "DiscountCodeBasic", "title": discount["title"],
        "status": discounts.status(discount, now()), "summary": text, "shortSummary": text,
        "startsAt": discount["starts_at"], "endsAt": discount["ends_at"], "createdAt": discount["created_at"],
        "updatedAt": discount["updated_at"], "usageLimit": discount["usage_limit"], "tags": discount["tags"],
        "appliesOncePerCustomer": discount["once_per_customer"], "recurringCycleLimit": None,
        "asyncUsageCount": sum(one["uses"] for one in discount["codes"]),
        "discountClasses": [discount["class"]],
        "codes": lambda _info, query=None, sortKey=None, **page: connection(
            [one for one in discount["codes"] if (query or "").lower() in one["code"].lower()], _code_view, **page
        ),
        "codesCount": {"count": len(discount["codes"]), "precision": "EXACT"}, "context": context,
        "combinesWith": {name: bool(discount["combines"].get(name)) for name in
                         ("orderDiscounts", "productDiscounts", "shippingDiscounts")},
        "minimumRequirement": _minimum_view(shop, discount), "customerGets": _gets_view(shop, discount),
        "maximumShippingPrice": money_view(most, shop.currency) if most is not None else None,
    }  # fmt: skip


def _code_view(one: Record) -> Record:
    gid = f"gid://shopify/DiscountRedeemCode/{one['id']}"
    return {"id": gid, "code": one["code"], "asyncUsageCount": one["uses"]}


def summary(shop: Shop, discount: Record) -> str:
    """What the code takes off, in words."""
    if discount["kind"] == "free_shipping":
        return "Free shipping"
    if discount["percentage"] is not None:
        return f"{discount['percentage'] * 100:g}% off"
    return f"{money.show(discount['amount'], shop.currency)} off"


def _minimum_view(shop: Shop, discount: Record) -> Record | None:
    if discount["minimum_subtotal"]:
        value = money_view(discount["minimum_subtotal"], shop.currency)
        return {"__typename": "DiscountMinimumSubtotal", "greaterThanOrEqualToSubtotal": value}
    if discount["minimum_quantity"]:
        least = str(discount["minimum_quantity"])
        return {"__typename": "DiscountMinimumQuantity", "greaterThanOrEqualToQuantity": least}
    return None


def _gets_view(shop: Shop, discount: Record) -> Record:
    value: Record = {"__typename": "DiscountPercentage", "percentage": discount["percentage"]}
    if discount["amount"] is not None:
        amount = money_view(discount["amount"], shop.currency)
        value = {"__typename": "DiscountAmount", "amount": amount, "appliesOnEachItem": False}
    items: Record = {"__typename": "AllDiscountItems", "allItems": True}
    if discount["products"]:
        views = [product_view(shop, shop.product.get(key)) for key in discount["products"]]
        items = {"__typename": "DiscountProducts", "products": lambda _i, **page: _pages(views, page)}
    elif discount["collections"]:
        found = [collection_view(shop.collection[key]) for key in discount["collections"] if key in shop.collection]
        items = {"__typename": "DiscountCollections", "collections": lambda _i, **page: _pages(found, page)}
    return {"value": value, "items": items}


def _pages(views: list[Any], page: Record) -> Record:
    return connection([one for one in views if one], lambda one: one, **page)
