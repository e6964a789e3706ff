"""The topics we take. shopify.app.toml lists those of every shop, each with the file that reads it."""

from __future__ import annotations

from typing import Final

ORDERS: Final = (
    "orders/create",
    "orders/paid",
    "orders/updated",
    "orders/edited",
    "orders/cancelled",
    "orders/delete",
    "refunds/create",
)
CUSTOMERS: Final = ("customers/create", "customers/update", "customers/merge")
CUSTOMER_CHANGES: Final = (
    "customer.tags_added",
    "customer.tags_removed",
    "customers_email_marketing_consent/update",
)
APP: Final = ("app/uninstalled", "app/scopes_update", "shop/update", "bulk_operations/finish")
CHECKOUTS: Final = ("checkouts/create", "checkouts/update", "checkouts/delete")
"""Only shops that remind of checkouts left behind are sent these: `plugin/actions/emails/watch_checkouts.py`."""
COMPLIANCE: Final = ("customers/data_request", "customers/redact", "shop/redact")
"""Taken even after the app was uninstalled."""
RECONCILED: Final = "suki/order"
"""Not Shopify's: an order that reconciling fetched, put into the inbox in the payload's shape."""

SUBSCRIBED: Final = frozenset(ORDERS + CUSTOMERS + CUSTOMER_CHANGES + APP + COMPLIANCE)
"""For every shop, in shopify.app.toml."""
TAKEN: Final = SUBSCRIBED | frozenset(CHECKOUTS)
"""What the endpoint takes."""
