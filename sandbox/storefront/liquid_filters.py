"""Filters that Shopify's Liquid has and the language itself has not: texts, money, files, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

_PLACE = re.compile(r"{{\s*(\w+)\s*}}")
HUNDRED = Decimal(100)


class Texts:
    """The shopper's texts of an extension in one language, and in its default language where that lacks them."""

    def __init__(self, folder: Path, language: str) -> None:
        default = next(iter(sorted(folder.glob("*.default.json"))), None)
        whole = [folder / f"{language}.json", folder / f"{language.partition('-')[0]}.json", default]
        found = (path for path in whole if path and not path.name.endswith(".schema.json") and path.exists())
        self.levels = [json.loads(path.read_text("utf-8")) for path in found]
        self.locale = _locale(language)

    def __call__(self, key: object, **values: object) -> str:
        """The text of a key. An unknown one reads as it does in Shopify, so that it is seen."""
        text = next((found for level in self.levels if (found := _at(level, str(key)))), None)
        if isinstance(text, Mapping):
            text = text.get(self.locale.plural_form(_number(values.get("count")))) or text.get("other")
        if not isinstance(text, str):
            return f"Translation missing: {self.locale}.{key}"
        return _PLACE.sub(lambda place: str(values.get(place[1], "")), text)


def _at(level: Any, key: str) -> Any:
    for part in key.split("."):
        level = level.get(part) if isinstance(level, Mapping) else None
    return level


def _number(count: object) -> Decimal:
    """The count as a number, whatever a template made of it: `1,045` too."""
    try:
        return Decimal(str(count).replace(",", ""))
    except ArithmeticError:
        return Decimal(0)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def as_json(value: object) -> str:
    """As within a script: no text can end it."""
    return json.dumps(value, ensure_ascii=False, default=str).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def money_in(currency: str, language: str) -> Callable[[object], str]:
    """What an amount in hundredths of a currency reads as. Shopify counts in hundredths, whatever the currency."""
    locale = _locale(language)

    def money(hundredths: object) -> str:
        return format_currency(Decimal(str(hundredths or 0)) / HUNDRED, currency, locale=locale)

    return money


def file_at(start: str) -> Callable[[object], str]:
    """Where a file of the extension is."""
    return lambda name: f"{start}/{quote(str(name))}"
