"""A customer's store credit, as Shopify tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.rules.money import minor_digits, to_decimal, to_minor
from plugin.rules.rewards.credits import Transaction


@dataclass(frozen=True, slots=True)
class Account:
    """What is on the account, and its transactions, newest first; `after` is where the next page begins."""

    balance_minor: int = 0
    transactions: tuple[Transaction, ...] = ()
    after: str | None = None


def account_in(data: Mapping[str, Any], currency: str) -> Account | None:
    """The account of the answer to STORE_CREDIT, empty where none was opened; None when the customer is gone."""
    customer = data["customer"]
    if customer is None:
        return None
    for node in customer["storeCreditAccounts"]["nodes"]:
        if node["balance"]["currencyCode"] == currency:
            page = node["transactions"]["pageInfo"]
            moves = tuple(_transaction(one, currency) for one in node["transactions"]["nodes"])
            after = page["endCursor"] if page["hasNextPage"] else None
            return Account(_minor(node["balance"], currency), moves, after)
    return Account()


def _transaction(one: Mapping[str, Any], currency: str) -> Transaction:
    """The sign is the kind's: what Shopify writes as the amount of a debit is not documented."""
    kind = str(one["__typename"])
    amount = abs(_minor(one["amount"], currency))
    takes = kind in ("StoreCreditAccountDebitTransaction", "StoreCreditAccountExpirationTransaction")
    left = _minor(one["remainingAmount"], currency) if "remainingAmount" in one else None
    created = datetime.fromisoformat(one["createdAt"])
    event = str(one["event"]) if kind != "StoreCreditAccountExpirationTransaction" else "EXPIRATION"
    return Transaction(str(one.get("id") or ""), -amount if takes else amount, created, event, left)


def _minor(amount: Mapping[str, Any], currency: str) -> int:
    return to_minor(amount["amount"], minor_digits(currency))


def money_input(minor: int, currency: str) -> dict[str, str]:
    """A MoneyInput."""
    return {"amount": str(to_decimal(minor, currency)), "currencyCode": currency}
