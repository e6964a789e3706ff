"""A checkout under way: its goods, buyer and codes; and what the buyer's changes make of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sandbox.shop import catalogue, discounts, kept_money, orders
from sandbox.state import Record, Shop, iso
from sandbox.trouble import Trouble

KINDS = {
    "online": "Checkout",
    "draft": "Draft order (invoice)",
    "accelerated": "Apple Pay or Google Pay",
}
"""What the buyer pays with: in a draft order codes cannot be changed, in an accelerated checkout nothing can."""


@dataclass(frozen=True)
class Change:
    """What came of a change: the message is for developers, as in Shopify."""

    type: Literal["success", "error"]
    message: str = ""

    @property
    def answer(self) -> Record:
        """As an extension is told."""
        return {"type": "success"} if self.type == "success" else {"type": "error", "message": self.message}


DONE = Change("success")


def start(shop: Shop, lines: list[tuple[int, int]], at: datetime, **more: object) -> Record:
    """A new checkout of variants and quantities; KeyError where the shop has no such variant."""
    for variant, _ in lines:
        orders.find_variant(shop, variant)
    if not lines:
        raise ValueError("Nothing is in the cart")
    checkout: Record = {
        "id": secrets.token_hex(16), "lines": [list(one) for one in lines], "codes": [], "ignored": [],
        "email": "", "first_name": "", "last_name": "", "customer_id": None, "locale": "en", "currency": "",
        "gift_card": "", "kind": "online", "cart": "", "order_id": None, "created_at": iso(at),
    }  # fmt: skip
    checkout.update({name: value for name, value in more.items() if value is not None})
    return shop.save("checkout", checkout)


def wish(shop: Shop, checkout: Record) -> orders.Wish:
    """The order that it asks for."""
    return orders.Wish(
        lines=[(variant, quantity) for variant, quantity in checkout["lines"]], email=checkout["email"],
        customer_id=checkout["customer_id"],
        codes=[code for code in checkout["codes"] if code not in checkout["ignored"]],
        shipping=catalogue.usual_shipping(shop), gift_card=checkout["gift_card"], locale=checkout["locale"],
        presentment=catalogue.presentment(shop, checkout["currency"]), checkout_token=checkout["id"],
        cart_token=checkout["cart"],
        source="shopify_draft_order" if checkout["kind"] == "draft" else "web",
    )  # fmt: skip


def instructions(checkout: Record, trouble: Trouble) -> Record:
    """What extensions may change."""
    codes = checkout["kind"] != "draft" and not trouble.strikes("checkout_instructions_forbid")
    return {
        "attributes": {"canUpdateAttributes": True}, "delivery": {"canSelectCustomAddress": False},
        "discounts": {"canUpdateDiscountCodes": codes},
        "lines": {"canAddCartLine": False, "canRemoveCartLine": False, "canUpdateCartLine": False},
        "metafields": {"canSetCartMetafields": True, "canDeleteCartMetafield": True},
        "notes": {"canUpdateNote": True},
    }  # fmt: skip


def _may_not(checkout: Record, trouble: Trouble) -> Change | None:
    if checkout["order_id"]:
        return Change("error", "The checkout is completed")
    if checkout["kind"] == "accelerated":
        return Change("error", "Changes are not possible while an accelerated checkout is used")
    if not instructions(checkout, trouble)["discounts"]["canUpdateDiscountCodes"]:
        return Change("error", "The cart instructions forbid changing discount codes")
    return None


def change_code(shop: Shop, trouble: Trouble, checkout: Record, asked: Record, at: datetime) -> Change:
    """applyDiscountCodeChange: an unknown code is an error; one that this cart cannot use is a success that takes
    nothing off."""
    with shop.lock:
        code = str(asked.get("code") or "").strip()
        if refused := _may_not(checkout, trouble):
            return refused
        if asked.get("type") == "removeDiscountCode":
            return _without(shop, checkout, code)
        if asked.get("type") != "addDiscountCode" or not code:
            return Change("error", "Unknown change")
        if trouble.strikes("checkout_code_error"):
            return Change("error", "The discount code could not be applied")
        discount = discounts.find(shop, code)
        if discount is None or discounts.status(discount, at) != "ACTIVE":
            return Change("error", f"{code} is not a valid discount code")
        _add(checkout, code, ignored=trouble.strikes("checkout_code_ignored"))
        shop.save("checkout", checkout)
        return DONE


def _add(checkout: Record, code: str, *, ignored: bool) -> None:
    if code.lower() not in [one.lower() for one in checkout["codes"]]:
        checkout["codes"].append(code)
    if ignored:
        checkout["ignored"].append(code)


def _without(shop: Shop, checkout: Record, code: str) -> Change:
    for name in ("codes", "ignored"):
        checkout[name] = [one for one in checkout[name] if one.lower() != code.lower()]
    shop.save("checkout", checkout)
    return DONE


def change_gift_card(shop: Shop, checkout: Record, asked: Record, at: datetime) -> Change:
    """applyGiftCardChange, one card at a time."""
    with shop.lock:
        if checkout["kind"] == "accelerated" or checkout["order_id"]:
            return Change("error", "Changes are not possible now")
        code = str(asked.get("code") or "").strip()
        if asked.get("type") == "removeGiftCard":
            checkout["gift_card"] = ""
        else:
            card = kept_money.find_card(shop, code)
            if card is None or not kept_money.usable(card, at):
                return Change("error", "This gift card cannot be used")
            checkout["gift_card"] = code
        shop.save("checkout", checkout)
        return DONE
