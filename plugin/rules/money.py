"""Money as integer minor units of an ISO 4217 currency."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import is_currency

_NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_NUMBER = re.compile(r"[+-]?[0-9]{0,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,3})?")
"""Of what Decimal would take, only plain ASCII numbers of a sane length."""
MAX_MINOR = 10**15
"""More than any order: keeps every product of amount and rate inside 64 bits."""


def minor_digits(currency: str) -> int:
    """How many decimals the currency has. Source: ISO 4217, list one."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def finer_than(amount: Decimal, currency: str) -> bool:
    """Whether the amount has more decimals than its currency."""
    return amount != amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))


def known_currency(code: str) -> bool:
    """Whether ISO 4217 has, or had, such a currency."""
    return is_currency(code)


_ROUGHLY_A_DOLLAR = {
    Decimal("0.5"): "BHD JOD KWD OMR",
    Decimal(5): "AED BRL GEL GHS ILS MYR PEN PLN QAR RON SAR TND",
    Decimal(10): "BOB BWP CNY DKK GTQ HKD MAD NOK SEK",
    Decimal(20): "CZK MDL MXN NAD THB TWD ZAR ZMW",
    Decimal(50): "DOP EGP HNL INR MKD NPR PHP TRY UAH UYU",
    Decimal(100): "BDT ETB ISK JPY KES RSD RUB",
    Decimal(200): "AMD DZD HUF JMD LKR PKR",
    Decimal(500): "CRC IQD KZT XAF XOF",
    Decimal(1000): "ARS CLP KRW MNT NGN",
    Decimal(5000): "COP KHR MMK PYG TZS UGX",
    Decimal(10000): "IDR LAK UZS VND",
}
_UNIT = {currency: unit for unit, currencies in _ROUGHLY_A_DOLLAR.items() for currency in currencies.split()}


def rough_unit(currency: str) -> Decimal:
    """About what one US dollar is, as a round number: only to suggest amounts that staff then change.

    >>> rough_unit("PHP"), rough_unit("EUR")
    (Decimal('50'), Decimal('1'))
    """
    return _UNIT.get(currency, Decimal(1))


def to_minor(amount: object, digits: int) -> int:
    """Minor units of a decimal amount; half of a minor unit and more rounds away from zero.

    >>> to_minor("49.95", 2), to_minor("1200", 0), to_minor("1.5", 3)
    (4995, 1200, 1500)

    Raises ValueError for anything that is not a finite amount below MAX_MINOR.
    """
    if type(amount) is str and digits == 2 and amount[-3:-2] == "." and amount.isascii():
        whole = amount[:-3] + amount[-2:]
        if whole.isdigit() and len(whole) < 16:
            return int(whole)
    return _slowly(amount, digits)


def _slowly(amount: object, digits: int) -> int:
    text = str(amount)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"not an amount of money: {text[:40]!r}")
    try:
        minor = int(Decimal(text).scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"not an amount of money: {text[:40]!r}") from error
    if abs(minor) >= MAX_MINOR:
        raise ValueError(f"amount out of range: {str(amount)[:40]!r}")
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount in major units, with the currency's number of decimals."""
    return Decimal(minor).scaleb(-minor_digits(currency))
