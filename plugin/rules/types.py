"""The frozen values that rules work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. `price_minor` is the unit price before discounts, in shop money;
    `discount_minor` is every discount allocated to the line, order-level ones included."""

    id: int
    title: str
    quantity: int
    current_quantity: int
    price_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    product_id: int | None = None
    variant: str = ""
    variant_id: int | None = None
    vendor: str = ""
    gift_card: bool = False
    tip: bool = False


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What was refunded of one line: `subtotal_minor` in the order's own tax convention."""

    line_id: int
    quantity: int
    subtotal_minor: int


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund. `beyond_lines_minor` is money given back for goods without naming a line."""

    id: int
    lines: tuple[RefundLine, ...] = ()
    beyond_lines_minor: int = 0
    shipping_minor: int = 0


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who placed an order, as far as the order says."""

    customer_id: int | None = None
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    locale: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    """The newest state of an order that we know. Money is shop money in minor units."""

    order_id: int
    name: str
    created_at: datetime
    updated_at: datetime
    processed_at: datetime
    currency: str
    financial_status: str
    buyer: Buyer
    lines: tuple[Line, ...]
    refunds: tuple[Refund, ...] = ()
    cancelled_at: datetime | None = None
    test: bool = False
    source: str = "web"
    taxes_included: bool = False
    shipping_minor: int = 0
    shipping_tax_minor: int = 0
    tip_minor: int = 0
    total_minor: int = 0
    discount_codes: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    tenders_minor: Mapping[str, int] | None = None
    """Amounts paid by gateway, where known (only GraphQL says)."""
    subscription: bool | None = None
    """Whether it belongs to a subscription, where known (of a first order only GraphQL says)."""
    fulfilled_at: datetime | None = None
    """When the last of it was sent; None while something is missing."""
    presented_currency: str = ""
    """The currency that the buyer paid in, where it is not the shop's."""
    presented_minor: Mapping[int, int] | None = None
    """In that currency, what each line costs after discounts, and shipping under 0; tax as in the shop's."""


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What an order's payload does not say of a product."""

    tags: frozenset[str] = frozenset()
    collections: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked of the shop beside its products: which variants are reduced, and the buyer's tags."""

    on_sale: Mapping[int, bool] = field(default_factory=dict)
    customer_tags: frozenset[str] | None = None
    zone: str = "UTC"


NOTHING_KNOWN = Known()


SUBSCRIBED: Final = "subscribed"
"""The marketing state of a customer who agreed to mails."""


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What an order's payload does not say of its customer. `email_consent` is Shopify's marketing state
    in small letters: subscribed, not_subscribed, pending, unsubscribed; empty without an e-mail."""

    tags: frozenset[str] = frozenset()
    email_consent: str = ""
    orders_count: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an explanation: a code that `explain` puts into words, and its values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
