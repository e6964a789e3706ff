"""A table as people save it from a spreadsheet or another app: its letters, its separators, what its columns are."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from plugin.rules.formats import one_line
from plugin.rules.words.texts import Said

MOST_BYTES = 2 * 1024 * 1024
LONGEST_CELL = 8 * 1024 * 1024
"""Also where it is in a column that nobody needs."""
csv.field_size_limit(LONGEST_CELL)
MARKS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*(?:\r\n|\r|\n)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_LETTERS = re.compile(r"[\W_]+")
_NAMED = 12
_TITLES = 10
"""So many lines may stand above the headings."""
ADDRESS = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\"]{1,188}\.[^@\s.,;<>()\"]{2,}")
"""What may be an email address."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Ranks = Sequence[frozenset[str]]
"""Names of a column as `heading_key` writes them, those that say most plainly what it is first."""


class UnreadableFile(ValueError):
    """The file as a whole cannot be used; `what` says why."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Table:
    """The first line and the rest of a file. `rows` are (line in the file, cells); raises UnreadableFile amid."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    mark: str


def text_of(content: bytes, most: int = MOST_BYTES) -> str:
    """The letters of a file in UTF-8 or UTF-16, with or without a mark at its beginning, else in Windows-1252."""
    return letters_of(content, most)[0]


def letters_of(content: bytes, most: int = MOST_BYTES) -> tuple[str, str]:
    """The letters, and the encoding in which they were written."""
    if len(content) > most:
        raise UnreadableFile(Said("members.file.large", most=most >> 20))
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        text, encoding = _windows(content, encoding, error), "cp1252"
    if "\0" in text or not text.strip():
        raise UnreadableFile(Said("members.file.empty"))
    return text, encoding


def _windows(content: bytes, tried: str, error: UnicodeDecodeError) -> str:
    """As older spreadsheets save it; what has control characters is no text at all."""
    if tried != "utf-8-sig" or _CONTROLS.search(content):
        raise UnreadableFile(Said("members.file.encoding")) from error
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as undefined:
        raise UnreadableFile(Said("members.file.encoding")) from undefined


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(content) % 2 == 0 and content[1:2] == b"\0" != content[:1]:
        return "utf-16-le"
    return "utf-16-be" if len(content) % 2 == 0 and content[:1] == b"\0" != content[1:2] else "utf-8-sig"


def table(text: str, known: Callable[[str], bool]) -> Table:
    """The table, split by the mark that gives the most headings that are `known` (else the most cells).

    What stands above the headings is left out. A first line with an email address is no heading: nothing has a name.
    """
    said = _SEPARATOR_LINE.match(text)
    body, before = (text[said.end() :], 1) if said else (text, 0)
    marks = (said[1],) if said else MARKS
    mark = max(marks, key=lambda each: _fit(body, each, known))
    try:
        reader = _reader(body, mark)
        first = tuple(next(reader, []))
        for _ in range(_heading(_top(body, mark), known)):
            first = tuple(next(reader))
    except csv.Error as error:
        raise UnreadableFile(Said("members.file.not_csv", line=1 + before, why=error)) from error
    if _is_person(first) and not any(known(heading_key(cell)) for cell in first):
        return Table(("",) * len(first), chain([(reader.line_num + before, list(first))], _rows(reader, before)), mark)
    return Table(first, _rows(reader, before), mark)


def _top(text: str, mark: str) -> list[list[str]]:
    """The first lines, as far as they can be read."""
    top: list[list[str]] = []
    try:
        top.extend(islice(_reader(text, mark), _TITLES + 1))
    except csv.Error:
        return top
    return top


def _heading(top: Sequence[Sequence[str]], known: Callable[[str], bool]) -> int:
    """On which line the headings stand: the first, unless it says nothing and a later one says two things."""
    counts = [sum(known(heading_key(cell)) for cell in cells) for cells in top]
    if not counts or counts[0] or _is_person(top[0]):
        return 0
    return next((at for at, count in enumerate(counts) if count > 1), 0)


def _is_person(cells: Sequence[str]) -> bool:
    return any(ADDRESS.fullmatch(cell.strip()) for cell in cells)


def _reader(text: str, mark: str) -> csv._reader:  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)


def _fit(text: str, mark: str, known: Callable[[str], bool]) -> tuple[int, int]:
    top = _top(text, mark)
    if not top:
        return -1, 0
    cells = top[_heading(top, known)]
    return sum(known(heading_key(cell)) for cell in cells), len(cells)


def _rows(reader: csv._reader, before: int) -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num + before, cells
    except csv.Error as error:
        raise UnreadableFile(Said("members.file.not_csv", line=reader.line_num + before, why=error)) from error


def heading_key(cell: str) -> str:
    """A heading without what apps write differently: capitals, humps, spaces, underscores, dots.

    >>> heading_key("Points_Balance"), heading_key("pointsBalance"), heading_key(" E-mail: ")
    ('points balance', 'points balance', 'e mail')
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", cell))
    return _NOT_LETTERS.sub(" ", _HUMP.sub(" ", plain)).strip().casefold()


def choose(headings: Sequence[str], ranks: Ranks, what: str) -> int | None:
    """Which column it is: the one whose heading says so most plainly; None for none.

    Raises UnreadableFile where two say it alike: nobody can know which is meant.
    """
    keys = [heading_key(each) for each in headings]
    for names in ranks:
        found = [place for place, key in enumerate(keys) if key in names]
        if len(found) > 1:
            both = " and ".join(f"“{one_line(headings[place], 40)}”" for place in found[:2])
            raise UnreadableFile(Said("members.file.two_columns", what=what, columns=both))
        if found:
            return found[0]
    return None


def in_words(headings: Sequence[str]) -> str:
    """The headings as they stand, for a sentence; long lists are cut."""
    named = [one_line(each, 40) for each in headings if each.strip()]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(f"“{each}”" for each in named[:_NAMED]) + more
