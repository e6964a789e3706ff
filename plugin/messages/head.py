"""What every email to a member begins with, and how long one waits for the code that it brings."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from plugin.errors import NotFound, NotYet
from plugin.rules.formats import reader_locale
from plugin.rules.message_kinds import CODE_WAIT
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message

LOOK_AGAIN_SECONDS = 15


class Head(TypedDict):
    """The fields that every email's context has."""

    shop_name: str
    shop_url: str
    currency: str
    locale: str
    first_name: str


def head(shop: Shop, member: Member, locale: str = "", currency: str = "") -> Head:
    """The shop and the member, in the language and the currency of what the email is about, if it has its own."""
    return {
        "shop_name": shop.name or shop.domain,
        "shop_url": shop.storefront,
        "currency": currency or shop.currency,
        "locale": str(reader_locale(member.chosen_locale, locale, member.locale, shop.locale)).replace("_", "-"),
        "first_name": member.first_name,
    }


def account(shop: Shop) -> str:
    """Where members see their orders."""
    return f"{shop.storefront}/account"


def await_code(message: Message, now: datetime) -> None:
    """NotYet: the email's code does not exist, and the email still waits for it."""
    if now - message.created_at < CODE_WAIT:
        raise NotYet("the code does not exist yet", retry_after_seconds=LOOK_AGAIN_SECONDS)


def insist_on_code(message: Message, now: datetime) -> None:
    """Such an email is nothing without its code: NotYet for a while, then NotFound until the code is made after all."""
    await_code(message, now)
    raise NotFound("the code for this email wasn't created; the email is sent once it is")
