"""Customers: creating, changing and merging them, and how webhooks describe them."""

from __future__ import annotations

from datetime import datetime

from sandbox.shop import sums
from sandbox.shop.catalogue import currencies
from sandbox.state import Record, Shop, iso


def enrol(shop: Shop, at: datetime, *, first_name: str, last_name: str, email: str, locale: str = "en",
          state: str = "enabled") -> Record:  # fmt: skip
    """A new customer; one who is made at checkout has no account, which Shopify calls disabled."""
    key, stamp = shop.next_id(), iso(at)
    return shop.save(
        "customer",
        {
            "id": key, "first_name": first_name, "last_name": last_name, "email": email, "locale": locale,
            "created_at": stamp, "updated_at": stamp, "tags": [], "state": state, "note": None,
            "marketing": "NOT_SUBSCRIBED", "address_id": shop.next_id(),
        },
    )  # fmt: skip


def change(shop: Shop, customer: Record, at: datetime, **fields: object) -> Record:
    """New values for some of a customer's fields."""
    customer.update(fields)
    customer["updated_at"] = max(iso(at), customer["updated_at"])
    return shop.save("customer", customer)


def merge(shop: Shop, kept: Record, gone: Record, at: datetime) -> Record:
    """Orders of one customer go to another, who stays; the body of customers/merge."""
    with shop.lock:
        for order in shop.order.values():
            if order["customer_id"] == gone["id"]:
                order["customer_id"] = kept["id"]
                shop.save("order", order)
        shop.drop("customer", gone["id"])
        change(shop, kept, at, tags=sorted({*kept["tags"], *gone["tags"]}))
    return {
        "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept['id']}",
        "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{gone['id']}",
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }


def by_email(shop: Shop, email: str) -> Record | None:
    """The customer with an address, if there is one."""
    wanted = email.strip().lower()
    return next((one for one in shop.customer.values() if one["email"].lower() == wanted), None)


def to_choose(shop: Shop, most: int, chosen: object) -> list[Record]:
    """The newest customers, newest first, and whoever is chosen already (an id, or nothing): a list must show them."""
    newest = sorted(shop.customer.values(), key=lambda one: -one["id"])
    return [one for place, one in enumerate(newest) if place < most or str(one["id"]) == str(chosen)]


def orders_of(shop: Shop, customer_id: int) -> list[Record]:
    """A customer's orders, oldest first."""
    return [order for order in shop.order.values() if order["customer_id"] == customer_id]


def spent(shop: Shop, customer_id: int) -> int:
    """What a customer paid, less what went back."""
    return sum(sums.received(order) - sums.refunded(order) for order in orders_of(shop, customer_id))


def address_of(customer: Record) -> Record:
    """A postal address; the sandbox sends everything to one street, to each customer at a number of their own."""
    return {
        "address1": f"{customer['id'] % 9973 + 1} Mabini Street",
        "first_name": customer["first_name"], "phone": None, "city": "Makati",
        "zip": "1200", "province": "Metro Manila", "country": "Philippines",
        "last_name": customer["last_name"],
        "address2": None, "company": None, "latitude": None, "longitude": None, "name": full_name(customer),
        "country_code": "PH", "province_code": "PH-00",
    }  # fmt: skip


def full_name(customer: Record) -> str:
    """First and last name."""
    return f"{customer['first_name']} {customer['last_name']}".strip()


def _described(shop: Shop, customer: Record) -> Record:
    return {
        "id": customer["id"], "created_at": customer["created_at"], "updated_at": customer["updated_at"],
        "first_name": customer["first_name"] or None, "last_name": customer["last_name"] or None,
        "state": customer["state"], "note": customer["note"], "verified_email": True,
        "multipass_identifier": None, "tax_exempt": False, "email": customer["email"] or None, "phone": None,
        "currency": shop.currency,
    }  # fmt: skip


def _default_address(customer: Record) -> Record:
    where = address_of(customer)
    return {
        **{key: where[key] for key in ("first_name", "last_name", "company", "address1", "address2", "city")},
        **{key: where[key] for key in ("province", "country", "zip", "phone", "name")},
        "id": customer["address_id"], "customer_id": customer["id"], "province_code": where["province_code"],
        "country_code": where["country_code"], "country_name": where["country"], "default": True,
    }  # fmt: skip


def customer_in_order(shop: Shop, customer: Record) -> Record:
    """The customer within an order: no tags, no consents, no totals."""
    return {
        **_described(shop, customer), "tax_exemptions": [],
        "admin_graphql_api_id": f"gid://shopify/Customer/{customer['id']}",
        "default_address": _default_address(customer),
    }  # fmt: skip


def customer_body(shop: Shop, customer: Record) -> Record:
    """The body of customers/create and customers/update."""
    return {
        **_described(shop, customer), "addresses": [_default_address(customer)], "tax_exemptions": [],
        "admin_graphql_api_id": f"gid://shopify/Customer/{customer['id']}",
        "default_address": _default_address(customer),
    }  # fmt: skip


def tags_body(customer: Record, tags: list[str], at: datetime) -> Record:
    """The body of customer.tags_added and customer.tags_removed."""
    return {"customerId": f"gid://shopify/Customer/{customer['id']}", "tags": tags, "occurredAt": iso(at)}


def consent_body(customer: Record, at: datetime) -> Record:
    """The body of customers_email_marketing_consent/update."""
    state = customer["marketing"].lower()
    consent = {"state": state, "opt_in_level": "single_opt_in", "consent_updated_at": iso(at)}
    return {"customer_id": customer["id"], "email_address": customer["email"], "email_marketing_consent": consent}


def privacy_body(shop: Shop, customer: Record, request_id: int | None) -> Record:
    """customers/data_request (with a request id) or customers/redact."""
    about: Record = {
        "shop_id": shop.settings["shop_id"], "shop_domain": shop.domain,
        "customer": {"id": customer["id"], "email": customer["email"], "phone": None},
    }  # fmt: skip
    ids = [order["id"] for order in orders_of(shop, customer["id"])]
    if request_id is None:
        return {**about, "orders_to_redact": ids}
    return {**about, "orders_requested": ids, "data_request": {"id": request_id}}


def shop_body(shop: Shop) -> Record:
    """The shop as app/uninstalled and shop/update carry it."""
    own = shop.settings
    return {
        "id": own["shop_id"], "name": own["name"], "email": own["email"], "domain": shop.domain,
        "province": None,
        "country": own["country_code"], "address1": None, "zip": None, "city": None, "source": None,
        "phone": None,
        "latitude": None, "longitude": None, "primary_locale": own["locale"], "address2": None,
        "created_at": own["created_at"], "updated_at": own.get("updated_at", own["created_at"]),
        "country_code": own["country_code"],
        "country_name": own["country"], "currency": own["currency"], "customer_email": own["email"],
        "timezone": own["timezone"], "iana_timezone": own["timezone"],
        "shop_owner": f"Owner of {own['name']}",
        "money_format": "{{amount}}", "money_with_currency_format": f"{{{{amount}}}} {own['currency']}",
        "weight_unit": "kg", "taxes_included": own["taxes_included"],
        "plan_display_name": own["plan"].title(),
        "plan_name": own["plan"], "has_discounts": True, "has_gift_cards": True,
        "myshopify_domain": shop.domain,
        "enabled_presentment_currencies": currencies(shop), "has_storefront": True, "setup_required": False,
    }  # fmt: skip
