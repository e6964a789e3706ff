"""What an order adds up to. Shares of units are rounded down so that parts always add up to the whole."""

from __future__ import annotations

from decimal import Decimal

from sandbox.shop import money
from sandbox.state import Record


def current(line: Record) -> int:
    """Units still on the order after edits and refunds."""
    return int(line["quantity"] - line["removed"] - line["refunded"])


def allocated(line: Record, units: int | None = None) -> int:
    """Discount that falls on this many units of the line, every kind of discount included."""
    whole = sum(part["amount"] for part in line["allocations"])
    base = line["ordered"] or line["quantity"]
    return whole if units is None or units >= base else money.share(whole, units, base)


def line_net(line: Record, units: int) -> int:
    """Price of this many units after all discounts."""
    return int(line["price"] * units - allocated(line, units))


def line_tax(order: Record, line: Record, units: int) -> int:
    """Tax on this many units: within the price, or on top of it."""
    return tax_of(order, line_net(line, units)) if line["taxable"] else 0


def tax_of(order: Record, amount: int) -> int:
    """The tax in, or on, an amount."""
    rate = Decimal(order["tax_rate"])
    if order["taxes_included"]:
        return amount - money.percent_of(amount, 1 / (1 + rate))
    return money.percent_of(amount, rate)


# shipping: the line of the checkout, and those that edits brought


def parcels(order: Record) -> list[Record]:
    """Every shipping line that there ever was."""
    return [order["shipping"], *order.get("more_shipping", [])]


def parcel_paid(parcel: Record) -> int:
    """The price after its discount."""
    return int(parcel["price"] - parcel["discount"])


def parcel_tax(order: Record, parcel: Record, amount: int | None = None) -> int:
    """The tax on it, or on a part of its price."""
    return tax_of(order, parcel_paid(parcel) if amount is None else amount) if parcel.get("taxable") else 0


def parts_of_shipping(order: Record, refund: Record) -> list[Record]:
    """What a refund gives back of which shipping line: id, amount, tax."""
    whole = {"id": order["shipping"]["id"], "amount": refund["shipping"], "tax": 0}
    return list(refund.get("shipping_parts", [whole] if refund["shipping"] else []))


def _given_back(order: Record, parcel: Record, what: str) -> int:
    parts = [part for one in order["refunds"] for part in parts_of_shipping(order, one)]
    return int(sum(part[what] for part in parts if part["id"] == parcel["id"]))


def parcel_left(order: Record, parcel: Record) -> int:
    """Of its price, what was neither given back nor removed."""
    return 0 if parcel.get("removed") else parcel_paid(parcel) - _given_back(order, parcel, "amount")


def parcel_tax_left(order: Record, parcel: Record) -> int:
    """The same of its tax."""
    return 0 if parcel.get("removed") else parcel_tax(order, parcel) - _given_back(order, parcel, "tax")


def shipping_left(order: Record) -> int:
    """Shipping that is still on the order."""
    return sum(parcel_left(order, parcel) for parcel in parcels(order))


# charges beside goods and shipping


def charge(order: Record, name: str) -> int:
    """Duties, fees or the tip, as placed."""
    return int(order.get(name) or 0)


def charge_left(order: Record, name: str) -> int:
    """The same, less what was given back."""
    return charge(order, name) - sum(refund.get(name) or 0 for refund in order["refunds"])


def totals(order: Record, original: bool = False) -> dict[str, int]:
    """Subtotal, discounts, tax, shipping and total; of the order as placed, or of what is left of it."""
    if original and "placed" in order:
        return dict(order["placed"])
    pairs = [(line, line["quantity"] if original else current(line)) for line in order["lines"]]
    subtotal = sum(line_net(line, units) for line, units in pairs)
    tax = sum(line_tax(order, line, units) for line, units in pairs)
    shipping = parcel_paid(order["shipping"]) if original else shipping_left(order)
    tax += parcel_tax(order, order["shipping"]) if original else _shipping_tax_left(order)
    charges = sum((charge if original else charge_left)(order, name) for name in ("tip", "duties", "fees"))
    gone = order["shipping"]["discount"]
    return {
        "lines": sum(line["price"] * units for line, units in pairs),
        "discounts": sum(allocated(line, units) for line, units in pairs) + gone,
        "subtotal": subtotal,
        "tax": tax,
        "shipping": shipping,
        "total": subtotal + shipping + charges + (0 if order["taxes_included"] else tax),
    }


def _shipping_tax_left(order: Record) -> int:
    return sum(parcel_tax_left(order, parcel) for parcel in parcels(order))


# money


def received(order: Record) -> int:
    """Money that came in."""
    return sum(
        part["amount"]
        for part in order["transactions"]
        if part["kind"] in ("sale", "capture") and part["status"] == "success"
    )


def refunded(order: Record, *statuses: str) -> int:
    """Money that went back; with other statuses, money that is to go."""
    wanted = statuses or ("success",)
    parts = [part for refund in order["refunds"] for part in refund["transactions"]]
    return sum(part["amount"] for part in parts if part["status"] in wanted)


def refundable(order: Record) -> int:
    """Money that could still go back: not what went, nor what is on its way."""
    return received(order) - refunded(order, "success", "pending")


def refund_item_total(order: Record, item: Record) -> int:
    """What a refunded line is worth to the buyer."""
    return int(item["subtotal"] + (0 if order["taxes_included"] else item["tax"]))


def agreed(order: Record) -> int:
    """What the shop keeps for things that came back, less what it gave beyond them: nobody owes it."""
    if "agreed" in order:
        return int(order["agreed"])
    parts = [part for refund in order["refunds"] for part in refund["adjustments"]]
    return sum(part["amount"] for part in parts if part["kind"] == "refund_discrepancy")


def balance(order: Record) -> int:
    """What is asked of the buyer; below zero, what the shop owes since an edit."""
    if order["cancelled_at"]:
        return 0
    return totals(order)["total"] + agreed(order) - (received(order) - refunded(order))


def outstanding(order: Record) -> int:
    """What the buyer still owes."""
    return max(0, balance(order))


def financial_status(order: Record) -> str:
    """As in webhook bodies."""
    came, went = received(order), refunded(order)
    if not came:
        return "voided" if order["cancelled_at"] else "paid" if not totals(order)["total"] else "pending"
    if went:
        return "refunded" if went >= came else "partially_refunded"
    return "partially_paid" if outstanding(order) else "paid"


def presented(order: Record, minor: int) -> tuple[int, str]:
    """An amount of the shop's currency in the one the buyer saw: minor units, and which currency it is."""
    if not order["presentment"]:
        return minor, order["currency"]
    shown, rate = order["presentment"]
    return money.converted(minor, order["currency"], shown, Decimal(rate)), shown
