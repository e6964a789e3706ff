"""Names, numbers, money and dates as a person reads them in their own language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

from plugin.rules.money import minor_digits, to_decimal
from plugin.rules.words.catalogues import ENGLISH, LANGUAGES, pattern
from plugin.rules.words.own_words import PointsName, beside

DEFAULT_POINTS_NAME = "points"
"""What a shop calls its points that chose no name: said in the reader's language."""

_NOT_COUNTRIES = frozenset("AQ AS CP CQ DG EA EU EZ FM GU IC MH MP PR PW QO UN VI XA XB ZZ".split())
"""Groups, and places that Shopify counts as parts of another country or not at all."""
COUNTRIES: Mapping[str, str] = {
    code: name
    for code, name in Locale("en").territories.items()
    if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
}
"""The countries that one can ship to: the English name of each, by its two letters."""
_ENGLISH = Locale(ENGLISH)
_BIDI_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), 0x2066, 0x2067, 0x200E, 0x200F, 0x061C))
_ISOLATE, _ENDS = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
_SPACES = re.compile(r"\s+")


def one_line(value: str, limit: int = 200) -> str:
    """Text from outside as a single line: no controls, no direction overrides, at most `limit` characters.

    Any script and any emoji stays as it is, and what is isolated within a sentence stays so: each isolate is closed.
    """
    spaced = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in value)
    cleaned = _SPACES.sub(" ", spaced.translate(_BIDI_CONTROLS)).strip()
    cleaned = cleaned.encode("utf-8", "replace").decode()
    cleaned = cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"
    return cleaned if cleaned.isascii() else _closed(cleaned)


def _closed(text: str) -> str:
    """Text in which every isolate that begins also ends, and none ends that did not begin."""
    if _ISOLATE not in text and _ENDS not in text:
        return text
    kept, depth = [], 0
    for char in text:
        if char == _ENDS and not depth:
            continue
        depth += (char == _ISOLATE) - (char == _ENDS)
        kept.append(char)
    return "".join(kept) + _ENDS * depth


def one_line_name(name: str, limit: int = 40) -> str:
    """The name of points as a single line, with whatever comes with it."""
    if isinstance(name, PointsName):
        return name.cleaned(lambda each: one_line(each, limit))
    return one_line(name, limit)


@lru_cache(maxsize=256)
def reader_locale(*tags: str) -> Locale:
    """The locale to write in: the first of the reader's, the member's, the shop's whose language we have; else English.

    >>> str(reader_locale("en-GB")), str(reader_locale("tl")), str(reader_locale("sv-FI", "fil"))
    ('en_GB', 'fil', 'fil')
    """
    known = (each for tag in tags if (each := _locale(tag)) is not None and each.language in LANGUAGES)
    return next(known, _ENGLISH)


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(re.sub(r"^tl\b", "fil", tag.replace("_", "-")), sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        return None


@lru_cache(maxsize=512)
def _pattern(locale: Locale, digits: int) -> NumberPattern:
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return pattern


def money(minor: int, currency: str, locale: Locale) -> str:
    """An amount with its symbol and the currency's own number of decimals.

    >>> money(120000, "PHP", Locale("fil")), money(1200, "JPY", Locale("en"))
    ('₱1,200.00', '¥1,200')
    """
    pattern = _pattern(locale, minor_digits(currency))
    text = str(pattern.apply(to_decimal(minor, currency), locale, currency=currency, currency_digits=False))
    return _LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", text)


def bare_money(minor: int, currency: str) -> str:
    """An amount in English as short as people write it: without decimals where it is whole.

    >>> bare_money(500, "USD"), bare_money(1250, "USD"), bare_money(500, "JPY"), bare_money(5000, "KWD")
    ('$5', '$12.50', '¥500', 'KWD\\xa05')
    """
    return short_money(minor, currency, _ENGLISH)


def short_money(minor: int, currency: str, locale: Locale) -> str:
    """The same for a reader of another language.

    >>> short_money(10000, "PHP", Locale("de")), short_money(1250, "USD", Locale("de"))
    ('100\\xa0₱', '12,50\\xa0$')
    """
    value, digits = to_decimal(minor, currency), minor_digits(currency)
    shape = _pattern(locale, 0 if value == value.to_integral_value() else digits)
    text = str(shape.apply(value, locale, currency=currency, currency_digits=False))
    return _LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", text)


def number(value: int, locale: Locale) -> str:
    """A whole number with the locale's grouping."""
    return str(format_decimal(value, locale=locale))


def decimal(value: Decimal | str, locale: Locale) -> str:
    """A number with as many decimals as it has, up to four: `1.5`, and `1,5` where that is how it is written.

    >>> decimal("1.50", Locale("en")), decimal("1.50", Locale("es")), decimal("2", Locale("pt"))
    ('1.5', '1,5', '2')
    """
    return str(format_decimal(Decimal(value), format="#,##0.####", locale=locale))


def points(count: int, name: str, locale: Locale) -> str:
    """`1,045 points`, and `1 point`; by the shop's own name, in its form for so many. A debt has a real minus."""
    return counted_points(count, number(count, locale).replace("-", "−"), name, locale)


def counted_points(count: int, shown: str, name: str, locale: Locale) -> str:
    """The same, with the number written as `shown`."""
    if name != DEFAULT_POINTS_NAME:
        return f"{shown} {beside(count, name)}"
    return pattern(locale.language, "points.amount", count).format(number=shown)


def points_unit(name: str, locale: Locale) -> str:
    """What points are called within a sentence: the shop's own name, else the language's word."""
    return name if name != DEFAULT_POINTS_NAME else pattern(locale.language, "points.unit")


def unit_beside(count: int, name: str, locale: Locale) -> str:
    """What points are called beside their number, which stands elsewhere."""
    return counted_points(count, "", name, locale).strip()


def percent(value: Decimal, locale: Locale) -> str:
    """Ten as `10%`, with a space before the sign where the language wants one; up to two decimals.

    >>> percent(Decimal("12.5"), Locale("en")), percent(Decimal("12.5"), Locale("de"))
    ('12.5%', '12,5\\xa0%')
    """
    own = locale.percent_formats[None].pattern
    return format_percent(value / 100, format=own.replace("0", "0.##", 1), locale=locale)


def listed(things: Sequence[str], locale: Locale) -> str:
    """Names in a sentence, as the language lists them.

    >>> listed(["Mug", "Tote", "Cap"], Locale("en")), listed(["Mug", "Tote"], Locale("ja"))
    ('Mug, Tote, and Cap', 'Mug、Tote')
    """
    return format_list([isolated(thing, locale) for thing in things], locale=locale)


def isolated(said: str, locale: Locale) -> str:
    """A name or an amount within a sentence, kept from turning its neighbours round where it is written in the other
    direction: letters and signs of the left-to-right scripts in a sentence from the right, and the other way round."""
    if locale.text_direction == "rtl":
        turned = any(unicodedata.bidirectional(char) in _FROM_LEFT for char in said)
    else:
        turned = not said.isascii() and any(unicodedata.bidirectional(char) in _FROM_RIGHT for char in said)
    return f"{_ISOLATE}{said}{_ENDS}" if turned else said


_FROM_LEFT, _FROM_RIGHT = frozenset(("L", "ET", "ES")), frozenset(("R", "AL"))


def long_date(value: date, locale: Locale) -> str:
    """A date with its month in words, so that nobody takes the month for the day."""
    return format_date(value, "long", locale=locale)


def web_address(value: str) -> str:
    """The value if it is a plain http(s) address; raises ValueError for anything else."""
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise ValueError("must be a web address such as https://example.com")
    if re.search(r"[\s\"'<>\\^`{|}\x00-\x1f\x7f]", value) or len(value) > 2000:
        raise ValueError("must be a web address without spaces, quotes or brackets")
    return value
