"""Discount codes: whether one may be used, what it takes off, how often it was used."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import permutations

from sandbox.shop import money, people, sums
from sandbox.shop.code_sets import finish_due
from sandbox.state import Record, Shop, parse_time


class CodeRefused(ValueError):
    """The checkout does not take the code; the text says why."""


def status(discount: Record, at: datetime) -> str:
    """ACTIVE, EXPIRED or SCHEDULED, as Shopify derives it from the dates."""
    if discount["ends_at"] and parse_time(discount["ends_at"]) <= at:
        return "EXPIRED"
    return "SCHEDULED" if parse_time(discount["starts_at"]) > at else "ACTIVE"


def find(shop: Shop, code: str) -> Record | None:
    """The discount that holds a code, whatever its case."""
    finish_due(shop)
    return shop.discount.get(shop.codes.get(code.strip().lower()))


def check(shop: Shop, code: str, order: Record, at: datetime) -> Record:
    """The discount, when the order may use it."""
    discount = find(shop, code)
    if not discount or status(discount, at) != "ACTIVE":
        raise CodeRefused(f"{code} is not a valid code")
    used = next(one["uses"] for one in discount["codes"] if one["code"].lower() == code.strip().lower())
    if discount["usage_limit"] is not None and used >= discount["usage_limit"]:
        raise CodeRefused(f"{code} was used already")
    if discount["customers"] and order["customer_id"] not in discount["customers"]:
        raise CodeRefused(f"{code} belongs to another customer")
    buyer = str(order["customer_id"] or order["email"].lower())
    if discount["once_per_customer"] and buyer in discount["used_by"]:
        raise CodeRefused(f"{code} can be used once by each customer")
    if discount["kind"] == "free_shipping":
        _check_shipping(shop, code, discount, order)
    elif not _entitled(shop, discount, order):
        raise CodeRefused(f"{code} is not valid for the items in your cart")
    _check_minimum(code, discount, order, _entitled(shop, discount, order))
    return discount


def _check_shipping(shop: Shop, code: str, discount: Record, order: Record) -> None:
    most, customer = discount.get("maximum_shipping"), shop.customer.get(order["customer_id"])
    if most is not None and order["shipping"]["price"] > most:
        raise CodeRefused(f"{code} is for shipping of at most {money.show(most, order['currency'])}")
    countries = discount.get("countries")
    if countries and customer and people.address_of(customer)["country_code"] not in countries:
        raise CodeRefused(f"{code} is not valid for your shipping address")


def _check_minimum(code: str, discount: Record, order: Record, lines: list[Record]) -> None:
    """Where the code is for some products only, these alone have to reach the minimum, as in Shopify."""
    if sum(line["price"] * line["quantity"] for line in lines) < (discount["minimum_subtotal"] or 0):
        raise CodeRefused(f"{code} needs goods for {money.show(discount['minimum_subtotal'], order['currency'])}")
    if sum(line["quantity"] for line in lines) < (discount["minimum_quantity"] or 0):
        raise CodeRefused(f"{code} needs {discount['minimum_quantity']} items")


def apply_codes(shop: Shop, order: Record, codes: list[str], at: datetime) -> None:
    """Take the codes off the order's lines or shipping; CodeRefused when one does not fit."""
    given = {code.strip().lower(): code.strip() for code in codes if code.strip()}
    chosen = [(code, check(shop, code, order, at)) for code in given.values()]
    if not all(_combines(one, other) for (_, one), (_, other) in permutations(chosen, 2)):
        raise CodeRefused("These codes cannot be combined")
    for code, discount in chosen:
        if discount["kind"] == "free_shipping":
            _free_shipping(order, code)
        else:
            _take_off(shop, order, code, discount)


def _combines(one: Record, other: Record) -> bool:
    """Whether one allows the other beside it; no discount is given twice, by whatever codes."""
    field = {"ORDER": "orderDiscounts", "PRODUCT": "productDiscounts", "SHIPPING": "shippingDiscounts"}
    return one is not other and bool(one["combines"].get(field[other["class"]]))


def _free_shipping(order: Record, code: str) -> None:
    order["shipping"]["discount"] = order["shipping"]["price"]
    order["applications"].append(
        {"code": code, "value": "100.0", "value_type": "percentage", "target_type": "shipping_line"}
    )
    order["codes"].append({"code": code, "amount": order["shipping"]["price"], "type": "shipping"})


def _take_off(shop: Shop, order: Record, code: str, discount: Record) -> None:
    lines = _entitled(shop, discount, order)
    nets = [sums.line_net(line, line["quantity"]) for line in lines]
    whole = sum(nets)
    if discount["percentage"] is not None:
        cut = money.percent_of(whole, Decimal(str(discount["percentage"])))
    else:
        cut = min(discount["amount"], whole)
    index = len(order["applications"])
    percent = discount["percentage"]
    shown = f"{Decimal(str(percent)) * 100:.1f}" if percent is not None else money.rest(cut, order["currency"])
    kind = "percentage" if percent is not None else "fixed_amount"
    order["applications"].append({"code": code, "value": shown, "value_type": kind, "target_type": "line_item"})
    order["codes"].append({"code": code, "amount": cut, "type": kind})
    given = seen = 0
    for line, net in zip(lines, nets, strict=True):
        seen += net
        part = money.share(cut, seen, whole) - given
        given += part
        if part:
            line["allocations"].append({"index": index, "amount": part})


def _entitled(shop: Shop, discount: Record, order: Record) -> list[Record]:
    """The lines that the discount is for; never gift cards."""
    return [line for line in order["lines"] if not line["gift_card"] and _is_for(shop, discount, line)]


def _is_for(shop: Shop, discount: Record, line: Record) -> bool:
    if discount["products"]:
        return line["product_id"] in discount["products"]
    if discount["collections"]:
        product = shop.product.get(line["product_id"])
        return bool(product and set(product["collections"]) & set(discount["collections"]))
    return True


def count_use(shop: Shop, code: str, order: Record) -> None:
    """Remember that an order used the code."""
    discount = find(shop, code)
    if not discount:
        return
    for one in discount["codes"]:
        if one["code"].lower() == code.lower():
            one["uses"] += 1
    discount["used_by"].append(str(order["customer_id"] or order["email"].lower()))
    shop.save("discount", discount)
