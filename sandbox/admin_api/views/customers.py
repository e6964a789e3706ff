"""Customers as the GraphQL API shows them. Whom and what they lead to: see links.py."""

from __future__ import annotations

from sandbox.admin_api.views.addresses import address_view
from sandbox.admin_api.views.connections import OF
from sandbox.admin_api.views.metafields import metafield_fields
from sandbox.admin_api.views.order_lines import money_view
from sandbox.shop import people
from sandbox.state import Record, Shop


def customer_view(shop: Shop, customer: Record | None) -> Record | None:
    """A Customer."""
    if not customer:
        return None
    gid = f"gid://shopify/Customer/{customer['id']}"
    address = {**people.address_of(customer), "id": f"gid://shopify/MailingAddress/{customer['address_id']}"}
    return {
        "__typename": "Customer", OF: customer, "id": gid, "legacyResourceId": str(customer["id"]),
        "firstName": customer["first_name"] or None, "lastName": customer["last_name"] or None,
        "displayName": people.full_name(customer) or customer["email"], "locale": customer["locale"],
        "note": customer["note"], "state": customer["state"].upper(), "tags": customer["tags"],
        "createdAt": customer["created_at"], "updatedAt": customer["updated_at"], "verifiedEmail": True,
        "taxExempt": False, "defaultEmailAddress": email_view(customer), "defaultPhoneNumber": None,
        "defaultAddress": lambda *_: address_view(address), "canDelete": False,
        "numberOfOrders": lambda *_: str(len(people.orders_of(shop, customer["id"]))),
        "amountSpent": lambda *_: money_view(people.spent(shop, customer["id"]), shop.currency),
        **metafield_fields(shop, gid),
    }  # fmt: skip


def email_view(customer: Record) -> Record | None:
    """A CustomerEmailAddress."""
    if not customer["email"]:
        return None
    return {
        "emailAddress": customer["email"], "marketingState": customer["marketing"], "validFormat": True,
        "marketingOptInLevel": None, "marketingUpdatedAt": None,
    }  # fmt: skip
