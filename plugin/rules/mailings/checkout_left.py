"""A checkout that somebody began: what is kept of it, and where its link may lead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from plugin.rules.formats import web_address

MOST_LINES: Final = 100
"""Lines that are kept; of the rest only how many there are."""
SHOPIFYS_HOSTS: Final = ("checkout.shopify.com", "shop.app")
"""Where a shop's checkout may live beside its own domains."""


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One line; `price` is what one costs, in the checkout's currency."""

    title: str
    quantity: int
    price: Decimal
    variant: str = ""
    product_id: int | None = None
    variant_id: int | None = None
    vendor: str = ""
    gift_card: bool = False

    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {
            "title": self.title,
            "quantity": self.quantity,
            "price": str(self.price),
            "variant": self.variant,
            "product_id": self.product_id,
            "variant_id": self.variant_id,
            "vendor": self.vendor,
            "gift_card": self.gift_card,
        }


def read_line(kept: Mapping[str, Any]) -> CheckoutLine:
    """A line as it was stored."""
    return CheckoutLine(**{**kept, "price": Decimal(kept["price"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutSeen:
    """The whole state of a checkout at one moment. `token` is its own secret, `cart_token` its cart's. `prices_known`:
    they are in `currency`, which is what the buyer sees. `ended`: it was paid, or closed."""

    token: str
    cart_token: str
    customer_id: int | None
    email: str
    url: str
    locale: str
    currency: str
    prices_known: bool
    subtotal: Decimal | None
    codes: tuple[str, ...]
    source: str
    lines: tuple[CheckoutLine, ...]
    more_lines: int
    started_at: datetime
    updated_at: datetime
    ended: bool


@dataclass(frozen=True, slots=True)
class CheckoutGone:
    """A checkout was deleted; Shopify names its cart only."""

    cart_token: str


def token_hash(token: str) -> str:
    """By what a token is found without being kept; none of no token.

    >>> token_hash("")
    ''
    """
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def checked_link(address: str, own: tuple[str, ...]) -> str:
    """The address if it is https and at one of the shop's own addresses or hosts, or at Shopify's; else nothing.

    >>> checked_link("https://example.com/checkouts/1", ("https://example.com",))
    'https://example.com/checkouts/1'
    >>> checked_link("https://evil.test/checkouts/1", ("https://example.com",))
    ''
    """
    try:
        host = urlsplit(web_address(address)).hostname or ""
        is_plain = urlsplit(address).port in (None, 443)
    except ValueError:
        return ""
    hosts = {urlsplit(one).hostname if "//" in one else one for one in own} | set(SHOPIFYS_HOSTS)
    return address if address.startswith("https://") and is_plain and host in hosts else ""
