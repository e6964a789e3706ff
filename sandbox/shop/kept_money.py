"""Gift cards and store credit: what is on them, and every movement."""

from __future__ import annotations

from datetime import datetime

from sandbox.state import Record, Shop, iso, parse_time


class TooLittle(ValueError):
    """There is not that much on the card or account."""


def find_card(shop: Shop, code: str) -> Record | None:
    """The gift card with this code, however it is written."""
    wanted = code.replace(" ", "").replace("-", "").lower()
    return next((card for card in shop.gift_card.values() if card["code"] == wanted), None)


def usable(card: Record, at: datetime) -> bool:
    """Whether a checkout takes the card."""
    expired = card["expires_on"] and card["expires_on"] < at.date().isoformat()
    return bool(card["enabled"] and card["balance"] and not expired)


def move_card(shop: Shop, card: Record, amount: int, at: datetime, note: str | None = None) -> Record:
    """Put on, or take off; TooLittle when the card does not hold it."""
    with shop.lock:
        if card["balance"] + amount < 0:
            raise TooLittle
        move = {"id": shop.next_id(), "amount": amount, "at": iso(at), "note": note}
        card["balance"] += amount
        card.setdefault("moves", []).append(move)
        shop.save("gift_card", card)
        return move


def account_of(shop: Shop, customer_id: int, currency: str, *, make: bool = False) -> Record | None:
    """The customer's account in a currency, opened if need be."""
    for account in shop.credit_account.values():
        if account["customer_id"] == customer_id and account["currency"] == currency:
            return account
    if not make:
        return None
    account = {"id": shop.next_id(), "customer_id": customer_id, "currency": currency, "balance": 0}
    return shop.save("credit_account", account)


def move_credit(shop: Shop, account: Record, amount: int, at: datetime, expires_at: str | None = None,
                event: str = "ADJUSTMENT") -> Record:  # fmt: skip
    """Credit or debit an account; a debit spends first what expires first."""
    with shop.lock:
        expire(shop, account, at)
        if account["balance"] + amount < 0:
            raise TooLittle
        if amount < 0:
            _draw(shop, account, -amount)
        return _write(shop, account, amount, at, expires_at, event)


def expire(shop: Shop, account: Record, at: datetime) -> None:
    """Take what has expired off the account."""
    for one in moves_of(shop, account):
        left = one.get("left", 0)
        if left and one["expires_at"] and parse_time(one["expires_at"]) <= at and not one.get("expired"):
            one["expired"] = True
            shop.save("credit", one)
            _write(shop, account, -left, at, None, "EXPIRATION")


def moves_of(shop: Shop, account: Record) -> list[Record]:
    """Every movement of an account, oldest first."""
    return [one for one in list(shop.credit.values()) if one["account"] == account["id"]]


def _draw(shop: Shop, account: Record, amount: int) -> None:
    open_ones = [one for one in moves_of(shop, account) if one.get("left") and not one.get("expired")]
    for one in sorted(open_ones, key=lambda one: (one["expires_at"] or "9999", one["id"])):
        part = min(amount, one["left"])
        one["left"] -= part
        amount -= part
        shop.save("credit", one)
        if not amount:
            return


def _write(shop: Shop, account: Record, amount: int, at: datetime, expires_at: str | None, event: str) -> Record:
    account["balance"] += amount
    shop.save("credit_account", account)
    one = {
        "id": shop.next_id(), "account": account["id"], "amount": amount, "after": account["balance"],
        "created_at": iso(at), "expires_at": expires_at, "left": max(0, amount), "event": event,
    }  # fmt: skip
    return shop.save("credit", one)


def check(shop: Shop, code: str, at: datetime) -> None:
    """ValueError when a code was given and it is of no gift card that can be used."""
    card = find_card(shop, code) if code else None
    if code and (card is None or not usable(card, at)):
        raise ValueError("This gift card cannot be used")


def pay(
    shop: Shop, code: str, customer_id: int | None, gateway: str, due: int, at: datetime
) -> list[tuple[str, int, int]]:
    """Pay as much as there is: (gateway, amount, id of the card or account)."""
    paid = []
    card = find_card(shop, code) if code else None
    if card is not None and (amount := min(due, card["balance"])) > 0:
        move_card(shop, card, -amount, at)
        paid.append(("gift_card", amount, card["id"]))
        due -= amount
    account = account_of(shop, customer_id, shop.currency) if customer_id else None
    if gateway == "shopify_store_credit" and account is not None and due:
        expire(shop, account, at)
        if (amount := min(due, account["balance"])) > 0:
            move_credit(shop, account, -amount, at, event="ORDER_PAYMENT")
            paid.append(("shopify_store_credit", amount, account["id"]))
    return paid


def give_back(shop: Shop, payment: Record, amount: int, at: datetime) -> None:
    """A refund goes back to the card or account that the order was paid from, as far as it was."""
    source, amount = payment.get("source"), min(amount, payment["amount"])
    if source and payment["gateway"] == "gift_card":
        move_card(shop, shop.gift_card[source], amount, at)
    elif source:
        move_credit(shop, shop.credit_account[source], amount, at, event="ORDER_REFUND")
