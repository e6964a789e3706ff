"""What an order would come to before it is placed, and which of the codes would be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sandbox.shop import orders, sums
from sandbox.shop.discounts import CodeRefused, apply_codes
from sandbox.state import Record, Shop


def quote(shop: Shop, wish: orders.Wish, at: datetime) -> tuple[Record, dict[str, str]]:
    """The order as it would be with the codes that fit, in the order they were given; and why the others do not."""
    taken: list[str] = []
    refused: dict[str, str] = {}
    for code in wish.codes:
        try:
            apply_codes(shop, orders.draft(shop, wish, at), [*taken, code], at)
        except CodeRefused as error:
            refused[code] = str(error)
        else:
            taken.append(code)
    order = orders.draft(shop, replace(wish, codes=taken), at)
    apply_codes(shop, order, taken, at)
    order["placed"] = sums.totals(order, original=True)
    return order, refused
