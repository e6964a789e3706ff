"""Money as Shopify writes it. Inside the sandbox: integer minor units."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

ZERO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has."""
    return 0 if currency in ZERO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def to_minor(amount: object, currency: str) -> int:
    """Minor units of a decimal string; raises ValueError when it is not a number."""
    try:
        value = Decimal(str(amount)).scaleb(decimals(currency))
        return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, OverflowError) as error:
        raise ValueError(f"not an amount: {amount!r}") from error


def as_decimal(minor: int, currency: str) -> Decimal:
    """The amount as a Decimal with the currency's decimals."""
    return Decimal(minor).scaleb(-decimals(currency))


def rest(minor: int, currency: str) -> str:
    """As in webhook bodies: 10.00, 10 for yen, 10.000 for dinar."""
    return f"{as_decimal(minor, currency):f}"


def graph(minor: int, currency: str) -> str:
    """As the GraphQL API writes it: 10.0, 404.95."""
    text = rest(minor, currency)
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}"


def show(minor: int, currency: str) -> str:
    """For people: PHP 1,250.00."""
    return f"{currency} {as_decimal(minor, currency):,f}"


def share(minor: int, numerator: int, denominator: int) -> int:
    """The part of an amount that falls on some of its units, rounded down so that parts add up."""
    return minor * numerator // denominator if denominator else 0


def percent_of(minor: int, rate: Decimal) -> int:
    """Minor units of a rate, half up."""
    return int((Decimal(minor) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def converted(minor: int, source: str, target: str, rate: Decimal) -> int:
    """Minor units in another currency."""
    value = as_decimal(minor, source) * rate
    return to_minor(value, target)
