"""Every number explains itself: entries, verdicts and refusals in words, for staff and for shoppers.

The words are plain English with named places; `translate` is where a gettext catalogue comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from babel import Locale
from babel.lists import format_list

from plugin.rules.activities import activity_words
from plugin.rules.formats import Counted, long_date, money, number, points
from plugin.rules.gifts import gift_words
from plugin.rules.money import minor_digits
from plugin.rules.orders import cashback_words, earning_words, order_words, worth_words
from plugin.rules.points import points_words
from plugin.rules.referrals import referral_words
from plugin.rules.rewards import own_words, reward_words, terms_words
from plugin.rules.tiers import tier_words
from plugin.rules.types import Reason
from plugin.rules.words import reach_words

Audience = Literal["staff", "shopper"]
Translate = Callable[[str], str]

_EXCLUDED: dict[Audience, dict[str, str]] = {
    "staff": {
        "gift_card": "{title}: gift cards never earn, as the orders paid with them do.",
        "tip": "{title}: tips never earn.",
        "product": "{title}: the product is excluded in the programme.",
        "collection": "{title}: a collection it belongs to is excluded in the programme.",
        "tag": "{title}: one of its tags is excluded in the programme.",
        "sale": "{title}: it was reduced, and reduced items are out in the programme.",
        "custom": "{title}: it is no product of the shop, and such lines are out in the programme.",
    },
    "shopper": {
        "gift_card": "{title}: gift cards earn when they are spent.",
        "tip": "{title}: tips do not earn.",
        "product": "{title} does not earn.",
        "collection": "{title} does not earn.",
        "tag": "{title} does not earn.",
        "sale": "{title} was reduced and does not earn.",
        "custom": "{title} does not earn.",
    },
}
PARTS = (
    order_words, points_words, reward_words, activity_words, gift_words, earning_words, own_words, cashback_words,
    referral_words, terms_words, worth_words, reach_words,
)  # fmt: skip
"""Each part of the programme has its words beside it: STAFF and SHOPPER by reason, HEADLINES by kind of entry."""
_WORDS: dict[Audience, dict[str, str]] = {
    "staff": {code: text for part in PARTS for code, text in part.STAFF.items()},
    "shopper": {code: text for part in PARTS for code, text in part.SHOPPER.items()},
}
_ROUNDINGS = {"floor": "rounded down", "half_up": "rounded to the nearest point", "ceil": "rounded up"}
_KINDS = {kind: text for part in PARTS for kind, text in part.HEADLINES.items()}
KINDS = (*_KINDS, *tier_words.KINDS)


def _same(text: str) -> str:
    return text


def words(
    reason: Reason, locale: Locale, audience: Audience = "staff", *, points_name: str = "points",
    currency: str = "", translate: Translate = _same,
) -> str:  # fmt: skip
    """One reason as a sentence; a code without words (older than this version) is shown as it is.

    `currency` is the shop's, for the reasons that name an amount without one.
    """
    values = reason.values
    if reason.code in tier_words.CODES:
        return tier_words.words(reason, locale, audience, points_name, translate)
    if reason.code == "line_excluded":
        pattern = _EXCLUDED[audience].get(str(values.get("because")))
        title = values.get("title") or "Shipping"
        return translate(pattern).format(title=title) if pattern else f"{title}: {values.get('because')}"
    in_part = reason.code in ("eligible", "together") and "original_minor" in values
    code = f"{reason.code}_in_part" if in_part else reason.code
    pattern = _WORDS[audience].get(code)
    if pattern is None:
        return reason.code.replace("_", " ")
    return translate(pattern).format_map(_Shown({"currency": currency, **values}, locale, points_name, translate))


def headline(kind: str, reason: Mapping[str, Any], *, translate: Translate = _same) -> str:
    """What an entry is, in a few words: `Earned with order #1001`."""
    if kind in tier_words.KINDS:
        return tier_words.headline(kind, reason, translate)
    if kind == "gift" and any(one.code.startswith("goodwill") for one in reasons_of(reason)):
        kind = "goodwill"
    pattern = _KINDS.get(kind)
    if pattern is None:
        return kind.replace("_", " ").capitalize()
    names = {name: reason.get(name) or "" for name in ("order", "reward", "activity")}
    return translate(pattern).format(**names)


def reasons_of(reason: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons that an entry carries."""
    return tuple(Reason(str(code), values) for code, values in reason.get("reasons") or ())


class _Shown(dict[str, object]):
    """The places of a sentence, each formatted when the sentence asks for it."""

    def __init__(self, values: Mapping[str, Any], locale: Locale, points_name: str, translate: Translate) -> None:
        super().__init__(values)
        self._values, self._locale, self._points_name, self._translate = values, locale, points_name, translate

    def __getitem__(self, name: str) -> str:
        shown = getattr(self, f"_{name}", None)
        if shown:
            return shown()  # type: ignore[no-any-return]
        value = self._values[name]
        if type(value) is int:
            return number(value, self._locale)
        return Counted.of(1 if str(value) == "1" else 0, str(value))

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
        return plain(str(self._values["percent"]))

    def _money(self, name: str) -> str:
        return money(int(self._values[name]), str(self._values["currency"]), self._locale)

    def _points(self) -> str:
        return points(int(self._values["points"]), self._points_name, self._locale)

    def _limit_points(self) -> str:
        return points(int(self._values["limit"]), self._points_name, self._locale)

    def _rate(self) -> str:
        given = number(int(self._values["rate_points"]), self._locale)
        return self._translate("{points} for every {amount}").format(points=given, amount=self._major("rate_amount"))

    def _rounding(self) -> str:
        return _ROUNDINGS.get(str(self._values["rounding"]), "")

    def _earned_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["earned_on"])), self._locale)

    def _warned_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["warned_on"])), self._locale)

    def _again_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["again_on"])), self._locale)

    def _tiers(self) -> str:
        names = [str(name) for name in self._values["tiers"]]
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
