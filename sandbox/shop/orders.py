"""What can happen to an order. Every function changes the record and returns the topics Shopify would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.shop import kept_money, money, refunds, sums
from sandbox.shop.discounts import apply_codes, count_use
from sandbox.shop.order_records import keep, touch, transaction
from sandbox.shop.refunds import Back, refund_all
from sandbox.state import Record, Shop, iso

Happened = list[tuple[str, Record]]


@dataclass
class Wish:
    """What a buyer asks for at the checkout."""

    lines: list[tuple[int, int]]
    email: str = ""
    customer_id: int | None = None
    codes: list[str] = field(default_factory=list)
    shipping: int = 0
    tip: int = 0
    tip_as_line: bool = False
    duties: int = 0
    fees: int = 0
    paid: bool = True
    gateway: str = "shopify_payments"
    test: bool = False
    locale: str = "en"
    source: str = "web"
    note_attributes: list[Record] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    presentment: tuple[str, str] | None = None
    gift_card: str = ""
    selling_plan: str = ""
    checkout_token: str = ""
    cart_token: str = ""


def place(shop: Shop, wish: Wish, at: datetime) -> tuple[Record, Happened]:
    """A new order, paid at once or pending."""
    with shop.lock:
        order = draft(shop, wish, at)
        kept_money.check(shop, wish.gift_card, at)
        apply_codes(shop, order, wish.codes, at)
        _give_number(shop, order)
        for line in order["lines"]:
            line["ordered"] = line["quantity"]
        order["placed"] = sums.totals(order, original=True)
        for code in order["codes"]:
            count_use(shop, code["code"], order)
        happened: Happened = [("orders/create", {})]
        if wish.paid:
            _spend_kept_money(shop, order, wish, at)
            _pay(shop, order, wish.gateway, at)
            happened += [("orders/paid", {}), ("orders/updated", {})]
        return keep(shop, order), happened


def draft(shop: Shop, wish: Wish, at: datetime) -> Record:
    """An order without a number, codes or payments, kept nowhere."""
    stamp = iso(at)
    return {
        "id": shop.next_id(), "number": 0, "name": "", "created_at": stamp,
        "updated_at": stamp,
        "processed_at": stamp, "cancelled_at": None, "cancel_reason": None, "closed_at": None,
        "fulfilled_at": None, "test": wish.test, "source": wish.source, "currency": shop.currency,
        "presentment": list(wish.presentment) if wish.presentment else None,
        "taxes_included": shop.settings["taxes_included"], "tax_rate": shop.settings["tax_rate"],
        "tax_title": shop.settings["tax_title"], "customer_id": wish.customer_id, "email": wish.email,
        "locale": wish.locale, "note_attributes": wish.note_attributes, "tags": wish.tags, "tip": wish.tip,
        "tip_line": shop.next_id() if wish.tip and wish.tip_as_line else None, "duties": wish.duties,
        "fees": wish.fees, "agreed": 0, "more_shipping": [],
        "shipping": _parcel(shop, wish.shipping),
        "lines": [
            _line(shop, variant, quantity) | {"selling_plan": wish.selling_plan} for variant, quantity in wish.lines
        ],
        "applications": [], "codes": [], "refunds": [], "transactions": [], "edited": False,
        "checkout_token": wish.checkout_token, "cart_token": wish.cart_token,
        "gateways": [wish.gateway] if wish.paid else ["manual"],
    }  # fmt: skip


def _parcel(shop: Shop, price: int) -> Record:
    taxable = bool(shop.settings.get("tax_shipping"))
    return {"id": shop.next_id(), "title": "Standard", "price": price, "discount": 0, "taxable": taxable}


def _give_number(shop: Shop, order: Record) -> None:
    """Only an order that really comes about takes a number."""
    order["number"] = shop.settings["next_order_number"]
    order["name"] = f"#{order['number']}"
    shop.settings["next_order_number"] += 1
    shop.save_settings()


def _line(shop: Shop, variant_id: int, quantity: int) -> Record:
    product, variant = find_variant(shop, variant_id)
    named = variant["title"] != "Default Title"
    return {
        "id": shop.next_id(), "product_id": product["id"], "variant_id": variant["id"],
        "title": product["title"], "variant_title": variant["title"] if named else None,
        "name": f"{product['title']} - {variant['title']}" if named else product["title"],
        "sku": variant["sku"], "vendor": product["vendor"], "gift_card": product["gift_card"],
        "taxable": not product["gift_card"], "grams": product["grams"], "price": variant["price"],
        "quantity": quantity, "ordered": 0, "removed": 0, "refunded": 0, "allocations": [],
    }  # fmt: skip


def find_variant(shop: Shop, variant_id: int) -> tuple[Record, Record]:
    """The product and the variant of a variant id; KeyError when the shop has none."""
    for product in shop.product.values():
        for variant in product["variants"]:
            if variant["id"] == variant_id:
                return product, variant
    raise KeyError(variant_id)


def _spend_kept_money(shop: Shop, order: Record, wish: Wish, at: datetime) -> None:
    """From the gift card whose code was given, and from the buyer's store credit, as far as they go."""
    due = sums.totals(order)["total"]
    paid = kept_money.pay(shop, wish.gift_card, order["customer_id"], wish.gateway, due, at)
    for gateway, amount, source in paid:
        order["transactions"].append({**transaction(shop, order, "sale", gateway, amount, at), "source": source})
    if paid:
        order["gateways"] = [gateway for gateway, _, _ in paid]


def _pay(shop: Shop, order: Record, gateway: str, at: datetime) -> None:
    due = sums.outstanding(order)
    if not due and order["transactions"]:
        return
    order["transactions"].append(transaction(shop, order, "sale", gateway, due, at))
    if gateway not in order["gateways"]:
        order["gateways"].append(gateway)
    touch(order, at)


def mark_paid(shop: Shop, order: Record, at: datetime, gateway: str = "manual") -> Happened:
    """The money of a pending order has come."""
    with shop.lock:
        if sums.outstanding(order) <= 0 or order["cancelled_at"]:
            return []
        _pay(shop, order, gateway, at)
        keep(shop, order)
        return [("orders/paid", {}), ("orders/updated", {})]


def fulfil(shop: Shop, order: Record, at: datetime) -> Happened:
    """Everything was sent."""
    with shop.lock:
        order["fulfilled_at"] = order["closed_at"] = iso(at)
        touch(order, at)
        keep(shop, order)
        return [("orders/fulfilled", {}), ("orders/updated", {})]


def edit(shop: Shop, order: Record, quantities: dict[int, int], at: datetime,
         added: list[tuple[int, int]] | None = None, shipping: int | None = None) -> Happened:  # fmt: skip
    """Set new quantities of lines, add variants, ship at another price; what differs is open, or owed."""
    with shop.lock:
        changes: Record = {name: {"additions": [], "removals": []} for name in ("line_items", "shipping_lines")}
        _edit_lines(shop, order, quantities, added or [], changes["line_items"])
        if shipping is not None:
            _ship_otherwise(shop, order, shipping, changes["shipping_lines"])
        if not any(rows for change in changes.values() for rows in change.values()):
            return []
        order["edited"] = True
        touch(order, at)
        keep(shop, order)
        return [("orders/edited", {"edit_id": shop.next_id(), "at": iso(at), **changes}), ("orders/updated", {})]


def _edit_lines(
    shop: Shop, order: Record, quantities: dict[int, int], added: list[tuple[int, int]], change: Record
) -> None:
    for line in order["lines"]:
        delta = quantities.get(line["id"], sums.current(line)) - sums.current(line)
        if delta < 0:
            line["removed"] -= delta
            change["removals"].append({"id": line["id"], "delta": -delta})
        elif delta > 0:
            line["quantity"] += delta
            change["additions"].append({"id": line["id"], "delta": delta})
    for variant, quantity in added:
        line = _line(shop, variant, quantity)
        order["lines"].append(line)
        change["additions"].append({"id": line["id"], "delta": quantity})


def _ship_otherwise(shop: Shop, order: Record, price: int, change: Record) -> None:
    """The present way of sending is removed, and stays to be seen; another takes its place."""
    for parcel in sums.parcels(order):
        if not parcel.get("removed"):
            parcel["removed"] = True
            change["removals"].append(
                {"id": parcel["id"], "price": str(money.as_decimal(parcel["price"], shop.currency))}
            )
    parcel = _parcel(shop, price)
    order.setdefault("more_shipping", []).append(parcel)
    change["additions"].append({"id": parcel["id"], "price": str(money.as_decimal(price, shop.currency))})


def refund(shop: Shop, order: Record, at: datetime, **what: Any) -> tuple[Record | None, Happened]:
    """Give money back for what is named: see `Back`."""
    return refunds.refund(shop, order, at, Back(**{key: value for key, value in what.items() if value is not None}))


def cancel(shop: Shop, order: Record, at: datetime, *, with_refund: bool = True, reason: str = "customer") -> Happened:
    """Cancel, with the money back or not."""
    with shop.lock:
        if order["cancelled_at"]:
            return []
        happened: Happened = []
        if with_refund and sums.refundable(order) > 0:
            happened = [one for one in refund_all(shop, order, at, "Cancelled", "cancel") if one[0] != "orders/updated"]
        order["cancelled_at"] = order["closed_at"] = iso(at)
        order["cancel_reason"] = reason
        touch(order, at)
        keep(shop, order)
        return [*happened, ("orders/cancelled", {}), ("orders/updated", {})]


def reopen(shop: Shop, order: Record, at: datetime) -> Happened:
    """The cancellation is taken back."""
    with shop.lock:
        if not order["cancelled_at"]:
            return []
        order["cancelled_at"] = order["closed_at"] = order["cancel_reason"] = None
        touch(order, at)
        keep(shop, order)
        return [("orders/updated", {})]


def delete(shop: Shop, order: Record) -> Happened:
    """Remove the order for good."""
    shop.drop("order", order["id"])
    return [("orders/delete", {"order_id": order["id"]})]


def from_form(shop: Shop, text: Any) -> int:
    """Minor units of an amount somebody typed; 0 when it is empty."""
    cleaned = str(text or "").replace(",", "").strip()
    return money.to_minor(cleaned, shop.currency) if cleaned else 0
