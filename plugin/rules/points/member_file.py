"""A file of members and points as people save it from a spreadsheet: read, checked line by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plugin.rules.formats import one_line
from plugin.rules.imports import table_file
from plugin.rules.imports.table_file import MOST_BYTES as MOST_BYTES
from plugin.rules.imports.table_file import UnreadableFile as UnreadableFile
from plugin.rules.imports.whole_numbers import Unclear, Writing, whole, writing_of
from plugin.rules.points import member_columns
from plugin.rules.points.adjusting import MOST_POINTS
from plugin.rules.words.texts import Said

MOST_ROWS = 10_000
LONGEST_NOTE = 300
_EMAIL = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\"]{1,188}\.[^@\s.,;<>()\"]{2,}")
_CUSTOMER = re.compile(r"(?:gid://shopify/Customer/)?([0-9]{1,18})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, also in the wide letters of East Asian ones."""


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
    what: Said


@dataclass(frozen=True, slots=True)
class MemberFile:
    """What a file says. `columns` are the headings that it was read from, by what they are; `ignored` names the
    columns that nothing is done with."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]
    columns: Mapping[str, str]


def read(content: bytes) -> MemberFile:
    """The rows and the problems of a CSV file: UTF-8 or UTF-16, by comma, semicolon, tab or bar.

    Raises UnreadableFile where no line can be trusted.
    """
    table = table_file.table(table_file.text_of(content), member_columns.known)
    columns = member_columns.columns(table.headings)
    lines = [(line, _cells(columns.places, cells)) for line, cells in table.rows]
    if len(lines) > MOST_ROWS:
        raise UnreadableFile(Said("members.file.lines", lines=len(lines), most=MOST_ROWS))
    writing = writing_of((cells["points"] for _, cells in lines), table.mark == ";")
    found = [_row(line, cells, writing) for line, cells in lines]
    return MemberFile(
        tuple(each for each in found if isinstance(each, Row)),
        tuple(each for each in found if isinstance(each, Problem)),
        tuple(one_line(each, 40) for each in columns.ignored),
        {name: one_line(table.headings[place], 40) for name, place in columns.places.items()},
    )


def _cells(places: Mapping[str, int], cells: Sequence[str]) -> dict[str, str]:
    return {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}


def _row(line: int, cells: Mapping[str, str], writing: Writing) -> Row | Problem:
    email, customer = cells.get("email", "").lstrip("'"), cells.get("customer_id", "").lstrip("'")
    points, note = cells["points"], one_line(cells.get("note", ""), LONGEST_NOTE)
    known = _CUSTOMER.fullmatch(customer)
    if not email and not customer:
        return Problem(line, Said("members.file.nobody"))
    if email and not _EMAIL.fullmatch(email):
        return Problem(line, Said("members.file.email", text=one_line(email, 60)))
    if customer and not (known and int(known[1])):
        return Problem(line, Said("members.file.customer", text=one_line(customer, 60)))
    if not points:
        return Problem(line, Said("members.file.missing"))
    try:
        number = whole(points, writing)
    except Unclear as error:
        return Problem(line, Said(error.key, text=one_line(points, 40), mark=error.mark))
    if abs(number) > MOST_POINTS:
        return Problem(line, Said("members.file.most", text=one_line(points, 40), most=MOST_POINTS))
    return Row(line, email, int(known[1]) if known else None, number, note)


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
