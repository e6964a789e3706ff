"""How large an order can be: what is within fits every column, what is beyond is refused at the door."""

from __future__ import annotations

from plugin.rules.money import MAX_MINOR
from plugin.rules.types import OrderView


def within_bounds(view: OrderView) -> OrderView:
    """The order itself; ValueError where all that it bills together comes to MAX_MINOR or more."""
    billed = sum(abs(line.price_minor) * max(line.quantity, line.current_quantity) for line in view.lines)
    billed += sum(abs(line.tax_minor) for line in view.lines)
    billed += abs(view.shipping_minor) + abs(view.shipping_tax_minor)
    if billed >= MAX_MINOR:
        raise ValueError("the order's amounts are out of range")
    return view
