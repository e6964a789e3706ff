"""The lines of a file of members, read as staff chose: what each says of whom, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from plugin.rules.formats import one_line
from plugin.rules.imports import dates
from plugin.rules.imports.choices import Choices, Shown
from plugin.rules.imports.meanings import Meaning
from plugin.rules.imports.table_file import ADDRESS
from plugin.rules.imports.whole_numbers import Unclear, Writing, decimal, whole
from plugin.rules.words.texts import Said

LONGEST_NOTE = 300
MOST_POINTS = 1_000_000_000
"""Of one line: where a unit of money is small, balances of millions are usual."""
LONGEST_CELL = 1000
"""Of a cell that is kept: what is longer is nobody's name, tier or link."""
_CUSTOMER = re.compile(r"(?:gid://shopify/Customer/)?([0-9]{1,18})(?:\.0)?")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?")
_WORD = re.compile(r"[\w-]{2,64}")
_NOTHING = frozenset(("-", "–", "—", "n/a", "#n/a", "null", "0000-00-00"))
"""What apps and people write where there is nothing."""
_NO_FACT = _NOTHING | {"0", "none", "nil", "no tier"}
_FACTS = frozenset((Meaning.TIER, Meaning.BIRTHDAY, Meaning.JOINED, Meaning.REFERRAL))
_NAMES = frozenset((Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.NAME))
_BEHIND_A_NAME = frozenset("jr sr ii iii iv phd md esq dds mba".split())
_ASKED_BY = ("sref_id", "referral_code", "referral", "refcode", "ref", "rfsn", "code", "r")
"""What the links of such apps call the code of whoever sent them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line. `kept`: only that cell is left out, the rest of the line is good."""

    line: int
    what: Said
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line: who, and what is said of them. `line` counts the file's lines, the heading being the first."""

    line: int
    email: str
    customer_id: int | None
    points: int | None
    note: str = ""
    lifetime: int | None = None
    tier: str = ""
    birthday: tuple[int, int] | None = None
    joined: date | None = None
    referral: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    excluded: bool = False
    problems: tuple[Problem, ...] = ()


class Reading:
    """How the lines of one file are read."""

    def __init__(self, chosen: Choices, columns: Sequence[Shown]) -> None:
        self._chosen = chosen
        self._columns = columns

    def read(self, line: int, cells: Sequence[str]) -> Row | Problem:
        """One line, or why nothing can be done with it."""
        said = {key: _said(key, _cell(cells, place)) for key, place in self._chosen.columns.items()}
        wrong: list[Problem] = []
        who = _person(line, said, wrong)
        if isinstance(who, Problem):
            return who
        points = self._points(line, said, wrong)
        if isinstance(points, Problem):
            return points
        first, last = _names(said)
        return Row(
            line,
            *who,
            points,
            one_line(said.get(Meaning.NOTE, ""), LONGEST_NOTE),
            self._lifetime(line, said, wrong),
            one_line(said.get(Meaning.TIER, ""), 60),
            self._birthday(line, said, wrong),
            self._joined(line, said, wrong),
            _referral(line, said, wrong),
            first,
            last,
            _language(said),
            said.get(Meaning.EXCLUDED, "").casefold() in self._chosen.of.excluded,
            tuple(wrong),
        )

    def _points(self, line: int, said: Mapping[Meaning, str], wrong: list[Problem]) -> int | None | Problem:
        cell = said.get(Meaning.POINTS)
        if cell is None:
            return None
        if not cell:
            wrong.append(Problem(line, Said("members.file.missing"), kept=True))
            return None
        try:
            return self._number(cell, Meaning.POINTS)
        except Unclear as error:
            return Problem(line, Said(error.key, text=one_line(cell, 40), mark=error.mark))
        except OverflowError:
            return Problem(line, Said("members.file.most", text=one_line(cell, 40), most=MOST_POINTS))

    def _number(self, cell: str, meaning: Meaning) -> int:
        writing = self._columns[self._chosen.columns[meaning]].writing
        found = _rounded(cell, writing) if self._chosen.of.decimals else whole(cell, writing)
        theirs, ours = self._chosen.theirs, self._chosen.ours
        if theirs != ours:
            found = int((Decimal(found) * ours / theirs).quantize(Decimal(1), ROUND_HALF_UP))
        if abs(found) > MOST_POINTS:
            raise OverflowError
        return found

    def _lifetime(self, line: int, said: Mapping[Meaning, str], wrong: list[Problem]) -> int | None:
        cell = said.get(Meaning.LIFETIME, "")
        try:
            return max(0, self._number(cell, Meaning.LIFETIME)) if cell else None
        except (Unclear, OverflowError):
            wrong.append(Problem(line, Said("members.file.lifetime", text=one_line(cell, 40)), kept=True))
            return None

    def _birthday(self, line: int, said: Mapping[Meaning, str], wrong: list[Problem]) -> tuple[int, int] | None:
        cell = said.get(Meaning.BIRTHDAY, "")
        day = dates.read(cell, self._chosen.orders[Meaning.BIRTHDAY]) if cell else None
        if cell and day is None:
            wrong.append(Problem(line, Said("members.file.birthday", text=one_line(cell, 40)), kept=True))
        return (day.month, day.day) if day else None

    def _joined(self, line: int, said: Mapping[Meaning, str], wrong: list[Problem]) -> date | None:
        cell = said.get(Meaning.JOINED, "")
        day = dates.read(cell, self._chosen.orders[Meaning.JOINED]) if cell else None
        found = day.whole if day else None
        if cell and found is None:
            wrong.append(Problem(line, Said("members.file.joined", text=one_line(cell, 40)), kept=True))
        return found

    @cached_property
    def has_points(self) -> bool:
        """Whether any column is the points."""
        return Meaning.POINTS in self._chosen.columns


def _cell(cells: Sequence[str], place: int) -> str:
    cell = cells[place].strip() if place < len(cells) else ""
    return cell[1:].strip() if cell.startswith("'") else cell


def _said(key: Meaning, cell: str) -> str:
    """The cell, or nothing where it stands for nothing."""
    nothing = _NO_FACT if key in _FACTS else _NOTHING | {"0"} if key in _NAMES else _NOTHING
    return "" if cell.casefold() in nothing else cell


def _person(line: int, said: Mapping[Meaning, str], wrong: list[Problem]) -> tuple[str, int | None] | Problem:
    """Who it is. Spreadsheets spoil long numbers: where there is an address, a customer ID that is none is left out."""
    email, customer = said.get(Meaning.EMAIL, "").lstrip("'"), said.get(Meaning.CUSTOMER_ID, "").lstrip("'")
    known = _CUSTOMER.fullmatch(customer)
    if not email and not customer:
        return Problem(line, Said("members.file.nobody"))
    if email and not ADDRESS.fullmatch(email):
        return Problem(line, Said("members.file.email", text=one_line(email, 60)))
    if customer and not (known and int(known[1])):
        what = Said("members.file.customer_left" if email else "members.file.customer", text=one_line(customer, 60))
        if not email:
            return Problem(line, what)
        wrong.append(Problem(line, what, kept=True))
        return email, None
    return email, int(known[1]) if known else None


def _rounded(cell: str, writing: Writing) -> int:
    """Of an app whose points have decimals: the nearest whole number, halves up."""
    try:
        return whole(cell, writing)
    except Unclear:
        return int(decimal(cell, writing).quantize(Decimal(1), ROUND_HALF_UP))


def _names(said: Mapping[Meaning, str]) -> tuple[str, str]:
    """First and last name; a whole name is split at its first space, or is “last, first”."""
    first, last = one_line(said.get(Meaning.FIRST_NAME, ""), 100), one_line(said.get(Meaning.LAST_NAME, ""), 100)
    if not (first or last):
        whole_name = one_line(said.get(Meaning.NAME, ""), 200)
        last, comma, first = whole_name.rpartition(",")
        if not (comma and last[:1].isalpha()) or first.strip(" .").casefold() in _BEHIND_A_NAME:
            first, _, last = whole_name.partition(" ")
        first = first.strip()
    return first[:100], last.strip()[:100]


def _language(said: Mapping[Meaning, str]) -> str:
    found = _LANGUAGE.fullmatch(said.get(Meaning.LANGUAGE, ""))
    return (found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")) if found else ""


def _referral(line: int, said: Mapping[Meaning, str], wrong: list[Problem]) -> str:
    cell = said.get(Meaning.REFERRAL, "")
    word = word_of(cell) if cell else ""
    if cell and not word:
        wrong.append(Problem(line, Said("members.file.referral", text=one_line(cell, 60)), kept=True))
    return word


def word_of(text: str) -> str:
    """The code in a link or a code, in small letters; empty where there is none.

    >>> word_of("https://shop.example/?sref_id=K3x9q"), word_of("http://i.refs.cc/9qr5Pw"), word_of("ABC-123")
    ('k3x9q', '9qr5pw', 'abc-123')
    """
    word = text.strip()
    if "/" in word or "?" in word:
        try:
            parts = urlsplit(word if "://" in word else f"https://{word}")
        except ValueError:
            return ""
        asked = {key.casefold(): value for key, value in parse_qsl(parts.query)}
        named = [asked[key] for key in _ASKED_BY if asked.get(key)]
        path = parts.path.rstrip("/").rpartition("/")[2]
        others = [value for key, value in asked.items() if "ref" in key and _WORD.fullmatch(value)]
        word = next(iter([*named, *([path] if path else others), *others]), "")
    return word.casefold() if _WORD.fullmatch(word) else ""
