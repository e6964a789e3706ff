"""What every mail to a member begins with, and how long one waits for the code that it brings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, TypedDict

from plugin.errors import NotYet
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message

CODE_WAIT: Final = timedelta(minutes=30)
"""A mail goes when its code exists; it waits for that at most this long."""
LOOK_AGAIN_SECONDS = 15


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


def await_code(message: Message, now: datetime) -> None:
    """NotYet: the mail's code does not exist, and the mail still waits for it."""
    if now - message.created_at < CODE_WAIT:
        raise NotYet("the code does not exist yet", retry_after_seconds=LOOK_AGAIN_SECONDS)
