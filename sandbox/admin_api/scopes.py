"""Which fields of the GraphQL API only an app with a certain scope may ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError

from sandbox.state import Record, Shop

NEEDS = {
    "giftCard": "read_gift_cards", "giftCards": "read_gift_cards", "giftCardCreate": "write_gift_cards",
    "giftCardDeactivate": "write_gift_cards", "giftCardCredit": "write_gift_cards", "giftCardDebit": "write_gift_cards",
    "storeCreditAccount": "read_store_credit_accounts",
    "storeCreditAccountCredit": "write_store_credit_account_transactions",
    "storeCreditAccountDebit": "write_store_credit_account_transactions", "files": "read_files",
    "shopLocales": "read_locales",
}  # fmt: skip
"""Root fields that only an app with the scope may use."""


def guarded(shop: Shop, table: Record) -> Record:
    """The root fields, each refusing an app that lacks its scope."""

    def guard(name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*args: Any, **more: Any) -> Any:
            check(shop, name, NEEDS[name])
            return resolve(*args, **more)

        return asked

    return {name: guard(name, one) if name in NEEDS else one for name, one in table.items()}


def check(shop: Shop, field: str, scope: str) -> None:
    """ACCESS_DENIED as Shopify says it, unless the app has the scope; write_x includes read_x."""
    granted = shop.settings["scopes"]
    if scope in granted or scope.replace("read_", "write_", 1) in granted:
        return
    text = f"Access denied for {field} field. Required access: `{scope}` access scope."
    raise GraphQLError(text, extensions={"code": "ACCESS_DENIED", "requiredAccess": f"`{scope}` access scope."})
