"""Why Shopify says that a refund is not what its lines are worth: words of its own, in two spellings, or anybody's."""

from __future__ import annotations

from plugin.rules.payloads.payload_values import short_text

DISCREPANCY = "refund discrepancy"
PENDING = "pending refund discrepancy"
BALANCING = "full return balancing adjustment"
SHIPPING = "shipping refund"


def reason_of(value: object) -> str:
    """In small letters, with spaces: deliveries write words, GraphQL writes REFUND_DISCREPANCY."""
    return short_text(value).replace("_", " ").strip().lower()


def known_reason(value: object) -> bool:
    """Whether it is one of Shopify's own."""
    return reason_of(value) in (DISCREPANCY, PENDING, BALANCING, SHIPPING)
