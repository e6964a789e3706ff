"""Carts of the online store: what lies in each, which discount codes it carries, and what it comes to."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sandbox import clock
from sandbox.shop import orders
from sandbox.shop.discounts import find
from sandbox.shop.quotes import quote
from sandbox.state import Record, Shop

COOKIE = "cart"
MOST_CODES = 25


@dataclass
class Cart:
    """One visitor's cart: how many of which variant, and the codes as they were typed."""

    token: str
    lines: dict[int, int] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def put(self, variant_id: int, quantity: int) -> None:
        """Have so many of a variant; none takes it out."""
        if quantity > 0:
            self.lines[variant_id] = min(quantity, 999)
        else:
            self.lines.pop(variant_id, None)

    def carry(self, codes: Iterable[str]) -> None:
        """Have these codes and no others, each once, whatever its case."""
        given = {code.strip().lower(): code.strip() for code in codes if code.strip()}
        self.codes = list(given.values())[:MOST_CODES]


class Carts:
    """All carts of a sandbox, in memory: a restart empties them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_token: dict[str, Cart] = {}

    def of(self, token: str) -> Cart:
        """The cart of a token, or a new one."""
        with self.lock:
            found = self.by_token.get(token)
            if found is None:
                found = Cart(secrets.token_hex(16))
                self.by_token[found.token] = found
            return found

    def drop(self, token: str) -> None:
        """It was bought."""
        with self.lock:
            self.by_token.pop(token, None)


def priced(shop: Shop, cart: Cart, customer_id: int | None) -> tuple[Record, dict[str, str]]:
    """What the cart comes to for somebody, as an order that nobody placed, and why a code of it is not taken."""
    wish = orders.Wish(lines=list(cart.lines.items()), customer_id=customer_id, codes=list(cart.codes))
    return quote(shop, wish if cart.lines else replace(wish, codes=[]), clock.now())


def class_of(shop: Shop, code: str) -> str:
    """ORDER, PRODUCT or SHIPPING: what a code takes its discount off."""
    found = find(shop, code)
    return str(found["class"]) if found else "ORDER"
