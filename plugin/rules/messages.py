"""What each mail to a shopper says, as values that the templates print without any thinking of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol
from urllib.parse import quote

from babel import Locale

from plugin.rules.formats import (
    DEFAULT_POINTS_NAME,
    long_date,
    money,
    number,
    one_line,
    percent,
    reader_locale,
    web_address,
)
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.types import Reason

PointsState = Literal["earned", "pending", "after_payment", "none"]
MAX_LINES_SHOWN = 100
MAX_EXPLAINED = 20
"""An order can have 500 lines; mail programs cut a mail off after about 100 KB."""


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
class LineItem:
    """One line of the order. `points` where a line's own share is known; `note` is the code of why it
    earned nothing (`gift_card`, `tip`, `product`, `collection`, `tag`)."""

    title: str
    quantity: int
    total_minor: int
    variant: str = ""
    points: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The order's sums in minor units; `discount_minor` is what was taken off, as a positive amount."""

    total_minor: int
    subtotal_minor: int = 0
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    tax_included: bool = False


@dataclass(frozen=True, slots=True)
class NextReward:
    """The reward that is nearest, and how many points are missing (0 = it can be taken now)."""

    name: str
    cost_points: int
    missing_points: int


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
    """What every mail knows: shop and reader."""

    shop_name: str
    shop_url: str
    currency: str
    locale: str = "en"
    first_name: str = ""
    points_name: str = DEFAULT_POINTS_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationContext(Common):
    """What an order's confirmation says.

    `points_state`: earned = usable now; pending = usable on `points_usable_on`; after_payment = will come
    once the order is paid; none = `points_reason` says why. `explain` are sentences for the reader.
    """

    order_name: str
    lines: tuple[LineItem, ...]
    totals: Totals
    points_earned: int = 0
    points_state: PointsState = "none"
    points_usable_on: date | None = None
    points_reason: Reason | None = None
    balance_available: int = 0
    balance_pending: int = 0
    is_guest: bool = False
    next_reward: NextReward | None = None
    code: CodeOffer | None = None
    explain: tuple[str, ...] = ()
    order_status_url: str = ""
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables; money, numbers and dates are ready to print."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "order_name": one_line(self.order_name, 60),
            "order_url": optional_address(self.order_status_url),
            "account_url": optional_address(self.account_url),
            "lines": [_line(line, self.currency, locale) for line in self.lines[:MAX_LINES_SHOWN]],
            "more_lines": max(0, len(self.lines) - MAX_LINES_SHOWN),
            "totals": _totals(self.totals, self.currency, locale),
            "earned": max(0, self.points_earned),
            "state": self.points_state,
            "usable_on": long_date(self.points_usable_on, locale) if self.points_usable_on else "",
            "why_none": _reason(self.points_reason, self.currency, locale) if self.points_reason else None,
            "balance": self.balance_available,
            "pending": self.balance_pending,
            "is_guest": self.is_guest,
            "reward": reward_values(self.next_reward),
            "code": _code(self.code, self, locale),
            "explain": [one_line(sentence, 500) for sentence in self.explain[:MAX_EXPLAINED]],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReadyContext(Common):
    """The code for the next order, when it came too late for the confirmation."""

    order_name: str
    code: CodeOffer

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        code = _code(self.code, self, locale)
        return {**common_values(self, locale), "order_name": one_line(self.order_name, 60), "code": code}


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeContext(Common):
    """Welcome points for a new member."""

    points_earned: int
    balance_available: int
    next_reward: NextReward | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "earned": max(0, self.points_earned),
            "balance": self.balance_available,
            "pending": 0,
            "reward": reward_values(self.next_reward),
        }


class MailContext(Protocol):
    """Anything that a message can be rendered from."""

    @property
    def shop_name(self) -> str: ...
    @property
    def points_name(self) -> str: ...
    def values(self) -> dict[str, object]: ...


def common_values(context: Common, locale: Locale) -> dict[str, object]:
    """The variables that every template has."""
    return {
        "shop_name": one_line(context.shop_name, 100),
        "shop_url": web_address(context.shop_url),
        "locale": str(locale).replace("_", "-"),
        "dir": locale.text_direction,
        "first_name": one_line(context.first_name, 60),
        "points_name": one_line(context.points_name, 40),
    }


def optional_address(value: str) -> str:
    """A checked address, or nothing where there is none."""
    return web_address(value) if value else ""


def _line(line: LineItem, currency: str, locale: Locale) -> dict[str, object]:
    return {
        "title": one_line(line.title, 255),
        "variant": one_line(line.variant, 255),
        "quantity": number(line.quantity, locale),
        "total": money(line.total_minor, currency, locale),
        "points": line.points,
        "note": {"key": f"lines.{line.note}", "values": {}} if line.note else None,
    }


def _totals(totals: Totals, currency: str, locale: Locale) -> dict[str, object]:
    """Amounts ready to print; empty where there is nothing to show."""
    parts = {
        "subtotal": totals.subtotal_minor,
        "discount": -abs(totals.discount_minor),
        "shipping": totals.shipping_minor,
        "tax": totals.tax_minor,
    }
    shown: dict[str, object] = {name: money(minor, currency, locale) if minor else "" for name, minor in parts.items()}
    total = money(totals.total_minor, currency, locale)
    return {**shown, "tax_included": totals.tax_included, "total": total}


def reward_values(reward: NextReward | None) -> dict[str, object] | None:
    """The nearest reward as templates print it."""
    if reward is None:
        return None
    cost, missing = max(1, reward.cost_points), max(0, reward.missing_points)
    progress = max(0, min(100, (cost - missing) * 100 // cost))
    return {
        "name": one_line(reward.name, 100),
        "cost": reward.cost_points,
        "missing": missing,
        "progress": progress,
        "left": 100 - progress,
    }


def _code(code: CodeOffer | None, context: Common, locale: Locale) -> dict[str, object] | None:
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


def _off(code: CodeOffer, currency: str, locale: Locale) -> str:
    if code.percent_off is not None:
        return percent(code.percent_off, locale)
    return money(code.amount_off_minor or 0, currency, locale)


def _reason(reason: Reason, currency: str, locale: Locale) -> dict[str, object]:
    """The reason's code, and its values ready to print."""
    code = str(reason.values.get("because", "other")) if reason.code == "line_excluded" else reason.code
    key = f"lines.{code}" if reason.code == "line_excluded" else f"reasons.{code}"
    return {"key": key, "values": _reason_values(reason.values, currency, locale)}


def _reason_values(values: Mapping[str, object], currency: str, locale: Locale) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, value in values.items():
        if name.endswith("_minor") and isinstance(value, int):
            shown[name.removesuffix("_minor")] = money(value, currency, locale)
        elif name in ("rate_amount", "minimum"):
            shown[name] = money(to_minor(value, minor_digits(currency)), currency, locale)
        else:
            shown[name] = value if isinstance(value, int) else one_line(str(value), 255)
    return shown
