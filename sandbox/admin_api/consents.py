"""Customers' consent to marketing emails, as an app writes it."""

from __future__ import annotations

from sandbox.admin_api.user_errors import one_error
from sandbox.admin_api.views.connections import number_of
from sandbox.admin_api.views.customers import customer_view
from sandbox.state import Record, Shop, iso, now

MAY_BE_SET = ("SUBSCRIBED", "UNSUBSCRIBED", "PENDING")


def update(shop: Shop, asked: Record) -> Record:
    """customerEmailMarketingConsentUpdate: three of the six states may be set, of a customer with an address."""
    consent, customer = asked["emailMarketingConsent"], shop.customer.get(number_of(asked["customerId"]))
    at, state = ["input", "customerId"], consent["marketingState"]
    if customer is None:
        return _refused(at, "INVALID", "Customer not found")
    if not customer["email"]:
        return _refused(at, "INVALID", "An email address is required to set the email marketing consent state")
    if state not in MAY_BE_SET:
        path = ["input", "emailMarketingConsent", "marketingState"]
        return _refused(path, "INCLUSION", f"Cannot specify {state} as a marketing state input")
    with shop.lock:
        customer["marketing"], customer["updated_at"] = state, iso(now())
        shop.save("customer", customer)
    return {"customer": customer_view(shop, customer), "userErrors": []}


def _refused(path: list[str], code: str, text: str) -> Record:
    return {"customer": None, "userErrors": one_error(path, code, text)}
