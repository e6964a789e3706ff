"""Every number explains itself: entries, verdicts and refusals in words, for staff and for shoppers.

The words are plain English with named places; `translate` is where a gettext catalogue comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from babel import Locale

from plugin.rules import tier_words
from plugin.rules.formats import long_date, money, number
from plugin.rules.money import minor_digits
from plugin.rules.types import Reason

Audience = Literal["staff", "shopper"]
Translate = Callable[[str], str]

_EXCLUDED: dict[Audience, dict[str, str]] = {
    "staff": {
        "gift_card": "{title}: gift cards never earn, as the orders paid with them do.",
        "tip": "{title}: tips never earn.",
        "product": "{title}: the product is excluded in the programme.",
        "collection": "{title}: a collection it belongs to is excluded in the programme.",
        "tag": "{title}: one of its tags is excluded in the programme.",
    },
    "shopper": {
        "gift_card": "{title}: gift cards earn when they are spent.",
        "tip": "{title}: tips do not earn.",
        "product": "{title} does not earn.",
        "collection": "{title} does not earn.",
        "tag": "{title} does not earn.",
    },
}
_WORDS: dict[Audience, dict[str, str]] = {
    "staff": {
        "eligible": "{amount} counts, at {rate}, {rounding}: {points}.",
        "eligible_in_part": "{amount} of {original} still counts after refunds and what was paid otherwise,"
        " at {rate}, {rounding}: {points}.",
        "below_minimum": "The order is below the programme's minimum of {minimum}.",
        "cancelled": "The order was cancelled.",
        "deleted": "The order was deleted in Shopify.",
        "test_order": "It is a test order; the programme leaves those out.",
        "before_programme": "It was placed before the day from which orders count (Settings).",
        "no_customer": "It names neither a customer nor an e-mail address.",
        "guest": "It was placed as a guest, and the programme leaves guests out.",
        "awaiting_payment": "It is not paid yet; points come with the payment.",
        "refunded": "It was refunded in full.",
        "not_paid": "Its payment was voided or has expired.",
        "adjusted": "A correction by hand: {points}.",
        "adjusted_in_part": "A correction by hand: {points}; more was not there to take.",
        "gift": "A gift: {points}.",
        "undone_by_staff": "A correction was undone.",
        "welcome": "A welcome to the programme: {points}.",
        "ended": "{points} from {earned_on} were not used in time. The last warning was recorded on {warned_on}.",
        "merged": "Shopify merged two customers; their points are together now.",
        "switched_off": "Codes for the next order are switched off.",
        "too_old": "The order was more than two days old when it first came in.",
        "spent": "{points} for {reward}.",
        "undone": "{reward} was not used: {points} are back.",
        "expired": "{reward} was not used in time: {points} are back.",
        "released": "{reward} was taken back unused: {points} are back.",
        "creation_failed": "Shopify did not create the code for {reward}: {points} are back.",
        "order_lost": "The order that used {reward} no longer stands: {points} are back.",
        "used_after_all": "An order used {reward} after all: {points} are spent again.",
        "needs_account": "Only customers with an account can redeem.",
        "reward_paused": "The reward is paused.",
        "reward_not_yet": "The reward has not begun yet.",
        "reward_over": "The reward has ended.",
        "reward_used": "The member has used the reward as often as it allows ({limit}).",
        "reward_gone": "The reward has been redeemed as often as it allows in total ({limit}).",
        "not_on_slider": "The points must be from {least} to {most} in steps of {step}.",
        "too_few_points": "{points} are missing.",
        "already_used": "It was used, or has ended: it cannot be undone.",
    },
    "shopper": {
        "eligible": "{amount} counts, at {rate}: {points}.",
        "eligible_in_part": "{amount} of {original} still counts, at {rate}: {points}.",
        "below_minimum": "Orders earn from {minimum} on.",
        "cancelled": "The order was cancelled.",
        "deleted": "The order no longer exists.",
        "test_order": "It was a test.",
        "before_programme": "It was placed before the programme began.",
        "no_customer": "We do not know whose order it is.",
        "guest": "Only orders placed with an account earn.",
        "awaiting_payment": "Points come with the payment.",
        "refunded": "It was refunded in full.",
        "not_paid": "It was not paid.",
        "adjusted": "A correction by our team: {points}.",
        "adjusted_in_part": "A correction by our team: {points}.",
        "gift": "A gift: {points}.",
        "undone_by_staff": "A correction was undone.",
        "welcome": "Welcome: {points}.",
        "ended": "{points} from {earned_on} were not used in time.",
        "merged": "Two of your accounts were merged.",
        "switched_off": "There is no code for the next order at the moment.",
        "too_old": "The order is too old for a code.",
        "spent": "{points} for {reward}.",
        "undone": "You took back {reward}: {points} are back.",
        "expired": "{reward} was not used in time: {points} are back.",
        "released": "{reward} was not used: {points} are back.",
        "creation_failed": "We could not make the code for {reward}: {points} are back.",
        "order_lost": "The order with {reward} was cancelled or refunded: {points} are back.",
        "used_after_all": "{reward} was used after all: {points}.",
        "needs_account": "Sign in with your account to redeem.",
        "reward_paused": "This reward is not available at the moment.",
        "reward_not_yet": "This reward is not available yet.",
        "reward_over": "This reward is no longer available.",
        "reward_used": "You have used this reward already.",
        "reward_gone": "This reward is gone.",
        "not_on_slider": "Choose from {least} to {most} points, in steps of {step}.",
        "too_few_points": "{points} to go.",
        "already_used": "It was used already, or has ended.",
    },
}
_ROUNDINGS = {"floor": "rounded down", "half_up": "rounded to the nearest point", "ceil": "rounded up"}
_KINDS = {
    "earned": "Earned with order {order}",
    "taken_back": "Taken back for order {order}",
    "welcome": "Welcome points",
    "forgiven": "Forgiven: what could not be taken back without going below zero",
    "set_off": "Set off against what was forgiven earlier",
    "merged": "Moved when two customers were merged",
    "adjusted": "Corrected by hand",
    "gift": "A gift",
    "undone": "Undone",
    "expired": "Expired: not used in time",
    "spent": "Spent on {reward}",
    "returned": "Back from {reward}",
}
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
    code = "eligible_in_part" if reason.code == "eligible" and "original_minor" in values else reason.code
    pattern = _WORDS[audience].get(code)
    if pattern is None:
        return reason.code.replace("_", " ")
    return translate(pattern).format_map(_Shown({"currency": currency, **values}, locale, points_name))


def headline(kind: str, reason: Mapping[str, Any], *, translate: Translate = _same) -> str:
    """What an entry is, in a few words: `Earned with order #1001`."""
    if kind in tier_words.KINDS:
        return tier_words.headline(kind, reason, translate)
    pattern = _KINDS.get(kind)
    if pattern is None:
        return kind.replace("_", " ").capitalize()
    return translate(pattern).format(order=reason.get("order") or "", reward=reason.get("reward") or "")


def reasons_of(reason: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons that an entry carries."""
    return tuple(Reason(str(code), values) for code, values in reason.get("reasons") or ())


class _Shown(dict[str, object]):
    """The places of a sentence, each formatted when the sentence asks for it."""

    def __init__(self, values: Mapping[str, Any], locale: Locale, points_name: str) -> None:
        super().__init__(values)
        self._values, self._locale, self._points_name = values, locale, points_name

    def __getitem__(self, name: str) -> str:
        shown = getattr(self, f"_{name}", None)
        return str(shown() if shown else self._values[name])

    def _amount(self) -> str:
        return self._money("amount_minor")

    def _original(self) -> str:
        return self._money("original_minor")

    def _money(self, name: str) -> str:
        return money(int(self._values[name]), str(self._values["currency"]), self._locale)

    def _points(self) -> str:
        return f"{number(int(self._values['points']), self._locale)} {self._points_name}"

    def _rate(self) -> str:
        points = number(int(self._values["rate_points"]), self._locale)
        return f"{points} for every {self._major('rate_amount')}"

    def _rounding(self) -> str:
        return _ROUNDINGS.get(str(self._values["rounding"]), "")

    def _earned_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["earned_on"])), self._locale)

    def _warned_on(self) -> str:
        return long_date(date.fromisoformat(str(self._values["warned_on"])), self._locale)

    def _minimum(self) -> str:
        return self._major("minimum")

    def _major(self, name: str) -> str:
        """A decimal in major units; as money where the currency is known and has that many decimals."""
        currency, text = self._values.get("currency", ""), str(self._values[name])
        minor = Decimal(text).scaleb(minor_digits(str(currency)))
        if not currency or minor != int(minor):
            return plain(text)
        return money(int(minor), str(currency), self._locale)


def plain(amount: str) -> str:
    """A decimal as people write it: `1.000` becomes `1`."""
    value = Decimal(amount)
    return f"{value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize():f}"
