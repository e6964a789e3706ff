"""Whole numbers as spreadsheets write them: 1234, 1,234, 1.234, 1 234, 1234.00. What can be read in two ways is not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_SPACES = re.compile("(?<![\\s\u00a0\u2009\u202f'])[\\s\u00a0\u2009\u202f']++(?=[0-9]{3}(?:[^0-9]|$))")
_PLAIN = re.compile(r"([+-]?)([0-9]{1,12})(?:([.,])([0-9]{1,12}))?")
_GROUPED = re.compile(r"([+-]?)([0-9]{1,3}(?:([.,])[0-9]{3})(?:\3[0-9]{3})*)(?:([.,])([0-9]{1,12}))?")
_LONGEST = 60
_WORD = re.compile(r"(?<!\s)\s*+(?:points?|pts\.?)$", re.IGNORECASE)


class Unclear(ValueError):
    """A cell that is no whole number: the key of the words for it, with the places `text` and `mark`."""

    def __init__(self, key: str, mark: str = "") -> None:
        super().__init__(key)
        self.key, self.mark = key, mark


@dataclass(frozen=True, slots=True)
class Writing:
    """Which mark a column has before decimals, and which between thousands; empty where nothing shows it."""

    decimals: str = ""
    thousands: str = ""


def writing_of(cells: Iterable[str], semicolons: bool) -> Writing:
    """How a column writes numbers: shown by a cell that can be read in one way only, else by the file's own mark.

    Spreadsheets that separate columns by semicolons do so because the comma stands before decimals.
    """
    for cell in cells:
        found = _GROUPED.fullmatch(_bare(cell))
        if found and (found[4] or found[2].count(found[3]) > 1) and found[4] != found[3]:
            return Writing("," if found[3] == "." else ".", found[3])
        plain = _PLAIN.fullmatch(_bare(cell))
        if plain and plain[3] and len(plain[4]) != 3:
            return Writing(plain[3], "," if plain[3] == "." else ".")
    return Writing(",", ".") if semicolons else Writing()


def whole(cell: str, writing: Writing) -> int:
    """The number. Raises Unclear for what is none, has decimals, or can be read in two ways."""
    bare = _bare(cell)
    grouped = _GROUPED.fullmatch(bare)
    if grouped and not grouped[4] and grouped[2].count(grouped[3]) == 1:
        return _either(bare, grouped[3], writing)
    if grouped and grouped[4] != grouped[3]:
        return _without_decimals(grouped[1] + grouped[2].replace(grouped[3], ""), grouped[5] or "")
    if plain := _PLAIN.fullmatch(bare):
        return _without_decimals(plain[1] + plain[2], plain[4] or "")
    raise Unclear("members.file.not_whole")


def decimal(cell: str, writing: Writing) -> Decimal:
    """The number with its decimals, as the column writes them. Raises Unclear for what is none."""
    bare = _bare(cell)
    grouped = _GROUPED.fullmatch(bare)
    if grouped and grouped[4] and grouped[4] != grouped[3]:
        return Decimal(f"{grouped[1]}{grouped[2].replace(grouped[3], '')}.{grouped[5]}")
    plain = _PLAIN.fullmatch(bare)
    if plain and (len(plain[4] or "") != 3 or plain[3] == writing.decimals):
        return Decimal(f"{plain[1]}{plain[2]}.{plain[4] or '0'}")
    raise Unclear("members.file.not_whole")


def _bare(cell: str) -> str:
    """Without words, spaces and a spreadsheet's apostrophe; in brackets, as accountants write it, it is negative."""
    text = _WORD.sub("", cell.strip()[:_LONGEST].lstrip("'")).replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1].strip()}"
    return _SPACES.sub("", text)


def _either(bare: str, mark: str, writing: Writing) -> int:
    """1,234 or 1.234: thousands, or three decimals, as the rest of the column shows."""
    front, _, behind = bare.partition(mark)
    if mark == writing.decimals or front.lstrip("+-").startswith("0"):
        return _without_decimals(front, behind)
    if mark == writing.thousands or mark == ",":
        return int(bare.replace(mark, ""))
    raise Unclear("members.file.two_ways", mark)


def _without_decimals(front: str, decimals: str) -> int:
    if decimals.strip("0"):
        raise Unclear("members.file.not_whole")
    return int(front)
