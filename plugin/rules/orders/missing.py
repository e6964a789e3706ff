"""What must be known before an order can be judged, and is not yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
