"""The till's cart: goods, a customer, codes; and the sale that it becomes."""

from __future__ import annotations

from typing import Any

from sandbox.shop import money, orders, quotes, sums
from sandbox.state import Record, Shop, now

ONLY = "1"
"""A shop of the sandbox has one till."""


def cart_of(shop: Shop) -> Record:
    """What lies at the till."""
    kept = shop.till.get(ONLY)
    return kept if kept else _emptied(shop)


def _emptied(shop: Shop) -> Record:
    return shop.save("till", {"id": ONLY, "lines": [], "codes": [], "customer_id": None, "properties": {}})


def wish(shop: Shop, cart: Record) -> orders.Wish:
    """The order that it would become: nothing is sent, so nothing is paid for sending."""
    customer = shop.customer.get(cart["customer_id"]) or {}
    return orders.Wish(
        lines=[(variant, quantity) for variant, quantity in cart["lines"]], customer_id=cart["customer_id"],
        email=customer.get("email", ""), codes=list(cart["codes"]), source="pos", gateway="cash",
        note_attributes=[{"name": name, "value": value} for name, value in cart["properties"].items()],
    )  # fmt: skip


def priced(shop: Shop, cart: Record) -> tuple[Record, dict[str, str]]:
    """The order as it would be, and why codes are not used."""
    return quotes.quote(shop, wish(shop, cart), now())


def signal(order: Record, cart: Record) -> Record:
    """`cart.current` as an extension sees it: sums as decimal texts, discounts that are really given."""
    placed, currency = order["placed"], order["currency"]
    discounts = [
        {
            "amount": float(money.as_decimal(one["amount"], currency)),
            "currency": currency,
            "discountDescription": one["code"],
            "type": "Code",
        }
        for one in order["codes"]
    ]
    seen: Record = {
        "editable": True, "subtotal": money.rest(placed["subtotal"], currency),
        "taxTotal": money.rest(placed["tax"], currency), "grandTotal": money.rest(placed["total"], currency),
        "cartDiscounts": discounts, "lineItems": [_line(order, line) for line in order["lines"]],
        "properties": cart["properties"],
    }  # fmt: skip
    if cart["customer_id"]:
        seen["customer"] = {"id": cart["customer_id"]}
    if discounts:
        seen["cartDiscount"] = discounts[0]
    return seen


def _line(order: Record, line: Record) -> Record:
    return {
        "uuid": str(line["variant_id"]), "price": float(money.as_decimal(line["price"], order["currency"])),
        "quantity": line["quantity"], "title": line["title"], "variantId": line["variant_id"],
        "productId": line["product_id"], "discounts": [], "taxable": line["taxable"], "taxLines": [],
        "sku": line["sku"], "vendor": line["vendor"], "properties": {}, "isGiftCard": line["gift_card"],
    }  # fmt: skip


def change(shop: Shop, cart: Record, name: str, given: list[Any]) -> None:
    """One call of the cart API; KeyError for another name, ValueError for what it does not take."""
    with shop.lock:
        _CHANGES[name](shop, cart, *given)
        shop.save("till", cart)


def clear(shop: Shop) -> Record:
    """A new sale."""
    return _emptied(shop)


def _add(shop: Shop, cart: Record, variant: int, quantity: int, _options: object = None) -> None:
    orders.find_variant(shop, int(variant))
    kept = dict(cart["lines"])
    kept[int(variant)] = kept.get(int(variant), 0) + int(quantity)
    cart["lines"] = [list(one) for one in kept.items()]


def _less(_shop: Shop, cart: Record, uuid: str) -> None:
    cart["lines"] = [one for one in cart["lines"] if str(one[0]) != str(uuid)]


def _add_code(_shop: Shop, cart: Record, code: str) -> None:
    if not str(code).strip():
        raise ValueError("A code is needed")
    if str(code).lower() not in [one.lower() for one in cart["codes"]]:
        cart["codes"].append(str(code).strip())


def _less_code(_shop: Shop, cart: Record, code: str) -> None:
    cart["codes"] = [one for one in cart["codes"] if one.lower() != str(code).lower()]


def _no_codes(_shop: Shop, cart: Record, _automatic: object = None) -> None:
    cart["codes"] = []


def _by_kind(shop: Shop, cart: Record, kind: str, title: str, _amount: object = None) -> None:
    """applyCartDiscount: of what a till can take off by hand, the sandbox knows codes only."""
    if kind != "Code":
        raise ValueError("The sandbox's till takes codes only")
    _add_code(shop, cart, title)


def _customer(shop: Shop, cart: Record, customer: Record) -> None:
    if int(customer["id"]) not in shop.customer:
        raise ValueError("No such customer")
    cart["customer_id"] = int(customer["id"])


def _nobody(_shop: Shop, cart: Record, _customer: object = None) -> None:
    cart["customer_id"] = None


def _properties(_shop: Shop, cart: Record, more: Record) -> None:
    cart["properties"] = {**cart["properties"], **{str(key): str(value) for key, value in more.items()}}


def _no_properties(_shop: Shop, cart: Record, names: list[str]) -> None:
    cart["properties"] = {key: value for key, value in cart["properties"].items() if key not in names}


def _nothing(_shop: Shop, cart: Record) -> None:
    cart.update(lines=[], codes=[], customer_id=None, properties={})


_CHANGES: dict[str, Any] = {
    "addLineItem": _add, "removeLineItem": _less, "addCartCodeDiscount": _add_code, "removeCode": _less_code,
    "removeCartDiscount": _no_codes, "removeAllDiscounts": _no_codes, "applyCartDiscount": _by_kind,
    "setCustomer": _customer, "removeCustomer": _nobody, "addCartProperties": _properties,
    "removeCartProperties": _no_properties, "clearCart": _nothing,
}  # fmt: skip


def total(order: Record) -> int:
    """What is to be paid, in minor units."""
    return int(sums.totals(order, original=True)["total"])
