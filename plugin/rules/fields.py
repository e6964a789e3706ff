"""Kinds of fields that several parts of a programme share.

A programme that somebody saves is checked with a context that names the shop's currency (`of_shop`), so that no
amount is finer than it. What is stored already is read without, and stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo

from plugin.rules.formats import COUNTRIES
from plugin.rules.money import finer_than, known_currency, minor_digits
from plugin.rules.words.texts import Said

MOST_PERCENT = 100
FIRST_YEAR, LAST_YEAR = 2000, 9000
OUT_OF_REACH = Said("frame.wrong.year", first=str(FIRST_YEAR), last=str(LAST_YEAR))


class Rules(BaseModel):
    """A part of the programme: nothing in it ever changes, and a name that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def of_shop(currency: str) -> dict[str, str]:
    """The context of whoever checks what a shop with this currency saves."""
    return {"currency": currency}


def currency_of(info: ValidationInfo) -> str:
    """The shop's currency; empty where what is stored is read."""
    context: Mapping[str, str] = info.context or {}
    return context.get("currency", "")


class WrongAt(ValueError):
    """What is wrong with a field further in: its name from there, as in `2.name`, and the words."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.args[0]}"


def decimals_of(currency: str) -> Said:
    """What to say to somebody who gave an amount more decimals than its currency has."""
    digits = minor_digits(currency)
    if not digits:
        return Said("frame.wrong.no_decimals", currency=currency)
    return Said("frame.wrong.decimals", digits, currency=currency)


def fits(value: Decimal, currency: str) -> Decimal:
    """The amount, if the currency has so many decimals: 10.5 yen do not exist."""
    if currency and finer_than(value, currency):
        raise ValueError(decimals_of(currency))
    return value


def _fits_the_shops(value: Decimal, info: ValidationInfo) -> Decimal:
    return fits(value, currency_of(info))


def percent_or_money(value: Decimal, info: ValidationInfo) -> Decimal:
    """For the `value` of a discount whose `kind` stands before it: nothing is free more than once."""
    kind = str(info.data.get("kind", ""))
    if kind.startswith("percent") and value > MOST_PERCENT:
        raise ValueError(Said("frame.wrong.percent"))
    return fits(value, currency_of(info)) if kind.startswith("amount") else value


def shaped(pattern: str, words: str) -> AfterValidator:
    """For texts that match a pattern; `words` say what is wrong with one that does not."""
    allowed = re.compile(pattern)

    def check(text: str) -> str:
        if not allowed.fullmatch(text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


def _known_country(code: str, info: ValidationInfo) -> str:
    if currency_of(info) and code not in COUNTRIES:
        raise ValueError(Said("frame.wrong.country", name=code))
    return code


def _known_currency(code: str) -> str:
    if not known_currency(code):
        raise ValueError(Said("frame.wrong.currency", code=code))
    return code


def within_reach(year: int) -> bool:
    """Whether something can begin or end in the year: each of its moments is one in every zone."""
    return FIRST_YEAR <= year <= LAST_YEAR


def _within_reach(moment: AwareDatetime | None, info: ValidationInfo) -> AwareDatetime | None:
    if moment is not None and currency_of(info) and not within_reach(moment.year):
        raise ValueError(OUT_OF_REACH)
    return moment


def _after_the_start(ends_at: AwareDatetime | None, info: ValidationInfo) -> AwareDatetime | None:
    starts_at = info.data.get("starts_at")
    if ends_at is not None and starts_at is not None and ends_at <= starts_at:
        raise ValueError(Said("frame.wrong.before_start"))
    return ends_at


Positive = Annotated[Decimal, Field(gt=0, lt=10**9, max_digits=13, decimal_places=3)]
Price = Annotated[Positive, AfterValidator(_fits_the_shops)]
"""An amount of the shop's money above nought."""
Amount = Annotated[Decimal, Field(ge=0, lt=10**9, max_digits=13, decimal_places=3), AfterValidator(_fits_the_shops)]
"""An amount of the shop's money."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
CodePrefix = Annotated[str, shaped("[A-Z0-9]{0,12}", Said("frame.wrong.prefix"))]
Currency = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, min_length=1),
    shaped("[A-Z]{3}", Said("frame.wrong.currency_shape")),
    AfterValidator(_known_currency),
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_known_country)]
Start = Annotated[AwareDatetime | None, AfterValidator(_within_reach)]
"""The beginning of something, or None where it has always been."""
End = Annotated[AwareDatetime | None, AfterValidator(_within_reach), AfterValidator(_after_the_start)]
"""The end of something whose field `starts_at` comes before this one."""
