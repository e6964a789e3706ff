"""Every number explains itself: entries, verdicts and refusals in words, for staff and for shoppers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from babel import Locale
from babel.lists import format_list

from plugin.rules.formats import DEFAULT_POINTS_NAME, decimal, long_date, money, number, points, points_unit
from plugin.rules.money import minor_digits
from plugin.rules.types import Reason
from plugin.rules.words import catalogues, tiers
from plugin.rules.words.own_words import names_of
from plugin.rules.words.reasons import COUNTED, HEADLINES
from plugin.rules.words.texts import counted, shown, text

Audience = Literal["staff", "shopper"]
_MANY = 1000
KINDS = tuple(kind for kinds in HEADLINES.values() for kind in kinds)


def words(
    reason: Reason,
    locale: Locale,
    audience: Audience = "staff",
    *,
    points_name: str = DEFAULT_POINTS_NAME,
    currency: str = "",
) -> str:
    """One reason as a sentence; a code without words (older than this version) is shown as it is.

    `currency` is the shop's, for the reasons that name an amount without one.
    """
    values = reason.values
    places = _Shown({"currency": currency, **values}, locale, points_name)
    if reason.code == "line_excluded":
        title = str(values.get("title") or text(locale, "reason.shipping"))
        said = line(str(values.get("because")), locale, audience, points_name)
        return text(locale, "reason.titled", title=title, reason=said)
    in_part = reason.code in ("eligible", "together") and "original_minor" in values
    code = f"{reason.code}_in_part" if in_part else reason.code
    key = f"staff.reason.{code}" if audience == "staff" else f"reason.{code}"
    if not catalogues.knows(key):
        return reason.code.replace("_", " ")
    if not catalogues.is_counted(key):
        return catalogues.pattern(locale.language, key).format_map(places).rstrip()
    number = values[COUNTED[code]]
    pattern = catalogues.pattern(locale.language, key, _whole(number))
    return pattern.format_map(places.counting(number)).rstrip()


def known(code: str) -> bool:
    """Whether shoppers are told of this reason in words of its own."""
    return catalogues.knows(f"reason.{code}")


def line(because: str, locale: Locale, audience: Audience, points_name: str = DEFAULT_POINTS_NAME) -> str:
    """Why a line of an order earns nothing, where its title stands beside it."""
    key = f"staff.line.{because}" if audience == "staff" else f"reason.line.{because}"
    if not catalogues.knows(key):
        key = "staff.line.other" if audience == "staff" else "reason.line.other"
    return text(locale, key, unit=points_unit(points_name, locale))


def headline(kind: str, reason: Mapping[str, Any], locale: Locale, points_name: str = DEFAULT_POINTS_NAME) -> str:
    """What an entry is, in a few words: `Order #1001`."""
    if kind == "gift" and any(one.code.startswith("goodwill") for one in reasons_of(reason)):
        kind = "goodwill"
    if kind not in KINDS:
        return kind.replace("_", " ").capitalize()
    said = names_of(points_name)
    names = {name: said(name, str(reason.get(name) or "")) for name in ("reward", "activity", "tier")}
    names["order"] = reason.get("order") or ""
    return text(locale, f"headline.{kind}", **names)


def reasons_of(reason: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons that an entry carries."""
    return tuple(Reason(str(code), values) for code, values in reason.get("reasons") or ())


def _whole(number: object) -> int:
    """A number that was stored as one or as a text; of anything else the words for many."""
    return int(str(number)) if str(number).isdecimal() else _MANY


class _Shown(dict[str, object]):
    """The places of a sentence, each formatted when the sentence asks for it."""

    def __init__(self, values: Mapping[str, Any], locale: Locale, points_name: str) -> None:
        super().__init__(values)
        self._values, self._locale, self._points_name = values, locale, points_name
        self._said = names_of(points_name)

    def counting(self, number: object) -> _Shown:
        """The same, with the number that chose the plural form."""
        return _Shown({**self._values, "count": number}, self._locale, self._points_name)

    def __getitem__(self, name: str) -> str:
        formatted: Callable[[], str] | None = getattr(self, f"_{name}", None)
        if formatted:
            return shown(formatted(), self._locale)
        return shown(self._values[name], self._locale)

    def _reward(self) -> str:
        return self._named("reward")

    def _activity(self) -> str:
        return self._named("activity")

    def _tier(self) -> str:
        return self._named("tier")

    def _rule(self) -> str:
        return self._named("rule", "campaign")

    def _rules(self) -> str:
        """The names of several rules, which were joined when they were written down."""
        names = [self._said("campaign", each) for each in str(self._values["rules"]).split(", ")]
        return ", ".join(names)

    def _named(self, place: str, kind: str = "") -> str:
        return self._said(kind or place, str(self._values[place]))

    def _unit(self) -> str:
        return points_unit(self._points_name, self._locale)

    def _orders(self) -> str:
        return counted(self._locale, "unit.orders", int(self._values["count"]))

    def _days_counted(self) -> str:
        return counted(self._locale, "unit.days", int(self._values["days"]))

    def _value(self) -> str:
        values = self._values
        metric, currency = str(values["metric"]), str(values["currency"])
        return tiers.amount(int(values["value"]), metric, currency, self._locale, self._points_name)

    def _window(self) -> str:
        return tiers.window(str(self._values["window"]), int(self._values.get("window_days") or 0), self._locale)

    def _until(self) -> str:
        return long_date(date.fromisoformat(str(self._values["until"])), self._locale)

    def _amount(self) -> str:
        return self._money("amount_minor")

    def _original(self) -> str:
        return self._money("original_minor")

    def _credit(self) -> str:
        return self._money("credit_minor")

    def _gone(self) -> str:
        return self._money("gone_minor")

    def _same(self) -> str:
        return self._money("same_minor")

    def _beyond(self) -> str:
        return self._money("beyond_minor")

    def _open(self) -> str:
        return self._money("open_minor")

    def _percent(self) -> str:
        return decimal(str(self._values["percent"]), self._locale)

    def _multiplier(self) -> str:
        return decimal(str(self._values["multiplier"]), self._locale)

    def _money(self, name: str) -> str:
        return money(int(self._values[name]), str(self._values["currency"]), self._locale)

    def _points(self) -> str:
        return points(int(self._values["points"]), self._points_name, self._locale)

    def _limit_points(self) -> str:
        return points(int(self._values["limit"]), self._points_name, self._locale)

    def _rate(self) -> str:
        given = number(int(self._values["rate_points"]), self._locale)
        return text(self._locale, "points.rate", points=given, amount=self._major("rate_amount"))

    def _rounding(self) -> str:
        return text(self._locale, f"rounding.{self._values['rounding']}")

    def _earned_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["earned_on"])), self._locale)

    def _warned_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["warned_on"])), self._locale)

    def _again_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["again_on"])), self._locale)

    def _tiers(self) -> str:
        names = [self._said("tier", str(name)) for name in self._values["tiers"]]
        return format_list(names, locale=self._locale) if names else "–"

    def _countries(self) -> str:
        names = [self._locale.territories.get(code, code) for code in self._values["countries"]]
        return format_list(names, locale=self._locale)

    def _minimum(self) -> str:
        return self._major("minimum")

    def _maximum(self) -> str:
        return self._major("maximum")

    def _worth(self) -> str:
        return self._major("worth")

    def _major(self, name: str) -> str:
        """A decimal in major units; as money where the currency is known and has that many decimals."""
        currency, text = self._values.get("currency", ""), str(self._values[name])
        minor = Decimal(text).scaleb(minor_digits(str(currency)))
        if not currency or minor != int(minor):
            return plain(text)
        return money(int(minor), str(currency), self._locale)


def plain(amount: str | Decimal) -> str:
    """A decimal as people write it: `1.000` becomes `1`."""
    value = Decimal(amount)
    return f"{value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize():f}"
