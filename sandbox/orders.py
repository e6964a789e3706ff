"""What can happen to an order. Every function changes the record and returns the topics Shopify would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox import kept_money, money, sums
from sandbox.discounts import apply_codes, count_use
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


def place(shop: Shop, wish: Wish, at: datetime) -> tuple[Record, Happened]:
    """A new order, paid at once or pending."""
    with shop.lock:
        order = _new_order(shop, wish, at)
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
        return _kept(shop, order), happened


def _new_order(shop: Shop, wish: Wish, at: datetime) -> Record:
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
        "shipping": {"id": shop.next_id(), "title": "Standard", "price": wish.shipping, "discount": 0},
        "lines": [
            _line(shop, variant, quantity) | {"selling_plan": wish.selling_plan} for variant, quantity in wish.lines
        ],
        "applications": [], "codes": [], "refunds": [], "transactions": [], "edited": False,
        "gateways": [wish.gateway] if wish.paid else ["manual"],
    }  # fmt: skip


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


def _kept(shop: Shop, order: Record) -> Record:
    return shop.save("order", order)


def _touch(order: Record, at: datetime) -> None:
    order["updated_at"] = max(iso(at), order["updated_at"])


def _spend_kept_money(shop: Shop, order: Record, wish: Wish, at: datetime) -> None:
    """From the gift card whose code was given, and from the buyer's store credit, as far as they go."""
    due = sums.totals(order)["total"]
    paid = kept_money.pay(shop, wish.gift_card, order["customer_id"], wish.gateway, due, at)
    for gateway, amount, source in paid:
        order["transactions"].append({**_transaction(shop, order, "sale", gateway, amount, at), "source": source})
    if paid:
        order["gateways"] = [gateway for gateway, _, _ in paid]


def _pay(shop: Shop, order: Record, gateway: str, at: datetime) -> None:
    due = sums.totals(order)["total"] - sums.received(order)
    if not due and order["transactions"]:
        return
    order["transactions"].append(_transaction(shop, order, "sale", gateway, due, at))
    if gateway not in order["gateways"]:
        order["gateways"].append(gateway)
    _touch(order, at)


def _transaction(shop: Shop, order: Record, kind: str, gateway: str, amount: int, at: datetime) -> Record:
    return {
        "id": shop.next_id(), "kind": kind, "gateway": gateway, "status": "success", "amount": amount,
        "created_at": iso(at), "test": order["test"],
    }  # fmt: skip


def mark_paid(shop: Shop, order: Record, at: datetime, gateway: str = "manual") -> Happened:
    """The money of a pending order has come."""
    with shop.lock:
        if sums.outstanding(order) <= 0 or order["cancelled_at"]:
            return []
        _pay(shop, order, gateway, at)
        _kept(shop, order)
        return [("orders/paid", {}), ("orders/updated", {})]


def fulfil(shop: Shop, order: Record, at: datetime) -> Happened:
    """Everything was sent."""
    with shop.lock:
        order["fulfilled_at"] = order["closed_at"] = iso(at)
        _touch(order, at)
        _kept(shop, order)
        return [("orders/fulfilled", {}), ("orders/updated", {})]


def edit(shop: Shop, order: Record, quantities: dict[int, int], at: datetime,
         added: list[tuple[int, int]] | None = None) -> Happened:  # fmt: skip
    """Set new quantities of lines and add variants; the difference in money stays outstanding or is owed."""
    with shop.lock:
        additions: list[Record] = []
        removals: list[Record] = []
        for line in order["lines"]:
            delta = quantities.get(line["id"], sums.current(line)) - sums.current(line)
            if delta < 0:
                line["removed"] -= delta
                removals.append({"id": line["id"], "delta": -delta})
            elif delta > 0:
                line["quantity"] += delta
                additions.append({"id": line["id"], "delta": delta})
        for variant, quantity in added or []:
            line = _line(shop, variant, quantity)
            order["lines"].append(line)
            additions.append({"id": line["id"], "delta": quantity})
        if not additions and not removals:
            return []
        order["edited"] = True
        _touch(order, at)
        _kept(shop, order)
        extra = {"edit_id": shop.next_id(), "at": iso(at), "additions": additions, "removals": removals}
        return [("orders/edited", extra), ("orders/updated", {})]


def refund(shop: Shop, order: Record, at: datetime, *, lines: dict[int, int] | None = None,
           shipping: int = 0, amount: int | None = None, note: str = "", restock: str = "return",
           move_money: bool = True) -> tuple[Record | None, Happened]:  # fmt: skip
    """Give money back: for lines, for shipping, or an amount alone (which then is a discrepancy)."""
    with shop.lock:
        items = [_refund_line(shop, order, line_id, n, restock) for line_id, n in (lines or {}).items()]
        items = [item for item in items if item["quantity"] > 0]
        shipping = max(0, min(shipping, sums.shipping_left(order)))
        calculated = sum(sums.refund_item_total(order, item) for item in items) + shipping
        wanted = calculated if amount is None else amount
        actual = max(0, min(wanted, sums.received(order) - sums.refunded(order))) if move_money else 0
        if not items and not actual:
            return None, []
        record: Record = {
            "id": shop.next_id(), "created_at": iso(at), "note": note, "lines": items,
            "shipping": shipping, "adjustments": [], "transactions": [],
        }  # fmt: skip
        if shipping:
            record["adjustments"].append(_adjustment(shop, "shipping_refund", -shipping))
        if move_money and actual != calculated:
            record["adjustments"].append(_adjustment(shop, "refund_discrepancy", calculated - actual))
        if actual:
            gateway = order["transactions"][0]["gateway"]
            record["transactions"].append(_transaction(shop, order, "refund", gateway, actual, at))
            kept_money.give_back(shop, order["transactions"][0], actual, at)
        order["refunds"].append(record)
        _touch(order, at)
        _kept(shop, order)
        return record, [("refunds/create", {"refund_id": record["id"]}), ("orders/updated", {})]


def _refund_line(shop: Shop, order: Record, line_id: int, quantity: int, restock: str) -> Record:
    line = next(line for line in order["lines"] if line["id"] == line_id)
    before = sums.current(line)
    quantity = max(0, min(quantity, before))
    subtotal = sums.line_net(line, before) - sums.line_net(line, before - quantity)
    tax = sums.line_tax(order, line, before) - sums.line_tax(order, line, before - quantity)
    line["refunded"] += quantity
    return {
        "id": shop.next_id(), "line_id": line_id, "quantity": quantity, "subtotal": subtotal, "tax": tax,
        "restock_type": restock,
    }  # fmt: skip


def _adjustment(shop: Shop, kind: str, amount: int) -> Record:
    reason = "Shipping refund" if kind == "shipping_refund" else "Refund discrepancy"
    return {"id": shop.next_id(), "kind": kind, "reason": reason, "amount": amount}


def refund_all(shop: Shop, order: Record, at: datetime, note: str = "", restock: str = "return") -> Happened:
    """Everything that is left of the order."""
    left = {line["id"]: sums.current(line) for line in order["lines"]}
    paid = sums.received(order) - sums.refunded(order)
    return refund(
        shop,
        order,
        at,
        lines=left,
        shipping=sums.shipping_left(order),
        amount=paid,
        note=note,
        restock=restock,
    )[1]


def cancel(shop: Shop, order: Record, at: datetime, *, with_refund: bool = True, reason: str = "customer") -> Happened:
    """Cancel, with the money back or not."""
    with shop.lock:
        if order["cancelled_at"]:
            return []
        happened: Happened = []
        if with_refund and sums.received(order) > sums.refunded(order):
            happened = [one for one in refund_all(shop, order, at, "Cancelled", "cancel") if one[0] != "orders/updated"]
        order["cancelled_at"] = order["closed_at"] = iso(at)
        order["cancel_reason"] = reason
        _touch(order, at)
        _kept(shop, order)
        return [*happened, ("orders/cancelled", {}), ("orders/updated", {})]


def delete(shop: Shop, order: Record) -> Happened:
    """Remove the order for good."""
    shop.drop("order", order["id"])
    return [("orders/delete", {"order_id": order["id"]})]


def from_form(shop: Shop, text: Any) -> int:
    """Minor units of an amount somebody typed; 0 when it is empty."""
    cleaned = str(text or "").replace(",", "").strip()
    return money.to_minor(cleaned, shop.currency) if cleaned else 0
