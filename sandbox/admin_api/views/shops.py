"""The shop as the GraphQL API shows it."""

from __future__ import annotations

from sandbox.admin_api.views.metafields import metafield_fields
from sandbox.state import Record, Shop


def shop_view(shop: Shop, url: str) -> Record:
    """The Shop."""
    own = shop.settings
    gid = f"gid://shopify/Shop/{own['shop_id']}"
    pattern = f"{own['currency']} {{{{amount}}}}"
    return {
        "__typename": "Shop", "id": gid, "name": own["name"], "myshopifyDomain": shop.domain,
        "email": own["email"],
        "contactEmail": own["email"], "ianaTimezone": own["timezone"], "currencyCode": own["currency"],
        "timezoneAbbreviation": "PST" if own["timezone"] == "Asia/Manila" else "UTC",
        "timezoneOffset": "+0800",
        "currencyFormats": {
            "moneyFormat": pattern, "moneyWithCurrencyFormat": pattern, "moneyInEmailsFormat": pattern,
            "moneyWithCurrencyInEmailsFormat": pattern,
        },
        "enabledPresentmentCurrencies": [own["currency"]], "taxesIncluded": own["taxes_included"],
        "taxShipping": False, "plan": {
            "publicDisplayName": own["plan"].title(), "shopifyPlus": own["plan"] == "plus",
            "partnerDevelopment": True,
        },
        "primaryDomain": {
            "id": f"gid://shopify/Domain/{own['shop_id']}", "host": shop.domain, "url": url,
            "sslEnabled": True,
        },
        "url": url, "weightUnit": "KILOGRAMS", "shopOwnerName": f"Owner of {own['name']}",
        "createdAt": own["created_at"], "updatedAt": own.get("updated_at", own["created_at"]), "setupRequired": False,
        "customerAccountsV2": {
            "customerAccountsVersion": "NEW_CUSTOMER_ACCOUNTS", "loginRequiredAtCheckout": False,
        },
        **metafield_fields(shop, gid),
    }  # fmt: skip
