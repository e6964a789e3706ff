"""What emails to shoppers have in common: the values that templates print without any thinking of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol
from urllib.parse import quote

from babel import Locale

from plugin.rules.emails import member_facts
from plugin.rules.emails.member_facts import NOBODY, MemberFacts
from plugin.rules.emails.variables import Amount
from plugin.rules.formats import (
    DEFAULT_POINTS_NAME,
    long_date,
    money,
    one_line,
    one_line_name,
    percent,
    points_unit,
    web_address,
)
from plugin.rules.rewards.next_reward import NextReward


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail ready to be sent: one subject line, both bodies, and who it is from and answered to."""

    subject: str
    html: str
    text: str
    from_name: str = ""
    reply_to: str = ""
    locale: str = "en"
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class CodeOffer:
    """A code for the next order: a percentage off, or an amount off."""

    value: str
    percent_off: Decimal | None = None
    amount_off_minor: int | None = None
    minimum_spend_minor: int = 0
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if (self.percent_off is None) == (self.amount_off_minor is None):
            raise ValueError("a code takes off a percentage or an amount, exactly one of the two")


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every mail knows: shop and reader; `facts` say how the member stands."""

    shop_name: str
    shop_url: str
    currency: str
    locale: str = "en"
    first_name: str = ""
    points_name: str = DEFAULT_POINTS_NAME
    facts: MemberFacts = NOBODY

    def amount(self, points: int, locale: Locale) -> Amount:
        """Points, ready to print by the shop's own name for them."""
        return Amount(points, one_line_name(self.points_name), locale)


class MailContext(Protocol):
    """Anything that a message can be rendered from."""

    @property
    def shop_name(self) -> str: ...
    @property
    def points_name(self) -> str: ...
    @property
    def locale(self) -> str: ...
    def values(self) -> dict[str, object]: ...


def common_values(context: Common, locale: Locale) -> dict[str, object]:
    """The variables that every template has."""
    points_name = one_line_name(context.points_name)
    return {
        **member_facts.fact_values(context.facts, points_name, context.currency, locale),
        "shop_name": one_line(context.shop_name, 100),
        "shop_url": web_address(context.shop_url),
        "locale": str(locale).replace("_", "-"),
        "dir": locale.text_direction,
        "first_name": one_line(context.first_name, 60),
        "points_name": points_unit(points_name, locale),
    }


def optional_address(value: str) -> str:
    """A checked address, or nothing where there is none."""
    return web_address(value) if value else ""


def reward_values(reward: NextReward | None, context: Common, locale: Locale) -> dict[str, object] | None:
    """The nearest reward as templates print it."""
    return member_facts.reward_values(reward, one_line_name(context.points_name), context.currency, locale)


def code_values(code: CodeOffer | None, context: Common, locale: Locale) -> dict[str, object] | None:
    """A code for the next order as templates print it."""
    if code is None:
        return None
    value = one_line(code.value, 64)
    minimum = code.minimum_spend_minor
    return {
        "value": value,
        "off": _off(code, context.currency, locale),
        "minimum": money(minimum, context.currency, locale) if minimum > 0 else "",
        "until": long_date(code.valid_until, locale) if code.valid_until else "",
        "url": f"{web_address(context.shop_url).rstrip('/')}/discount/{quote(value, safe='')}",
    }


def own_code(value: str, url: str = "", *, off: str = "", minimum: str = "", until: str = "") -> dict[str, object]:
    """A code that is not for the next order, in the same shape."""
    return {"value": one_line(value, 64), "off": off, "minimum": minimum, "until": until, "url": url}


def _off(code: CodeOffer, currency: str, locale: Locale) -> str:
    if code.percent_off is not None:
        return percent(code.percent_off, locale)
    return money(code.amount_off_minor or 0, currency, locale)
