"""Addresses as the GraphQL API shows them."""

from __future__ import annotations

from sandbox.state import Record


def address_view(address: Record | None) -> Record | None:
    """A MailingAddress."""
    if not address:
        return None
    return {
        "__typename": "MailingAddress", "id": address["id"], "firstName": address["first_name"],
        "lastName": address["last_name"], "name": address["name"], "address1": address["address1"],
        "address2": None, "city": address["city"], "company": None, "country": address["country"],
        "countryCodeV2": address["country_code"], "province": address["province"],
        "provinceCode": address["province_code"], "zip": address["zip"], "phone": None,
    }  # fmt: skip
