"""Mutations of gift cards, through the GraphQL API."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.admin_api.user_errors import one_error
from sandbox.admin_api.views.connections import number_of
from sandbox.admin_api.views.kept_money import gift_card_view
from sandbox.shop import kept_money, money
from sandbox.state import Record, Shop, iso, now

GIFT_CARD_READS: dict[str, Callable[[Record], Any]] = {
    "default": lambda one: [one["code"], one["note"] or ""], "id": lambda one: one["id"],
    "customer_id": lambda one: one["customer_id"], "created_at": lambda one: one["created_at"],
}  # fmt: skip


def create(shop: Shop, asked: Record) -> Record:
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
        return one_error(["input", "initialAmount"], "GREATER_THAN", "must be greater than 0")
    if amount["currencyCode"] != shop.currency:
        return one_error(["input", "initialAmount"], "INVALID", "Currency must be the shop's")
    if not 8 <= len(code) <= 20:
        kind = "TOO_SHORT" if len(code) < 8 else "TOO_LONG"
        return one_error(["input", "code"], kind, "Code must have 8 to 20 letters and digits")
    if not re.fullmatch(r"[a-z0-9]+", code):
        return one_error(["input", "code"], "INVALID", "Code can only contain letters and digits")
    if any(one["code"] == code for one in shop.gift_card.values()):
        return one_error(["input", "code"], "TAKEN", "Code has already been taken")
    if asked.get("customerId") and number_of(asked["customerId"], "Customer") not in shop.customer:
        return one_error(["input", "customerId"], "CUSTOMER_NOT_FOUND", "The customer could not be found.")
    return []


def deactivate(shop: Shop, gid: str) -> Record:
    """giftCardDeactivate, for good."""
    with shop.lock:
        card = shop.gift_card.get(number_of(gid, "GiftCard"))
        if not card:
            problems = one_error(["id"], "GIFT_CARD_NOT_FOUND", "The gift card could not be found.")
            return {"giftCard": None, "userErrors": problems}
        if card["enabled"]:
            card["enabled"], card["deactivated_at"] = False, iso(now())
            shop.save("gift_card", card)
        return {"giftCard": gift_card_view(shop, card), "userErrors": []}


def move(shop: Shop, gid: str, asked: Record, credit: bool) -> Record:
    """giftCardCredit and giftCardDebit."""
    name = "creditAmount" if credit else "debitAmount"
    result = "giftCardCreditTransaction" if credit else "giftCardDebitTransaction"
    card = shop.gift_card.get(number_of(gid, "GiftCard"))
    if not card:
        problems = one_error(["id"], "GIFT_CARD_NOT_FOUND", "The gift card could not be found.")
        return {result: None, "userErrors": problems}
    amount = money.to_minor(asked[name]["amount"], shop.currency) * (1 if credit else -1)
    try:
        move = kept_money.move_card(shop, card, amount, now(), asked.get("note"))
    except kept_money.TooLittle:
        return {result: None, "userErrors": one_error([name], "INSUFFICIENT_FUNDS", "Not enough on the gift card.")}
    kind = "Credit" if credit else "Debit"
    view = {
        "__typename": f"GiftCard{kind}Transaction", "note": move["note"], "processedAt": move["at"],
        "id": f"gid://shopify/GiftCard{kind}Transaction/{move['id']}",
        "amount": {"amount": money.graph(amount, shop.currency), "currencyCode": shop.currency},
        "giftCard": gift_card_view(shop, card),
    }  # fmt: skip
    return {result: view, "userErrors": []}
