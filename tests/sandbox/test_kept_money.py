"""Gift cards and store credit pay for orders, and get back what a refund returns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from graphql import GraphQLError

from sandbox.admin_api import gift_cards, scopes
from sandbox.run import Running
from sandbox.shop import kept_money, orders
from sandbox.state import Record, Shop


def customer(local: Running, shop: Shop) -> Record:
    return local.box.enrol(shop, first_name="Ana", last_name="Reyes", email="ana.kept@example.com", locale="en")


def card(shop: Shop, amount: str, **more: object) -> Record:
    asked = {"initialAmount": {"amount": amount, "currencyCode": shop.currency}, "code": f"abcd{shop.next_id()}"[-16:]}
    gift_cards.create(shop, {**asked, **more})
    return list(shop.gift_card.values())[-1]


def place(local: Running, shop: Shop, **wish: object) -> Record:
    variant = next(iter(shop.product.values()))["variants"][0]["id"]
    return local.box.place(shop, orders.Wish(lines=[(variant, 1)], **wish), datetime.now(UTC))  # type: ignore[arg-type]


def test_a_gift_card_pays_what_it_holds_and_gets_a_refund_back(local: Running, shop: Shop) -> None:
    one = card(shop, "5")
    held = one["balance"]
    order = place(local, shop, email="a@example.com", gift_card=one["code"].upper())
    assert one["balance"] == 0
    assert [(part["gateway"], part["amount"] == held) for part in order["transactions"]][0] == ("gift_card", True)
    orders.refund_all(shop, order, datetime.now(UTC))
    assert one["balance"] == held


@pytest.mark.parametrize("what", ["unknown", "empty", "disabled", "expired"])
def test_a_card_that_cannot_be_used_places_no_order(local: Running, shop: Shop, what: str) -> None:
    one = card(shop, "5", expiresOn="2020-01-01" if what == "expired" else None)
    if what == "empty":
        kept_money.move_card(shop, one, -one["balance"], datetime.now(UTC))
    if what == "disabled":
        gift_cards.deactivate(shop, f"gid://shopify/GiftCard/{one['id']}")
    before, number = len(shop.order), shop.settings["next_order_number"]
    with pytest.raises(ValueError, match="cannot be used"):
        place(local, shop, email="a@example.com", gift_card="nosuchcard" if what == "unknown" else one["code"])
    assert (len(shop.order), shop.settings["next_order_number"]) == (before, number)


def test_store_credit_is_spent_soonest_ending_first_and_what_expires_goes(local: Running, shop: Shop) -> None:
    now = datetime.now(UTC)
    account = kept_money.account_of(shop, customer(local, shop)["id"], shop.currency, make=True)
    assert account is not None
    first = kept_money.move_credit(shop, account, 100, now)
    soon = kept_money.move_credit(shop, account, 50, now, (now + timedelta(days=1)).isoformat())
    kept_money.move_credit(shop, account, -70, now)
    assert (soon["left"], first["left"], account["balance"]) == (0, 80, 80)
    kept_money.move_credit(shop, account, 30, now, (now + timedelta(days=2)).isoformat())
    kept_money.expire(shop, account, now + timedelta(days=3))
    kept_money.expire(shop, account, now + timedelta(days=3))
    assert account["balance"] == 80
    with pytest.raises(kept_money.TooLittle):
        kept_money.move_credit(shop, account, -81, now)


def test_store_credit_pays_and_gets_a_refund_back(local: Running, shop: Shop) -> None:
    person, now = customer(local, shop), datetime.now(UTC)
    account = kept_money.account_of(shop, person["id"], shop.currency, make=True)
    assert account is not None
    kept_money.move_credit(shop, account, 300, now)
    order = place(local, shop, customer_id=person["id"], gateway="shopify_store_credit")
    assert account["balance"] == 0
    orders.refund_all(shop, order, now)
    assert account["balance"] == 300


def test_without_the_scope_shopify_denies_access(shop: Shop) -> None:
    shop.settings["scopes"] = ["read_gift_cards"]
    scopes.check(shop, "giftCards", "read_gift_cards")
    with pytest.raises(GraphQLError, match="Required access: `write_gift_cards`"):
        scopes.check(shop, "giftCardCreate", "write_gift_cards")
    shop.settings["scopes"] = ["write_gift_cards"]
    scopes.check(shop, "giftCards", "read_gift_cards")
