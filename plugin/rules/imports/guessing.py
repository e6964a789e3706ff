"""Whose file it is, and what its columns are: a guess that staff see and can change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plugin.rules.imports.heading_words import ABROAD, LIKE
from plugin.rules.imports.meanings import GENERAL, Meaning
from plugin.rules.imports.source import Source
from plugin.rules.imports.sources import BY_KEY, PLAIN, SOURCES
from plugin.rules.imports.table_file import Ranks, heading_key

_KNOWN = (
    frozenset(name for of in GENERAL.values() for rank in of for name in rank)
    | frozenset(name for source in SOURCES for of in source.columns.values() for rank in of for name in rank)
    | frozenset(name for rank in ABROAD.values() for name in rank)
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each meaning stands. `alike` are the places that say a thing equally well, so that nobody can know."""

    places: Mapping[Meaning, int]
    alike: Mapping[Meaning, tuple[int, ...]]


def known(key: str) -> bool:
    """Whether a heading, as `heading_key` writes it, means something here."""
    return key in _KNOWN or any(words.fit(key) for of in LIKE.values() for words in of)


def guess_source(headings: Sequence[str]) -> Source:
    """Whose file it most likely is: by a whole first line, else by the headings that only one app writes."""
    keys = {heading_key(each) for each in headings}
    for source in (BY_KEY["suki"], *SOURCES):
        if any(whole <= keys for whole in source.all_of):
            return source
    scores = {source.key: _score(source, keys) for source in SOURCES}
    best = max(scores, key=lambda key: scores[key])
    return BY_KEY[best] if scores[best] else PLAIN


def _score(source: Source, keys: set[str]) -> int:
    """How many of its own headings are there, one that nobody else tells counting twice."""
    others = {name for each in SOURCES if each is not source for name in each.tells}
    found = source.tells & keys
    own = found - others
    return len(found) + len(own) if len(found) > 1 else 0


def guess_columns(headings: Sequence[str], source: Source) -> Columns:
    """What each column is: as the source says, else in general; a column is one thing only."""
    keys = [heading_key(each) for each in headings]
    places: dict[Meaning, int] = {}
    alike: dict[Meaning, tuple[int, ...]] = {}
    for meaning in Meaning:
        free = [at for at, key in enumerate(keys) if key not in source.others and at not in places.values()]
        ranks = [*source.columns.get(meaning, ()), *GENERAL[meaning], ABROAD.get(meaning, frozenset())]
        found = _best(keys, free, ranks) or _like(keys, free, meaning)
        if len(found) == 1:
            places[meaning] = found[0]
        elif found:
            alike[meaning] = found
    return Columns(_without_the_whole_name(places), alike)


def _best(keys: Sequence[str], free: Sequence[int], ranks: Ranks) -> tuple[int, ...]:
    for rank in ranks:
        if found := tuple(at for at in free if keys[at] in rank):
            return found
    return ()


def _like(keys: Sequence[str], free: Sequence[int], meaning: Meaning) -> tuple[int, ...]:
    """By the words of a heading, where it means nothing else."""
    return tuple(
        at for at in free if keys[at] not in _KNOWN and any(one.fit(keys[at]) for one in LIKE.get(meaning, ()))
    )


def _without_the_whole_name(places: dict[Meaning, int]) -> dict[Meaning, int]:
    """Where first and last name stand by themselves, nothing has to be split."""
    parts = {Meaning.FIRST_NAME, Meaning.LAST_NAME} & places.keys()
    return {meaning: at for meaning, at in places.items() if not (parts and meaning is Meaning.NAME)}
