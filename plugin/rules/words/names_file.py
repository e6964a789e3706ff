"""Names and their translations as a CSV file, in the columns of Shopify's own translation files, out and in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plugin.rules.words.own_words import OTHER
from plugin.rules.words.texts import Said
from plugin.rules.words.translations import Row, Translation, longest, problem

HEADINGS: Final = (
    "Type", "Identification", "Field", "Locale", "Market", "Status", "Default content", "Translated content",
)  # fmt: skip
MOST_BYTES: Final = 1 << 20
MOST_LINES: Final = 10_000
LONGEST_CELL: Final = 2000
SHOWN_PROBLEMS: Final = 50
FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "reward": ("REWARD", "name"),
    "reward_text": ("REWARD", "description"),
    "cause": ("REWARD", "cause"),
    "tier": ("TIER", "name"),
    "perk": ("TIER", "perk"),
    "campaign": ("CAMPAIGN", "name"),
    "activity": ("ACTIVITY", "name"),
    "activity_text": ("ACTIVITY", "note"),
    "question": ("ACTIVITY", "question"),
}
"""Type and field of each kind of name; those of points are `POINTS` and the plural form."""
_KINDS: Final = {where: kind for kind, where in FIELDS.items()}
_STARTS: Final = ("=", "@", "\t", "＝", "＠")


@dataclass(frozen=True, slots=True)
class Line:
    """One good line: where it stands, its language, and what it says."""

    number: int
    language: str
    said: Translation


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says; each problem with its line."""

    lines: tuple[Line, ...]
    problems: tuple[tuple[int, str], ...]
    more_problems: int = 0


def written(found: Mapping[str, Sequence[Row]]) -> list[list[object]]:
    """The lines of the file: every name in every language, with its translation where there is one."""
    lines: list[list[object]] = [list(HEADINGS)]
    for language, rows in found.items():
        for row in rows:
            kind, field = _place(row.named.kind)
            status = {"outdated": "outdated", "ready": "default"}.get(row.state, "")
            lines.append([kind, row.named.item, field, language, "", status, row.named.source, row.text])
    return lines


def _place(kind: str) -> tuple[str, str]:
    if kind.startswith("points"):
        return "POINTS", kind.partition(".")[2] or OTHER
    return FIELDS[kind]


def read(content: bytes, languages: Iterable[str]) -> Read:
    """What a file says. ValueError with words: it is no such file at all."""
    if len(content) > MOST_BYTES:
        raise ValueError(Said("settings.languages.file.large"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(Said("settings.languages.file.not_utf8")) from None
    if "\0" in text:
        raise ValueError(Said("settings.languages.file.not_utf8"))
    return _lines(text, {each.casefold(): each for each in languages})


def _lines(text: str, languages: Mapping[str, str]) -> Read:
    first = text.partition("\n")[0]
    split = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=split)
    places: dict[str, int] = {}
    found: dict[tuple[str, str, str], Line] = {}
    problems: list[tuple[int, str]] = []
    try:
        for number, cells in enumerate(rows, 1):
            if number > MOST_LINES + 1:
                raise ValueError(Said("settings.languages.file.lines", most=MOST_LINES))
            if not places:
                places = _columns(cells)
            elif any(cell.strip() for cell in cells):
                line = _line(number, cells, places, languages)
                if isinstance(line, Line):
                    found[line.language, line.said.kind, line.said.source] = line
                elif line:
                    problems.append((number, line))
    except csv.Error:
        raise ValueError(Said("settings.languages.file.broken")) from None
    if not places:
        raise ValueError(Said("settings.languages.file.columns"))
    return Read(tuple(found.values()), tuple(problems[:SHOWN_PROBLEMS]), max(0, len(problems) - SHOWN_PROBLEMS))


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where each column stands, whatever else the file has."""
    known = {cell.strip().casefold(): place for place, cell in enumerate(cells)}
    needed = ("type", "field", "locale", "default content", "translated content")
    if missing := [name for name in needed if name not in known]:
        raise ValueError(Said("settings.languages.file.columns_missing", names=", ".join(missing)))
    return known


def _line(number: int, cells: Sequence[str], places: Mapping[str, int], languages: Mapping[str, str]) -> Line | str:
    """One line; empty where it says nothing, words where it is wrong."""

    def cell(name: str) -> str:
        place = places.get(name, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    text, source = _plain(cell("translated content")), _plain(cell("default content"))
    if not text:
        return ""
    kind = _kind(cell("type"), cell("field"))
    language = languages.get(cell("locale").replace("_", "-").casefold())
    if not kind or not source:
        return Said("settings.languages.file.unknown_type", name=f"{cell('type')} {cell('field')}"[:60].strip())
    if language is None:
        return Said("settings.languages.file.unknown_language", name=cell("locale")[:20])
    if text.startswith(_STARTS):
        return Said("settings.languages.file.formula")
    if wrong := problem(kind, text):
        return Said(f"settings.languages.wrong.{wrong}", most=longest(kind))
    if len(source) > LONGEST_CELL:
        return Said("settings.languages.file.unknown_type", name=cell("type")[:60])
    return Line(number, language, Translation(kind, source, text, cell("identification")[:40]))


def _kind(type_: str, field: str) -> str:
    if type_.upper() == "POINTS":
        form = field.casefold()
        if form in ("name", OTHER, ""):
            return "points"
        return f"points.{form}" if form in ("zero", "one", "two", "few", "many") else ""
    return _KINDS.get((type_.upper(), field.casefold()), "")


def _plain(cell: str) -> str:
    """A cell without the mark that keeps spreadsheets from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") else cell
