"""The panel's words in the language of whoever reads it: `t("settings.shop.title")` in pages and in their code.

How a page's texts get keys: docs/extending/languages.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

from babel import Locale
from flask import Flask, g, has_request_context, request
from markupsafe import Markup, escape

from plugin.rules import formats
from plugin.rules.words import catalogues
from plugin.rules.words.texts import Said, shown

P = ParamSpec("P")
LONGEST_TAG = 35
"""What a language is asked for by is no longer (RFC 5646, 4.4.1)."""


class Written(str):
    """A value as the reader's language writes it, and `english` for a sentence that is read in English."""

    english: str


def register(app: Flask) -> None:
    """Give the templates `t`, `counted`, `language` and the filter `said`; the panel's catalogues are read now."""
    for each in catalogues.languages_of(catalogues.PANEL):
        catalogues.panel_share(each)
    app.jinja_env.globals.update(t=t, counted=counted, language=language)
    app.jinja_env.filters["said"] = said


def language() -> Locale:
    """The language of the panel's reader: that of their Shopify admin where we have it, else English."""
    if not has_request_context():
        return formats.reader_locale(catalogues.ENGLISH)
    if "language" not in g:
        g.language = panel_locale(request.args.get("locale", ""))
    found: Locale = g.language
    return found


def panel_locale(tag: str) -> Locale:
    """What the panel is written in for a language tag: words and formats of that language, or both in English.

    A country that CLDR doesn't know leaves the language: `es-XX` is read as `es`.
    """
    if len(tag) > LONGEST_TAG:
        return formats.reader_locale(catalogues.ENGLISH)
    asked = formats.reader_locale(tag, re.split("[-_]", tag)[0])
    known = asked.language in catalogues.languages_of(catalogues.PANEL)
    return asked if known else formats.reader_locale(catalogues.ENGLISH)


def written(write: Callable[P, str]) -> Callable[P, str]:
    """What writes a value in the reader's language, made to write it in English as well where that is another."""

    @wraps(write)
    def both(*args: P.args, **values: P.kwargs) -> str:
        read = language()
        if read.language == catalogues.ENGLISH:
            return write(*args, **values)
        said = Written(write(*args, **values))
        g.language = formats.reader_locale(catalogues.ENGLISH)
        try:
            said.english = write(*args, **values)
        finally:
            g.language = read
        return said

    return both


def t(key: str, /, **values: object) -> str:
    """The text of a key, its places filled in; it is markup where one of the values is, with the rest escaped."""
    return said_in(language(), key, None, values)


def counted(key: str, count: int, /, **values: object) -> str:
    """The same in the plural form for `count`, which is the place `{count}`."""
    return said_in(language(), key, count, values)


def said_in(locale: Locale, key: str, count: int | None, values: Mapping[str, object]) -> str:
    """The text of a key for a page in this language. NoWords if there is none."""
    pattern = catalogues.pattern(locale.language, key, count)
    known: dict[str, object] = {**({} if count is None else {"count": count}), **values}
    in_english = not catalogues.has(locale.language, key)
    read = formats.reader_locale(catalogues.ENGLISH) if in_english else locale
    filled = {
        name: each if isinstance(each, Markup) else each.english if in_english and isinstance(each, Written)
        else shown(each, read)
        for name, each in known.items()
    }  # fmt: skip
    if any(isinstance(each, Markup) for each in filled.values()):
        return Markup(escape(pattern)).format(**filled)
    return pattern.format(**filled)


def said(text: str) -> str:
    """An error's words in the reader's language; what has no key stays as it is."""
    return said_in(language(), text.key, text.number, text.values) if isinstance(text, Said) else text
