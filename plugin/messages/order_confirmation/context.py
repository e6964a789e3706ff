"""What an order's confirmation says, as values that its templates print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel import Locale

from plugin.rules import explain
from plugin.rules.formats import long_date, money, number, one_line, one_line_name, points_unit, reader_locale
from plugin.rules.messages import CodeOffer, Common, code_values, common_values, optional_address, reward_values
from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.types import Reason
from plugin.rules.words.texts import text

PointsState = Literal["earned", "pending", "after_payment", "none"]
MAX_LINES_SHOWN = 100
MAX_EXPLAINED = 20
"""An order can have 500 lines; mail programs cut a mail off after about 100 KB."""


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
            "lines": [_line(line, self, locale) for line in self.lines[:MAX_LINES_SHOWN]],
            "more_lines": max(0, len(self.lines) - MAX_LINES_SHOWN),
            "totals": _totals(self.totals, self.currency, locale),
            "earned": self.amount(max(0, self.points_earned), locale),
            "state": self.points_state,
            "usable_on": long_date(self.points_usable_on, locale) if self.points_usable_on else "",
            "why_none": _why(self.points_reason, self, locale) if self.points_reason else None,
            "balance": self.amount(self.balance_available, locale),
            "pending": self.amount(self.balance_pending, locale),
            "guest": self.is_guest,
            "reward": reward_values(self.next_reward, self, locale),
            "code": code_values(self.code, self, locale),
            "explain": [one_line(sentence, 500) for sentence in self.explain[:MAX_EXPLAINED]],
        }


def _line(line: LineItem, context: Common, locale: Locale) -> dict[str, object]:
    return {
        "title": one_line(line.title, 255),
        "variant": one_line(line.variant, 255),
        "quantity": number(line.quantity, locale),
        "total": money(line.total_minor, context.currency, locale),
        "points": None if line.points is None else context.amount(line.points, locale),
        "note": explain.line(line.note, locale, "shopper", one_line_name(context.points_name)) if line.note else None,
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


def _why(reason: Reason, context: Common, locale: Locale) -> str:
    """A reason as the shopper's page says it; of an unknown one, only that there was one."""
    name = one_line_name(context.points_name)
    if reason.code != "line_excluded" and not explain.known(reason.code):
        return text(locale, "reason.other", unit=points_unit(name, locale))
    return one_line(explain.words(reason, locale, "shopper", points_name=name, currency=context.currency), 500)
