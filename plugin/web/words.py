"""The panel's words in the language of whoever reads it: `t("settings.shop.title")` in pages and in their code.

How a page's texts get keys: docs/extending/languages.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from flask import Flask, g, has_request_context, request
from markupsafe import Markup, escape

from plugin.rules import formats
from plugin.rules.words import catalogues
from plugin.rules.words.texts import Said, shown

PANEL = "panel"


def register(app: Flask) -> None:
    """Give the templates `t`, `counted`, `language` and the filter `said`."""
    app.jinja_env.globals.update(t=t, counted=counted, language=language)
    app.jinja_env.filters["said"] = said


def language() -> Locale:
    """The language of the panel's reader: that of their Shopify admin where we have it, else English."""
    if not has_request_context():
        return formats.reader_locale(catalogues.ENGLISH)
    if "language" not in g:
        asked = formats.reader_locale(request.args.get("locale", ""))
        known = asked.language in catalogues.languages_of(PANEL)
        g.language = asked if known else formats.reader_locale(catalogues.ENGLISH)
    found: Locale = g.language
    return found


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
    filled = {name: each if isinstance(each, Markup) else shown(each, locale) for name, each in known.items()}
    if any(isinstance(each, Markup) for each in filled.values()):
        return Markup(escape(pattern)).format(**filled)
    return pattern.format(**filled)


def said(text: str) -> str:
    """An error's words in the reader's language; what has no key stays as it is."""
    return said_in(language(), text.key, text.number, text.values) if isinstance(text, Said) else text
