"""The frozen values that rules work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from plugin.rules.values.quick import Watched, quickly_made


@quickly_made
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


READING: Final = 2
"""The number of the way in which payloads are read; what was stored before there were numbers is 1."""

PLACED_SINCE: Final = 2
"""The reading since which an order's day is when it was placed; before, it was when Shopify got to know of it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One shipping line: at its first price, after discounts, and at the present one (None: not said)."""

    id: int
    cost_minor: int
    tax_minor: int = 0
    now_minor: int | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class RefundedShipping:
    """What was refunded of a shipping line; of which one is not always said (0). The tax of one that was told as an
    adjustment stands `beside` it, whatever the order's tax convention."""

    parcel_id: int
    minor: int
    tax_minor: int = 0
    beside: bool = False

    def with_tax(self, taxes_included: bool) -> int:
        """What of money goes with it."""
        return self.minor + (self.tax_minor if self.beside or not taxes_included else 0)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What was refunded of one line: `subtotal_minor` in the order's own tax convention, after discounts; the tax
    is in it, or beside it. None where the payload does not say."""

    line_id: int
    quantity: int
    subtotal_minor: int | None
    tax_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that really went back, to one gateway, in the currency in which it was said."""

    gateway: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Abroad:
    """A refund's own amounts in the buyer's currency: what it names, the tax of that, and its discrepancy."""

    currency: str
    named_minor: int = 0
    tax_minor: int = 0
    discrepancy_minor: int = 0


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund, in minor units of `currency`, the shop's (empty: the order's).

    `discrepancy_minor` has Shopify's sign, and its tax in it: above nothing, less money went back than the lines
    are worth; below, more. None: nothing is said. `moved` None: which money moved is not said. Source:
    Shopify's REST Refund resource.
    """

    id: int
    lines: tuple[RefundLine, ...] = ()
    shipping: tuple[RefundedShipping, ...] = ()
    duties_minor: int = 0
    discrepancy_minor: int | None = None
    balancing_minor: int = 0
    moved: tuple[Moved, ...] | None = None
    pending: bool = False
    currency: str = ""
    abroad: Abroad | None = None
    created_at: datetime | None = None

    def shipping_minor(self, taxes_included: bool) -> int:
        """Refunded shipping with its tax."""
        return sum(each.with_tax(taxes_included) for each in self.shipping)


@dataclass(frozen=True, slots=True)
class Moment:
    """An order's money at one time, everything with its tax, in minor units: what was ever on the order, what of it
    is kept, what went back, what refunds named, what is open (None: not said), what came in (None: only GraphQL says).

    `ever` are the units of each line that there were so far, and minor units of shipping and duties."""

    at: datetime
    triggered_at: datetime
    paid: bool
    whole_minor: int
    kept_minor: int
    back_minor: int
    named_minor: int
    open_minor: int | None
    received_minor: int | None = None
    ever: Mapping[int, int] = field(default_factory=dict)


@quickly_made
@dataclass(frozen=True, slots=True)
class Buyer:
    """Who placed an order, as far as the order says; with `no_account`, as whoever is made at checkout."""

    customer_id: int | None = None
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    locale: str = ""
    created_at: datetime | None = None
    told_at: datetime | None = None
    """When Shopify last changed the customer's record of which this is told; None where it is not told of one."""
    verified: bool = False
    """Whether the customer proved that the address is theirs."""
    no_account: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Whereto:
    """Where an order goes to, or is billed to, as was said `at` that moment: the country by ISO 3166-1, two capital
    letters, and Shopify's code of a part of it, where there is one. The latest word counts."""

    at: datetime
    country: str
    region: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class OrderView(Watched):
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
    """Tips that are no line of the order."""
    total_minor: int = 0
    discount_codes: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    tenders_minor: Mapping[str, int] | None = None
    """Amounts paid by gateway, where known (only GraphQL says)."""
    subscription: bool | None = None
    """Whether it belongs to a subscription, where known (of a first order only GraphQL says)."""
    fulfilled_at: datetime | None = None
    sent_in_part: bool = False
    """Some of it was sent and some was not: what was sent wholly before has had something added."""
    """When the last of it was sent; None while something is missing."""
    presented_currency: str = ""
    """The currency that the buyer paid in, where it is not the shop's."""
    presented_minor: Mapping[int, int] | None = None
    """In that currency, what each line costs after discounts, and shipping under 0; tax as in the shop's."""
    parcels: tuple[Parcel, ...] = ()
    """Every way of sending that costs something, removed ones too; `shipping_minor` is the sum of the others."""
    duties_minor: int = 0
    """Duties and additional fees as charged, with their tax."""
    duties_now_minor: int | None = None
    outstanding_minor: int | None = None
    """What the buyer still has to pay, as stated; never below nothing."""
    received_minor: int | None = None
    """What came in by successful payments, where known (only GraphQL says)."""
    rate: tuple[int, int] | None = None
    """Minor units of the shop's currency, and of the buyer's for the same things."""
    earlier: tuple[Moment, ...] = ()
    """The order's money at earlier times, where it was different."""
    whereto: Whereto | None = None
    """Where it goes; None where no payload said so."""
    codes_minor: Mapping[str, int] | None = None
    """What each discount code took off the goods, in the order's own tax convention; codes for shipping are not
    here."""
    checkout_token: str = ""
    """What Shopify calls the checkout that it came from; empty where no payload said so. Whoever was there knows it."""
    reading: int = READING
    """By which reading of the payloads this view was made."""

    @property
    def placed_at(self) -> datetime:
        """When the order was placed: `processed_at`, which an import or a till that was offline sets to the day of
        the sale, while `created_at` is when Shopify got to know of it. What asks for an order's day asks here: the
        version it is judged by, tiers, limits, freshness, reports. Source: Shopify's REST Order resource."""
        return self.processed_at


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What an order's payload does not say of a product."""

    tags: frozenset[str] = frozenset()
    collections: frozenset[int] = frozenset()


class Facts(StrEnum):
    """A kind of facts; an order is stored with the kind that it waits for."""

    ORDER = "order"  # the whole of it, from Shopify: nobody has vouched for it
    TENDERS = "tenders"
    SUBSCRIPTION = "subscription"
    PRODUCTS = "products"
    VARIANTS = "variants"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Missing:
    """The facts that an order waits for, and of which products, variants or customers; of none, the order itself."""

    facts: Facts
    ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked of the shop beside its products: which variants are reduced, and the buyer's tags."""

    on_sale: Mapping[int, bool] = field(default_factory=dict)
    customer_tags: frozenset[str] | None = None
    zone: str = "UTC"


NOTHING_KNOWN = Known()


SUBSCRIBED: Final = "subscribed"
"""The marketing state of a customer who agreed to mails."""
UNSUBSCRIBED: Final = "unsubscribed"
"""That of one who took it back."""


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
