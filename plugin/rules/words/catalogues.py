"""The words of each language: gettext catalogues with stable keys, English one like the others.

`plugin/locales/<language>/<domain>.po`; a key stands in one domain only. A language is one that has a folder there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from plugin import observe

FOLDER: Final = Path(__file__).resolve().parents[2] / "locales"
ENGLISH: Final = "en"
LANGUAGES: Final = (
    ENGLISH,
    *sorted(
        each.name for each in FOLDER.iterdir() if each.is_dir() and each.name != ENGLISH and any(each.glob("*.po"))
    ),
)
"""The languages of shoppers' mails and pages, as their catalogues are there; the first stands in for the others."""
PANEL: Final = "panel"
"""The folder of what staff read; a language may have it in part, and the rest is read in English."""
EXACTLY_ONE: Final = "=1"
"""Ends the key of a text for exactly one, where the language counts other numbers as one too: Filipino 2, 3, 5."""
log = observe.get_logger()


class NoWords(KeyError):
    """A key that no catalogue has, or that has no plural forms; a mistake in the code."""


@dataclass(frozen=True)
class Catalogue:
    """A language's texts by key, a text with plural forms as all of them, which form a number takes, and which of the
    keys are the panel's."""

    texts: Mapping[str, str | tuple[str, ...]]
    form_of: Callable[[int], int]
    panel: frozenset[str] = frozenset()


def files(language: str) -> list[Path]:
    """The language's catalogues, one a domain."""
    return sorted((FOLDER / language).rglob("*.po"))


@cache
def languages_of(domain: str) -> tuple[str, ...]:
    """The languages that have this domain, a file or a folder: the panel may have fewer than the mails. Looked for
    once."""
    return tuple(
        each for each in LANGUAGES if (FOLDER / each / domain).is_dir() or (FOLDER / each / f"{domain}.po").is_file()
    )


@cache
def catalogue(language: str) -> Catalogue:
    """What the language has itself, read once. Raises NoWords for a key that two of its domains have."""
    texts: dict[str, str | tuple[str, ...]] = {}
    plural, panel = "", set()
    for file in files(language):
        with file.open("rb") as source:
            read = read_po(source, locale=language)
        plural = read.plural_expr
        for message in read:
            key = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
            if key and key in texts:
                raise NoWords(f"{key} stands twice in {language}")
            if key and message.string and (isinstance(message.string, str) or all(message.string)):
                texts[key] = message.string if isinstance(message.string, str) else tuple(message.string)
                panel |= {key} if file.parent.name == PANEL else set()
    return Catalogue(texts, c2py(plural), frozenset(panel))


@cache
def panel_share(language: str) -> int:
    """How much of the panel's texts the language has, in whole percent: 100 only where none is missing."""
    every = catalogue(ENGLISH).panel
    return 100 * len(every & catalogue(language).panel) // len(every)


def pattern(language: str, key: str, count: int | None = None) -> str:
    """The text of a key with its places still open; `count` chooses the plural form.

    Falls back to English: a panel's text may, another is missing. Raises NoWords for what is missing, and where English
    has none either, unless `lenient` said otherwise.
    """
    language = language if language in LANGUAGES else ENGLISH
    found = _own(language, key, count)
    if found is None and language != ENGLISH:
        if key not in catalogue(ENGLISH).panel:
            _missing(language, key)
        found = _own(ENGLISH, key, count)
    if found is None:
        _missing(ENGLISH, key)
        return key.rpartition(".")[2].replace("_", " ").capitalize()
    return found


def _own(language: str, key: str, count: int | None) -> str | None:
    known = catalogue(language)
    if count is None:
        found = known.texts.get(key)
        return found if isinstance(found, str) else None
    if abs(count) == 1 and isinstance(exact := known.texts.get(key + EXACTLY_ONE), str):
        return exact
    forms = known.texts.get(key)
    return forms[known.form_of(abs(count))] if isinstance(forms, tuple) else None


def has(language: str, key: str) -> bool:
    """Whether the language has this key itself, so that nobody reads it in English."""
    return language in LANGUAGES and key in catalogue(language).texts


def knows(key: str) -> bool:
    """Whether English has this key."""
    return key in catalogue(ENGLISH).texts


def is_counted(key: str) -> bool:
    """Whether the text of this key has plural forms."""
    return isinstance(catalogue(ENGLISH).texts.get(key), tuple)


_lenient = False


def lenient(allowed: bool) -> None:
    """Whether a missing text is counted and logged (as in production), or an error (in development and tests)."""
    global _lenient  # noqa: PLW0603
    _lenient = allowed


def _missing(language: str, key: str) -> None:
    if not _lenient:
        raise NoWords(f"{language} has no text {key}")
    observe.missing_words.labels(language).inc()
    log.warning("no_words", language=language, text=key)
