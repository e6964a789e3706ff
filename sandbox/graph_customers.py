"""Customers, the shop, and money kept for customers, as the GraphQL API shows them."""

from __future__ import annotations

from sandbox import kept_money, people
from sandbox.graph_metafields import metafield_fields
from sandbox.graph_order_lines import money_view
from sandbox.graph_orders import address_view, order_view
from sandbox.graph_pages import connection, search
from sandbox.state import Record, Shop, now


def customer_view(shop: Shop, customer: Record | None) -> Record | None:
    """A Customer."""
    if not customer:
        return None
    gid = f"gid://shopify/Customer/{customer['id']}"
    address = {**people.address_of(customer), "id": f"gid://shopify/MailingAddress/{customer['address_id']}"}
    return {
        "__typename": "Customer", "id": gid, "legacyResourceId": str(customer["id"]),
        "firstName": customer["first_name"] or None, "lastName": customer["last_name"] or None,
        "displayName": people.full_name(customer) or customer["email"], "locale": customer["locale"],
        "note": customer["note"], "state": customer["state"].upper(), "tags": customer["tags"],
        "createdAt": customer["created_at"], "updatedAt": customer["updated_at"], "verifiedEmail": True,
        "taxExempt": False, "defaultEmailAddress": email_view(customer), "defaultPhoneNumber": None,
        "defaultAddress": lambda *_: address_view(address), "canDelete": False,
        "numberOfOrders": lambda *_: str(len(people.orders_of(shop, customer["id"]))),
        "amountSpent": lambda *_: money_view(people.spent(shop, customer["id"]), shop.currency),
        "orders": lambda _info, query=None, sortKey=None, **page: connection(
            people.orders_of(shop, customer["id"]), lambda one: order_view(shop, one), **page
        ),
        "lastOrder": lambda *_: _last(shop, customer),
        "storeCreditAccounts": lambda _info, query=None, **page: connection(
            _accounts(shop, customer, query), lambda one: account_view(shop, one), **page,
        ),
        **metafield_fields(shop, gid),
    }  # fmt: skip


def _accounts(shop: Shop, customer: Record, query: str | None) -> list[Record]:
    from sandbox.graph_money import check

    check(shop, "storeCreditAccounts", "read_store_credit_accounts")
    mine = [one for one in shop.credit_account.values() if one["customer_id"] == customer["id"]]
    return search(mine, query, {"currency_code": lambda one: one["currency"], "id": lambda one: one["id"]})


def _last(shop: Shop, customer: Record) -> Record | None:
    orders = people.orders_of(shop, customer["id"])
    return order_view(shop, orders[-1]) if orders else None


def email_view(customer: Record) -> Record | None:
    """A CustomerEmailAddress."""
    if not customer["email"]:
        return None
    return {
        "emailAddress": customer["email"], "marketingState": customer["marketing"], "validFormat": True,
        "marketingOptInLevel": None, "marketingUpdatedAt": None,
    }  # fmt: skip


def account_view(shop: Shop, account: Record) -> Record:
    """A StoreCreditAccount."""
    kept_money.expire(shop, account, now())
    moves = kept_money.moves_of(shop, account)
    return {
        "__typename": "StoreCreditAccount", "id": f"gid://shopify/StoreCreditAccount/{account['id']}",
        "balance": money_view(account["balance"], account["currency"]),
        "transactions": lambda _info, query=None, sortKey=None, **page: connection(
            moves, lambda one: credit_view(shop, account, one), **page
        ),
    }  # fmt: skip


def credit_view(shop: Shop, account: Record, one: Record) -> Record:
    """One movement of store credit."""
    expired = one.get("event") == "EXPIRATION"
    kind = "Expiration" if expired else "Credit" if one["amount"] > 0 else "Debit"
    currency = account["currency"]
    return {
        "__typename": f"StoreCreditAccount{kind}Transaction",
        "id": f"gid://shopify/StoreCreditAccount{kind}Transaction/{one['id']}",
        "amount": money_view(one["amount"], currency), "createdAt": one["created_at"],
        "balanceAfterTransaction": money_view(one["after"], currency), "expiresAt": one["expires_at"],
        "remainingAmount": money_view(one.get("left", 0), currency),
        "event": "ADJUSTMENT" if expired else one.get("event", "ADJUSTMENT"),
        "account": lambda *_: account_view(shop, account),
    }  # fmt: skip


def gift_card_view(shop: Shop, card: Record) -> Record:
    """A GiftCard; its code is never shown again."""
    return {
        "__typename": "GiftCard", "id": f"gid://shopify/GiftCard/{card['id']}",
        "lastCharacters": card["code"][-4:].lower(),
        "maskedCode": f"•••• •••• •••• {card['code'][-4:].lower()}",
        "balance": money_view(card["balance"], shop.currency), "note": card["note"],
        "initialValue": money_view(card["initial"], shop.currency), "enabled": card["enabled"],
        "expiresOn": card["expires_on"], "createdAt": card["created_at"], "updatedAt": card["updated_at"],
        "deactivatedAt": card["deactivated_at"],
        "transactions": lambda _info, **page: connection(
            card.get("moves") or [], lambda one: _card_move(shop, one), **page
        ),
        "customer": lambda *_: customer_view(shop, shop.customer.get(card["customer_id"])),
    }  # fmt: skip


def _card_move(shop: Shop, move: Record) -> Record:
    kind = "GiftCardCreditTransaction" if move["amount"] > 0 else "GiftCardDebitTransaction"
    return {
        "__typename": kind, "id": f"gid://shopify/{kind}/{move['id']}", "note": move["note"],
        "amount": money_view(move["amount"], shop.currency), "processedAt": move["at"],
    }  # fmt: skip


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
