"""A file of members and points as people save it from a spreadsheet: read, checked line by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from plugin.rules.formats import one_line
from plugin.rules.points.adjusting import MOST_POINTS

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 10_000
LONGEST_NOTE = 300
_NAMES = {
    "email": ("email", "e-mail", "email address", "customer email", "e-mail address"),
    "customer_id": ("customer id", "customer_id", "customerid", "shopify customer id", "shopify id"),
    "points": ("points", "points change", "points to add", "amount", "balance"),
    "note": ("note", "reason", "comment"),
}
_EMAIL = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\"]{1,188}\.[^@\s.,;<>()\"]{2,}")
_CUSTOMER = re.compile(r"(?:gid://shopify/Customer/)?([0-9]{1,18})")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, also in the wide letters of East Asian ones."""


class UnreadableFile(ValueError):
    """The file as a whole cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: who, and what they get. `line` counts the file's lines, the heading being the first."""

    line: int
    email: str
    customer_id: int | None
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class MemberFile:
    """What a file says. `ignored` names the columns that nothing is done with."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


def read(content: bytes) -> MemberFile:
    """The rows and the problems of a CSV file: UTF-8 with or without a mark, by comma, semicolon or tab.

    Raises UnreadableFile where no line can be trusted.
    """
    text = _text(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns, ignored = _columns(next(reader, []))
        found = [_row(reader.line_num, dict(zip(columns, cells, strict=False))) for cells in reader if any(cells)]
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num} is not CSV: {error}.") from error
    if len(found) > MOST_ROWS:
        raise UnreadableFile(f"The file has {len(found):,} lines; {MOST_ROWS:,} is the most for one.")
    rows = tuple(each for each in found if isinstance(each, Row))
    return MemberFile(rows, tuple(each for each in found if isinstance(each, Problem)), ignored)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UnreadableFile("The file is larger than 2 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is not UTF-8. Save it as “CSV UTF-8” and try again.") from error
    if "\0" in text or not text.strip():
        raise UnreadableFile("The file is empty, or not a CSV file.")
    return text


def _delimiter(text: str) -> str:
    heading = text.lstrip().splitlines()[0]
    return max((",", ";", "\t"), key=heading.count)


def _columns(heading: list[str]) -> tuple[list[str], tuple[str, ...]]:
    meaning = {alias: name for name, aliases in _NAMES.items() for alias in aliases}
    columns: list[str] = []
    ignored: list[str] = []
    for cell in heading:
        name = meaning.get(" ".join(cell.casefold().split()), "")
        if name in columns:
            raise UnreadableFile(f"Two columns are called like “{one_line(cell, 40)}”.")
        columns.append(name or f"ignored {len(columns)}")
        if not name and cell.strip():
            ignored.append(one_line(cell, 40))
    if not {"email", "customer_id"} & set(columns):
        raise UnreadableFile("The first line must name the columns: “email” or “customer id”, and “points”.")
    return columns, tuple(ignored)


def _row(line: int, cells: Mapping[str, str]) -> Row | Problem:
    email, customer = cells.get("email", "").strip(), cells.get("customer_id", "").strip().lstrip("'")
    points, note = cells.get("points", "").strip() or "0", one_line(cells.get("note", ""), LONGEST_NOTE)
    known = _CUSTOMER.fullmatch(customer)
    if not email and not customer:
        return Problem(line, "names neither an e-mail address nor a customer id")
    if email and not _EMAIL.fullmatch(email):
        return Problem(line, f"“{one_line(email, 60)}” is not an e-mail address")
    if customer and not (known and int(known[1])):
        return Problem(line, f"“{one_line(customer, 60)}” is not a customer id")
    if not _WHOLE.fullmatch(points) or abs(int(points)) > MOST_POINTS:
        return Problem(line, f"“{one_line(points, 40)}” is not a whole number of points up to {MOST_POINTS:,}")
    return Row(line, email, int(known[1]) if known else None, int(points), note)


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(rows: list[list[object]]) -> str:
    """Lines of a CSV file; each cell in quotes, so that it is one cell for those who split by other signs, too."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
