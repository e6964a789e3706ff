"""Mutations of store credit, through the GraphQL API."""

from __future__ import annotations

from decimal import Decimal

from sandbox.admin_api.user_errors import one_error
from sandbox.admin_api.views.connections import number_of
from sandbox.admin_api.views.kept_money import account_view, credit_view
from sandbox.shop import kept_money, money
from sandbox.state import Record, Shop, now, parse_time


def move(shop: Shop, gid: str, asked: Record, credit: bool) -> Record:
    """storeCreditAccountCredit and storeCreditAccountDebit; the id is an account's or a customer's."""
    with shop.lock:
        amount_asked = asked["creditAmount" if credit else "debitAmount"]
        problems = _credit_problems(shop, gid, asked, amount_asked, credit)
        account = None if problems else _account(shop, gid, amount_asked["currencyCode"], make=credit)
        if account is None:
            problems = problems or one_error(["id"], "ACCOUNT_NOT_FOUND", "The account could not be found.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        if account["currency"] != amount_asked["currencyCode"]:
            problems = one_error(["id"], "MISMATCHING_CURRENCY", "The currency does not match the account's.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        amount = money.to_minor(amount_asked["amount"], account["currency"]) * (1 if credit else -1)
        try:
            one = kept_money.move_credit(shop, account, amount, now(), asked.get("expiresAt"))
        except kept_money.TooLittle:
            problems = one_error(["debitInput", "debitAmount"], "INSUFFICIENT_FUNDS", "Not enough store credit.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        return {"storeCreditAccountTransaction": credit_view(shop, account, one), "userErrors": []}


def _credit_problems(shop: Shop, gid: str, asked: Record, amount: Record, credit: bool) -> list[Record]:
    path = ["creditInput" if credit else "debitInput"]
    if Decimal(str(amount["amount"])) <= 0:
        text = "A positive amount must be used."
        return one_error([*path, "creditAmount" if credit else "debitAmount"], "NEGATIVE_OR_ZERO_AMOUNT", text)
    if asked.get("expiresAt") and parse_time(asked["expiresAt"]) <= now():
        return one_error([*path, "expiresAt"], "EXPIRES_AT_IN_PAST", "The expiry date must be in the future.")
    if "/Customer/" in gid and number_of(gid) not in shop.customer:
        return one_error(["id"], "OWNER_NOT_FOUND", "The owner could not be found.")
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
