"""Gift cards and store credit as the GraphQL API shows them."""

from __future__ import annotations

from sandbox.admin_api.views.connections import OF, connection
from sandbox.admin_api.views.order_lines import money_view
from sandbox.shop import kept_money
from sandbox.state import Record, Shop, now


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
        "__typename": "GiftCard", OF: card, "id": f"gid://shopify/GiftCard/{card['id']}",
        "lastCharacters": card["code"][-4:].lower(),
        "maskedCode": f"•••• •••• •••• {card['code'][-4:].lower()}",
        "balance": money_view(card["balance"], shop.currency), "note": card["note"],
        "initialValue": money_view(card["initial"], shop.currency), "enabled": card["enabled"],
        "expiresOn": card["expires_on"], "createdAt": card["created_at"], "updatedAt": card["updated_at"],
        "deactivatedAt": card["deactivated_at"],
        "transactions": lambda _info, **page: connection(
            card.get("moves") or [], lambda one: _card_move(shop, one), **page
        ),
    }  # fmt: skip


def _card_move(shop: Shop, move: Record) -> Record:
    kind = "GiftCardCreditTransaction" if move["amount"] > 0 else "GiftCardDebitTransaction"
    return {
        "__typename": kind, "id": f"gid://shopify/{kind}/{move['id']}", "note": move["note"],
        "amount": money_view(move["amount"], shop.currency), "processedAt": move["at"],
    }  # fmt: skip
