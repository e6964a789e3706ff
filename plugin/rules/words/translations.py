"""What a shop has translated of its names: which are there, missing or out of date, and what saving them changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from babel import Locale

from plugin.rules.programme import Programme
from plugin.rules.words import default_names
from plugin.rules.words.own_names import LONGEST, Named, Translated, forms_of, names_in
from plugin.rules.words.own_words import OTHER

MOST: Final = 5000
"""So many names a language has at most, those of things that are gone among them."""
State = Literal["done", "ready", "missing", "outdated"]
Problem = Literal["too_long", "not_one_line", "braces"]


@dataclass(frozen=True, slots=True)
class Translation:
    """One name in another language: what it was made of, and the id of the thing that had it then."""

    kind: str
    source: str
    text: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One name beside its translation. `ready`: it comes translated with the app; `outdated`: there is one of what it
    was called before, `former`, which is not shown."""

    named: Named
    text: str
    state: State
    offered: str = ""
    former: str = ""

    @property
    def key(self) -> str:
        """What the row is known by in a form."""
        return f"{self.named.kind}|{self.named.source}"


def rows(programme: Programme, currency: str, locale: Locale, known: Iterable[Translation]) -> tuple[Row, ...]:
    """Every name of the programme once, beside what there is of it in the language."""
    texts = {(one.kind, one.source): one.text for one in known}
    former = {(one.kind, one.item): one for one in known if one.item}
    found: dict[tuple[str, str], Row] = {}
    for named in wanted(programme, locale):
        about = (named.kind, named.source)
        if about not in found:
            found[about] = _row(named, currency, locale, texts, former)
    return tuple(found.values())


def wanted(programme: Programme, locale: Locale) -> tuple[Named, ...]:
    """Every name, and of the points their forms beside a number."""
    names = names_in(programme)
    counted = [form for form in forms_of(locale) if form != OTHER]
    own = [one for one in names if one.kind == "points"]
    forms = [Named(f"points.{form}", one.item, one.source) for one in own for form in counted]
    return (*own, *forms, *(one for one in names if one.kind != "points"))


def _row(
    named: Named,
    currency: str,
    locale: Locale,
    texts: Translated,
    former: Mapping[tuple[str, str], Translation],
) -> Row:
    text = texts.get((named.kind, named.source), "")
    offered = default_names.said(named.kind, named.source, currency, locale)
    ready = default_names.is_default(named.kind, named.source, currency)
    if text:
        return Row(named, text, "done", offered if ready else "")
    if ready:
        return Row(named, "", "ready", offered)
    old = former.get((named.kind, named.item)) if named.item else None
    if old is not None and old.source != named.source:
        return Row(named, "", "outdated", old.text, old.source)
    return Row(named, "", "missing")


def needed(row: Row) -> bool:
    """Whether shoppers read the original for want of it. A form of the points that is missing is the usual one."""
    return row.state in ("missing", "outdated") and not row.named.kind.startswith("points.")


def percent_done(found: Sequence[Row]) -> int:
    """How much of it shoppers read in their language, in whole per cent; of nothing all."""
    asked = [row for row in found if not row.named.kind.startswith("points.")]
    return 100 if not asked else sum(not needed(row) for row in asked) * 100 // len(asked)


def problem(kind: str, text: str) -> Problem | None:
    """What is wrong with a translation."""
    if len(text) > longest(kind):
        return "too_long"
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") for char in text):
        return "not_one_line"
    return "braces" if re.search(r"\{\{|\{%", text) else None


def longest(kind: str) -> int:
    """How many characters such a name may have."""
    return LONGEST[kind.partition(".")[0]]


def changed(known: Iterable[Translation], said: Iterable[Translation]) -> tuple[Translation, ...]:
    """What there is with these in place of what was said of the same names before; an empty one takes its away."""
    kept = {(one.kind, one.source): one for one in known}
    for one in said:
        kept[one.kind, one.source] = one
    return tuple(one for one in kept.values() if one.text)


def translated(*known: Iterable[Translation]) -> Translated:
    """The texts by kind and source; of a name that several have, the last one's."""
    return {(one.kind, one.source): one.text for each in known for one in each}


def as_written(found: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of the language that the shop is written in: what is not translated stands as it is."""
    return tuple(replace(row, state="done") if row.state in ("missing", "outdated") else row for row in found)
