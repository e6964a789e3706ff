"""What staff chose for a file: whose it is, what its columns are, and how its points, days and tiers are meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from plugin.rules.imports import dates
from plugin.rules.imports.dates import Order, Seen
from plugin.rules.imports.guessing import Columns, guess_columns, guess_source
from plugin.rules.imports.heading_words import LIKE
from plugin.rules.imports.meanings import FACTS, GENERAL, PEOPLE, Meaning
from plugin.rules.imports.source import PointsAs, Source
from plugin.rules.imports.sources import BY_KEY
from plugin.rules.imports.table_file import ADDRESS, heading_key, in_words
from plugin.rules.imports.whole_numbers import Unclear, Writing, whole, writing_of
from plugin.rules.words.texts import Said

SCANNED = 20_000
"""So many lines show how a column writes numbers and days."""
SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """What one column shows: its first cells, and how it would be read as numbers or as days."""

    samples: tuple[str, ...] = ()
    writing: Writing = Writing()
    days: Seen = Seen()


@dataclass(frozen=True, slots=True)
class Choices:
    """`orders` are those of the columns with days; `tiers` maps what the file calls a tier to a key of the programme
    ("" for none); `keep_tiers_until` is the last day on which a tier from the file holds whatever the rules say.
    `theirs` of the file's points become `ours`."""

    source: str = "plain"
    columns: Mapping[Meaning, int] = field(default_factory=dict)
    points_as: PointsAs = "set"
    orders: Mapping[Meaning, Order] = field(default_factory=dict)
    unsure: tuple[Meaning, ...] = ()
    tiers: Mapping[str, str] = field(default_factory=dict)
    keep_tiers_until: date | None = None
    theirs: int = 1
    ours: int = 1

    @property
    def of(self) -> Source:
        """The source as the list has it."""
        return BY_KEY[self.source]

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "source": self.source,
            "columns": {str(key): place for key, place in self.columns.items()},
            "points_as": self.points_as,
            "orders": {str(key): order for key, order in self.orders.items()},
            "unsure": [str(each) for each in self.unsure],
            "tiers": dict(self.tiers),
            "keep_tiers_until": self.keep_tiers_until.isoformat() if self.keep_tiers_until else None,
            "rate": [self.theirs, self.ours],
        }


def from_stored(kept: Mapping[str, Any]) -> Choices:
    """From JSON; nothing chosen where there is none."""
    until = kept.get("keep_tiers_until")
    return Choices(
        kept.get("source", "plain"),
        {Meaning(key): place for key, place in kept.get("columns", {}).items()},
        kept.get("points_as", "set"),
        {Meaning(key): order for key, order in kept.get("orders", {}).items()},
        tuple(Meaning(each) for each in kept.get("unsure", ())),
        kept.get("tiers", {}),
        date.fromisoformat(until) if until else None,
        *kept.get("rate", (1, 1)),
    )


def shown_by(headings: Sequence[str], rows: Sequence[Sequence[str]], semicolons: bool) -> tuple[Shown, ...]:
    """What each column shows, by the file's first lines."""
    columns = [[row[at].strip() if at < len(row) else "" for row in rows[:SCANNED]] for at in range(len(headings))]
    return tuple(
        Shown(
            tuple([cell for cell in cells if cell][:SAMPLES]), writing_of(cells, semicolons), dates.seen(_some(cells))
        )
        for cells in columns
    )


def _some(cells: Sequence[str]) -> Iterable[str]:
    """Days repeat themselves: a thousand different ones show as much as all."""
    return list(dict.fromkeys(cells))[:1000]


def guess(headings: Sequence[str], columns: Sequence[Shown], source: str = "") -> Choices:
    """What the file most likely means; with a source, what it means if it is from there."""
    of = BY_KEY.get(source) or guess_source(headings)
    places = _by_content(headings, columns, guess_columns(headings, of))
    return with_orders(Choices(of.key, places, _points_as(headings, of, places)), columns)


def _by_content(headings: Sequence[str], columns: Sequence[Shown], guessed: Columns) -> Mapping[Meaning, int]:
    """The only column of addresses is the person; without any heading, the only one of whole numbers the points."""
    found = dict(guessed.places)
    free = [at for at in range(len(columns)) if at not in found.values() and columns[at].samples]
    people = [at for at in free if all(ADDRESS.fullmatch(each) for each in columns[at].samples)]
    if not PEOPLE & (found.keys() | guessed.alike.keys()) and len(people) == 1:
        found[Meaning.EMAIL] = people[0]
    numbers = [at for at in free if all(_is_whole(each, columns[at].writing) for each in columns[at].samples)]
    if not any(heading_key(each) for each in headings) and len(numbers) == 1:
        found[Meaning.POINTS] = numbers[0]
    return found


def _is_whole(cell: str, writing: Writing) -> bool:
    try:
        whole(cell, writing)
    except Unclear:
        return False
    return True


def _points_as(headings: Sequence[str], of: Source, places: Mapping[Meaning, int]) -> PointsAs:
    """As the source says; of nobody's file as its headings say: a balance is what somebody holds, and who says more of
    members than their points says what they hold."""
    if of.key != "plain" or Meaning.POINTS not in places or _OF_MEMBERS & places.keys():
        return of.points_as
    heading = heading_key(headings[places[Meaning.POINTS]])
    if any(words.fit(heading) for words in LIKE[Meaning.POINTS]):
        return "set"
    return "set" if heading == "balance" or any(heading in rank for rank in GENERAL[Meaning.POINTS][:-1]) else "add"


_OF_MEMBERS = frozenset((Meaning.TIER, Meaning.JOINED, Meaning.REFERRAL, Meaning.LIFETIME, Meaning.EXCLUDED))


def with_orders(chosen: Choices, columns: Sequence[Shown]) -> Choices:
    """With the order of days of each column that has some, where none was chosen."""
    orders, unsure = dict(chosen.orders), []
    for meaning in (Meaning.BIRTHDAY, Meaning.JOINED):
        if meaning in chosen.columns and meaning not in orders:
            orders[meaning], sure = dates.choose(columns[chosen.columns[meaning]].days, chosen.of.dates)
            unsure += [] if sure else [meaning]
    return replace(chosen, orders=orders, unsure=tuple(unsure))


def wanting(headings: Sequence[str], chosen: Choices, *, guessed: bool) -> Said | None:
    """Why the file cannot be looked at as it is chosen, or `guessed`; None when it can."""
    two = _alike(headings, chosen) if guessed else None
    if two or not PEOPLE & chosen.columns.keys():
        return two or _missing("members.file.no_person", headings)
    if not FACTS & chosen.columns.keys():
        others = any("point" in heading_key(each) for each in headings)
        return _missing("members.file.no_points_left" if others else "members.file.no_points", headings)
    return None


def _missing(key: str, headings: Sequence[str]) -> Said:
    return Said(key, columns=in_words(headings) or "without names")


def _alike(headings: Sequence[str], chosen: Choices) -> Said | None:
    """Two columns that could both be the points, or the person, while neither is chosen."""
    alike = guess_columns(headings, chosen.of).alike
    for meaning in (Meaning.POINTS, *sorted(PEOPLE)):
        places = [at for at in alike.get(meaning, ()) if at not in chosen.columns.values()]
        if meaning not in chosen.columns and len(places) > 1:
            both = " and ".join(f"“{headings[at][:40]}”" for at in places[:2])
            return Said("members.file.two_columns", what=_WORDS[meaning], columns=both)
    return None


_WORDS = {Meaning.EMAIL: "the email address", Meaning.CUSTOMER_ID: "the customer ID", Meaning.POINTS: "the points"}
