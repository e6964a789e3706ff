"""A sentence by its key, filled in for one reader: numbers grouped, plural forms chosen, points by the shop's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from babel import Locale

from plugin.rules import formats
from plugin.rules.emails.variables import Amount
from plugin.rules.words import catalogues


def text(language: str | Locale, key: str, /, **values: object) -> str:
    """The text of `key` in the reader's language, its places filled in.

    >>> text("en", "common.greeting", name="Ana")
    'Hello Ana,'
    """
    locale = formats.reader_locale(language) if isinstance(language, str) else language
    return filled(catalogues.pattern(locale.language, key), values, locale)


def counted(language: str | Locale, key: str, number: int, /, **values: object) -> str:
    """The text of `key` in the plural form for `number`, which is its place `{count}`.

    >>> counted("en", "points.amount", 1200, number="1,200")
    '1,200 points'
    """
    locale = formats.reader_locale(language) if isinstance(language, str) else language
    return filled(catalogues.pattern(locale.language, key, number), {"count": number, **values}, locale)


def labelled(language: str | Locale, label: str, value: str) -> str:
    """What a value is called, and the value, with the language's own colon between them.

    >>> labelled("en", "Total", "$5.00"), labelled("ja", "合計", "￥500")
    ('Total: $5.00', '合計：￥500')
    """
    return text(language, "words.labelled", label=label, value=value)


def gained(locale: Locale, count: int, points_name: str) -> str:
    """Points that come to what one has.

    >>> gained(Locale("en"), 50, "points")
    '+50 points'
    """
    return text(locale, "points.gained", points=Amount(count, points_name, locale))


def filled(pattern: str, values: Mapping[str, object], locale: Locale) -> str:
    """A text with its places filled in. KeyError if a value is missing."""
    return pattern.format_map({name: shown(value, locale) for name, value in values.items()})


def shown(value: object, locale: Locale) -> str:
    """Numbers grouped, points with their name; text of the other direction kept from turning its neighbours round.

    >>> shown("Ana", Locale("en")), shown("Ana", Locale("ar")), shown(7, Locale("ar"))
    ('Ana', '\u2068Ana\u2069', '7')
    """
    if isinstance(value, int) and not isinstance(value, Amount):
        return formats.number(value, locale)
    return formats.isolated(str(value), locale)


class Said(str):
    """A sentence that is English for logs, programs and the command line, and can be said in other languages.

    Errors, and what is wrong with a field, are made below the pages, which alone know their reader.
    """

    key: str
    values: Mapping[str, object]
    number: int | None

    def __new__(cls, key: str, /, count: int | None = None, **values: object) -> Self:
        """The sentence of `key`; with `count` in its plural form."""
        english = text("en", key, **values) if count is None else counted("en", key, count, **values)
        said = super().__new__(cls, english)
        said.key, said.values, said.number = key, values, count
        return said

    def to(self, language: str | Locale) -> str:
        """The same for a reader of this language."""
        if self.number is None:
            return text(language, self.key, **self.values)
        return counted(language, self.key, self.number, **self.values)
