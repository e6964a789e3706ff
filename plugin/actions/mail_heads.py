"""What every mail to a member begins with."""

from __future__ import annotations

from typing import TypedDict

from plugin.store.members import Member
from plugin.store.shops import Shop


class Head(TypedDict):
    """The fields that every mail's context has."""

    shop_name: str
    shop_url: str
    currency: str
    locale: str
    first_name: str


def head(shop: Shop, member: Member, locale: str = "", currency: str = "") -> Head:
    """The shop and the member, in the language and the currency of what the mail is about, if it has its own."""
    return {
        "shop_name": shop.name or shop.domain,
        "shop_url": shop.storefront,
        "currency": currency or shop.currency,
        "locale": locale or member.locale or shop.locale,
        "first_name": member.first_name,
    }


def account(shop: Shop) -> str:
    """Where members see their orders."""
    return f"{shop.storefront}/account"
