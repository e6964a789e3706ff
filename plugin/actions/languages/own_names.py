"""The name of a shop's points, with its other names, for one reader; and what staff make of them in other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from babel import Locale
from sqlalchemy import Connection

from plugin.rules.programme import Programme
from plugin.rules.words.own_names import ReaderNames, in_words, points_name
from plugin.rules.words.own_words import PointsName
from plugin.rules.words.translations import Translation, translated
from plugin.store.shops.shops import Shop
from plugin.store.versions import own_names


def words(conn: Connection, shop: Shop, programme: Programme, locale: Locale) -> PointsName:
    """What the programme calls its points for a reader of this language, and by it all of its names."""
    return points_name(programme.points_name, names(conn, shop, locale))


def programme_in(conn: Connection, shop: Shop, programme: Programme, locale: Locale) -> Programme:
    """The programme with its names in one language: to be shown, never to be saved."""
    return in_words(programme, words(conn, shop, programme, locale))


def names(conn: Connection, shop: Shop, locale: Locale) -> ReaderNames:
    """The shop's names for a reader of this language.

    The language of a country goes before the language: `pt-BR` before `pt`; then the name as the shop wrote it.
    """
    return names_from(own_names.of_languages(conn, shop.id, tags_of(locale)), shop, locale)


def names_from(known: Mapping[str, Iterable[Translation]], shop: Shop, locale: Locale) -> ReaderNames:
    """The same of what is known of these languages, or of all."""
    texts = translated(*(known.get(tag, ()) for tag in reversed(tags_of(locale))))
    return ReaderNames(locale, shop.currency, texts)


def tags_of(locale: Locale) -> tuple[str, ...]:
    """The tags that a reader's names may be kept under, the best first.

    >>> tags_of(Locale("pt", "BR")), tags_of(Locale("th"))
    (('pt-BR', 'pt'), ('th',))
    """
    full = str(locale).replace("_", "-")
    return (full,) if full == locale.language else (full, locale.language)
