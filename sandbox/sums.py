"""What an order adds up to. Shares of units are rounded down so that parts always add up to the whole."""

from __future__ import annotations

from decimal import Decimal

from sandbox import money
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


def shipping_paid(order: Record) -> int:
    """Shipping after its discount."""
    return int(order["shipping"]["price"] - order["shipping"]["discount"])


def shipping_left(order: Record) -> int:
    """Shipping not given back yet."""
    return int(shipping_paid(order) - sum(refund["shipping"] for refund in order["refunds"]))


def totals(order: Record, original: bool = False) -> dict[str, int]:
    """Subtotal, discounts, tax, shipping and total; of the order as placed, or of what is left of it."""
    if original and "placed" in order:
        return dict(order["placed"])
    pairs = [(line, line["quantity"] if original else current(line)) for line in order["lines"]]
    subtotal = sum(line_net(line, units) for line, units in pairs)
    tax = sum(line_tax(order, line, units) for line, units in pairs)
    shipping = shipping_paid(order) if original else shipping_left(order)
    gone = order["shipping"]["discount"]
    return {
        "lines": sum(line["price"] * units for line, units in pairs),
        "discounts": sum(allocated(line, units) for line, units in pairs) + gone,
        "subtotal": subtotal,
        "tax": tax,
        "shipping": shipping,
        "total": subtotal + shipping + order["tip"] + (0 if order["taxes_included"] else tax),
    }


def received(order: Record) -> int:
    """Money that came in."""
    return sum(part["amount"] for part in order["transactions"] if part["kind"] in ("sale", "capture"))


def refunded(order: Record) -> int:
    """Money that went back."""
    return sum(part["amount"] for refund in order["refunds"] for part in refund["transactions"])


def refund_item_total(order: Record, item: Record) -> int:
    """What a refunded line is worth to the buyer."""
    return int(item["subtotal"] + (0 if order["taxes_included"] else item["tax"]))


def outstanding(order: Record) -> int:
    """What the buyer still owes."""
    if order["cancelled_at"]:
        return 0
    return max(0, totals(order)["total"] - (received(order) - refunded(order)))


def financial_status(order: Record) -> str:
    """As in webhook bodies."""
    came, went = received(order), refunded(order)
    if not came:
        return "voided" if order["cancelled_at"] else "paid" if not totals(order)["total"] else "pending"
    if went:
        return "refunded" if went >= came else "partially_refunded"
    return "partially_paid" if outstanding(order) else "paid"
