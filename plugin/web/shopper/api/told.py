"""Values as the surfaces are told them: each with how its reader reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date

from plugin.rules import explain, formats
from plugin.rules.explain import Audience
from plugin.rules.formats import DEFAULT_POINTS_NAME
from plugin.rules.money import to_decimal
from plugin.rules.types import Reason
from plugin.rules.words import catalogues
from plugin.rules.words.own_words import names_of
from plugin.web.current import shop
from plugin.web.shopper.api.values import Day, Money, Points, Why
from plugin.web.shopper.page import Shopper, language_of
from plugin.web.shopper.say import Say
from plugin.web.words import language


@dataclass(frozen=True)
class Told:
    """For whom values are put into words: their language, what the shop calls its points, shopper or staff."""

    locale: Locale
    points_name: str = DEFAULT_POINTS_NAME
    audience: Audience = "shopper"

    @property
    def say(self) -> Say:
        """Says texts in that language, to that reader."""
        return Say(self.locale, self.audience == "staff")

    @property
    def unit(self) -> str:
        """What points are called within a sentence."""
        return formats.points_unit(self.points_name, self.locale)

    def points(self, count: int) -> Points:
        """So many points."""
        return Points(points=count, text=formats.points(count, self.points_name, self.locale))

    def money(self, minor: int, currency: str) -> Money:
        """Minor units of a currency."""
        text = formats.money(minor, currency, self.locale)
        return Money(amount=str(to_decimal(minor, currency)), currency=currency, text=text)

    def day(self, value: date | datetime) -> Day:
        """A day, or the shop's day that holds the moment."""
        on = shop().day(value) if isinstance(value, datetime) else value
        return Day(date=on, text=format_date(on, "medium", locale=self.locale))

    def last_day(self, end: datetime | None) -> Day | None:
        """The last day of something that ends then."""
        return self.day(shop().last_day(end)) if end else None

    def named(self, kind: str, source: str) -> str:
        """A name of the shop's in the reader's language."""
        return names_of(self.points_name)(kind, source)

    def because(self, reason: Reason) -> str:
        """A reason as a sentence; where staff have no words of their own, they read the shopper's."""
        own = catalogues.knows(f"staff.reason.{reason.code}") or reason.code == "line_excluded"
        audience = self.audience if own else "shopper"
        return explain.words(reason, self.locale, audience, points_name=self.points_name, currency=shop().currency)

    def why(self, reason: Reason | None) -> Why | None:
        """A reason with its code; nothing where there is none."""
        return Why(code=reason.code, text=self.because(reason)) if reason is not None else None


def to_shopper(shopper: Shopper) -> Told:
    """For the member who asks."""
    return Told(formats.reader_locale(language_of(shopper.member.locale)), shopper.points_name)


def to_anybody(points_name: str, members_locale: str = "") -> Told:
    """For a visitor; `members_locale` is the language of a member behind the visit, where one is."""
    return Told(formats.reader_locale(language_of(members_locale)), points_name)


def to_staff(points_name: str) -> Told:
    """For staff, in the language of their admin."""
    return Told(language(), points_name, "staff")
