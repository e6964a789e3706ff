"""Money kept for customers: gift cards and store credit, through the GraphQL API."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from sandbox import kept_money, money
from sandbox.graph_customers import account_view, credit_view, gift_card_view
from sandbox.graph_pages import number_of
from sandbox.state import Record, Shop, iso, now, parse_time

NEEDS = {
    "giftCard": "read_gift_cards", "giftCards": "read_gift_cards", "giftCardCreate": "write_gift_cards",
    "giftCardDeactivate": "write_gift_cards", "giftCardCredit": "write_gift_cards", "giftCardDebit": "write_gift_cards",
    "storeCreditAccount": "read_store_credit_accounts",
    "storeCreditAccountCredit": "write_store_credit_account_transactions",
    "storeCreditAccountDebit": "write_store_credit_account_transactions",
}  # fmt: skip
"""Root fields that only an app with the scope may use."""
GIFT_CARD_READS: dict[str, Callable[[Record], Any]] = {
    "default": lambda one: [one["code"], one["note"] or ""], "id": lambda one: one["id"],
    "customer_id": lambda one: one["customer_id"], "created_at": lambda one: one["created_at"],
}  # fmt: skip


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


def _problem(path: list[str], code: str, text: str) -> list[Record]:
    return [{"field": path, "code": code, "message": text}]


def create_gift_card(shop: Shop, asked: Record) -> Record:
    """giftCardCreate."""
    with shop.lock:
        code = re.sub(r"[\s-]", "", asked.get("code") or secrets.token_hex(8)).lower()
        if problems := _gift_card_problems(shop, asked, code):
            return {"giftCard": None, "giftCardCode": None, "userErrors": problems}
        amount = money.to_minor(asked["initialAmount"]["amount"], shop.currency)
        stamp = iso(now())
        owner = number_of(asked["customerId"], "Customer") if asked.get("customerId") else None
        card: Record = {
            "id": shop.next_id(), "code": code, "initial": amount, "balance": amount, "enabled": True,
            "expires_on": asked.get("expiresOn"), "created_at": stamp, "updated_at": stamp, "deactivated_at": None,
            "customer_id": owner, "note": asked.get("note"), "moves": [],
        }  # fmt: skip
        shop.save("gift_card", card)
        return {"giftCard": gift_card_view(shop, card), "giftCardCode": code, "userErrors": []}


def _gift_card_problems(shop: Shop, asked: Record, code: str) -> list[Record]:
    amount = asked.get("initialAmount")
    if not amount or Decimal(str(amount["amount"])) <= 0:
        return _problem(["input", "initialAmount"], "GREATER_THAN", "must be greater than 0")
    if amount["currencyCode"] != shop.currency:
        return _problem(["input", "initialAmount"], "INVALID", "Currency must be the shop's")
    if not 8 <= len(code) <= 20:
        kind = "TOO_SHORT" if len(code) < 8 else "TOO_LONG"
        return _problem(["input", "code"], kind, "Code must have 8 to 20 letters and digits")
    if not re.fullmatch(r"[a-z0-9]+", code):
        return _problem(["input", "code"], "INVALID", "Code can only contain letters and digits")
    if any(one["code"] == code for one in shop.gift_card.values()):
        return _problem(["input", "code"], "TAKEN", "Code has already been taken")
    if asked.get("customerId") and number_of(asked["customerId"], "Customer") not in shop.customer:
        return _problem(["input", "customerId"], "CUSTOMER_NOT_FOUND", "The customer could not be found.")
    return []


def deactivate_gift_card(shop: Shop, gid: str) -> Record:
    """giftCardDeactivate, for good."""
    with shop.lock:
        card = shop.gift_card.get(number_of(gid, "GiftCard"))
        if not card:
            problems = _problem(["id"], "GIFT_CARD_NOT_FOUND", "The gift card could not be found.")
            return {"giftCard": None, "userErrors": problems}
        if card["enabled"]:
            card["enabled"], card["deactivated_at"] = False, iso(now())
            shop.save("gift_card", card)
        return {"giftCard": gift_card_view(shop, card), "userErrors": []}


def move_gift_card(shop: Shop, gid: str, asked: Record, credit: bool) -> Record:
    """giftCardCredit and giftCardDebit."""
    name = "creditAmount" if credit else "debitAmount"
    result = "giftCardCreditTransaction" if credit else "giftCardDebitTransaction"
    card = shop.gift_card.get(number_of(gid, "GiftCard"))
    if not card:
        problems = _problem(["id"], "GIFT_CARD_NOT_FOUND", "The gift card could not be found.")
        return {result: None, "userErrors": problems}
    amount = money.to_minor(asked[name]["amount"], shop.currency) * (1 if credit else -1)
    try:
        move = kept_money.move_card(shop, card, amount, now(), asked.get("note"))
    except kept_money.TooLittle:
        return {result: None, "userErrors": _problem([name], "INSUFFICIENT_FUNDS", "Not enough on the gift card.")}
    kind = "Credit" if credit else "Debit"
    view = {
        "__typename": f"GiftCard{kind}Transaction", "note": move["note"], "processedAt": move["at"],
        "id": f"gid://shopify/GiftCard{kind}Transaction/{move['id']}",
        "amount": {"amount": money.graph(amount, shop.currency), "currencyCode": shop.currency},
        "giftCard": gift_card_view(shop, card),
    }  # fmt: skip
    return {result: view, "userErrors": []}


def move_store_credit(shop: Shop, gid: str, asked: Record, credit: bool) -> Record:
    """storeCreditAccountCredit and storeCreditAccountDebit; the id is an account's or a customer's."""
    with shop.lock:
        amount_asked = asked["creditAmount" if credit else "debitAmount"]
        problems = _credit_problems(shop, gid, asked, amount_asked, credit)
        account = None if problems else _account(shop, gid, amount_asked["currencyCode"], make=credit)
        if account is None:
            problems = problems or _problem(["id"], "ACCOUNT_NOT_FOUND", "The account could not be found.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        if account["currency"] != amount_asked["currencyCode"]:
            problems = _problem(["id"], "MISMATCHING_CURRENCY", "The currency does not match the account's.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        amount = money.to_minor(amount_asked["amount"], account["currency"]) * (1 if credit else -1)
        try:
            one = kept_money.move_credit(shop, account, amount, now(), asked.get("expiresAt"))
        except kept_money.TooLittle:
            problems = _problem(["debitInput", "debitAmount"], "INSUFFICIENT_FUNDS", "Not enough store credit.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        return {"storeCreditAccountTransaction": credit_view(shop, account, one), "userErrors": []}


def _credit_problems(shop: Shop, gid: str, asked: Record, amount: Record, credit: bool) -> list[Record]:
    path = ["creditInput" if credit else "debitInput"]
    if Decimal(str(amount["amount"])) <= 0:
        text = "A positive amount must be used."
        return _problem([*path, "creditAmount" if credit else "debitAmount"], "NEGATIVE_OR_ZERO_AMOUNT", text)
    if asked.get("expiresAt") and parse_time(asked["expiresAt"]) <= now():
        return _problem([*path, "expiresAt"], "EXPIRES_AT_IN_PAST", "The expiry date must be in the future.")
    if "/Customer/" in gid and number_of(gid) not in shop.customer:
        return _problem(["id"], "OWNER_NOT_FOUND", "The owner could not be found.")
    return []


def _account(shop: Shop, gid: str, currency: str, *, make: bool) -> Record | None:
    number = number_of(gid)
    if "/StoreCreditAccount/" in gid:
        return shop.credit_account.get(number)
    return kept_money.account_of(shop, number, currency, make=make)


def account_by_id(shop: Shop, gid: str) -> Record | None:
    """A StoreCreditAccount."""
    account = shop.credit_account.get(number_of(gid, "StoreCreditAccount"))
    return account_view(shop, account) if account else None
