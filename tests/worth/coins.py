"""Amounts as Shopify writes them, in the shop's currency and in the buyer's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.worth.setting import Setting, decimals

Record = dict[str, Any]
START = datetime(2026, 10, 1, 10, tzinfo=UTC)


def stamp(hour: int) -> str:
    """The time of an act."""
    return (START + timedelta(hours=hour)).isoformat()


def written(minor: int, currency: str) -> str:
    """49.95, 1200, 1.500"""
    digits = decimals(currency)
    sign, text = "-" * (minor < 0), str(abs(minor)).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def in_buyers(setting: Setting, minor: int) -> int:
    """The buyer's coins for so many of the shop's; half a coin is rounded up."""
    market = setting.market
    exact = minor * market.rate * Fraction(10) ** (decimals(market.buyers) - decimals(market.currency))
    return int((exact + Fraction(1, 2)).__floor__())


def both(setting: Setting, minor: int) -> Record:
    """A money set of a webhook."""
    shop, buyers = setting.market.currency, setting.market.buyers
    return {
        "shop_money": {"amount": written(minor, shop), "currency_code": shop},
        "presentment_money": {"amount": written(in_buyers(setting, minor), buyers), "currency_code": buyers},
    }


def bag(setting: Setting, minor: int) -> Record:
    """A MoneyBag of GraphQL."""
    shop, buyers = setting.market.currency, setting.market.buyers
    return {
        "shopMoney": {"amount": written(minor, shop), "currencyCode": shop},
        "presentmentMoney": {"amount": written(in_buyers(setting, minor), buyers), "currencyCode": buyers},
    }


def number(setting: Setting, minor: int) -> float | int:
    """An amount in the shop's currency as a JSON number."""
    return float(written(minor, setting.market.currency)) if decimals(setting.market.currency) else minor


def kept_tax_part(setting: Setting, minor: int) -> int:
    """Of an amount with tax, the tax, to the coin."""
    rate = setting.tax_rate
    return int(abs(minor) * rate / (1 + rate)) * (-1 if minor < 0 else 1)
