"""Codes of a partner as people have them: pasted one a line, or in a file that names its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.rules.formats import one_line
from plugin.rules.imports import table_file
from plugin.rules.imports.table_file import MOST_BYTES as MOST_BYTES
from plugin.rules.imports.table_file import Ranks, UnreadableFile, choose, heading_key, in_words

MOST_CODES = 20_000
LONGEST_CODE = 200
_RANKS: Ranks = (
    frozenset(
        {
            *("discount code", "coupon code", "voucher code", "promo code", "promotion code", "gift code"),
            *("gift card code", "gift card number", "redemption code", "reward code", "unique code", "claim code"),
            *("discount codes", "coupon codes", "voucher codes", "promo codes", "access code", "activation code"),
        }
    ),
    frozenset({"code", "codes", "the code", "your code"}),
    frozenset({"coupon", "coupons", "voucher", "vouchers", "promo", "kupon", "gutschein", "gutscheincode"}),
    frozenset({"value", "serial", "serial number", "number", "key"}),
)
_KNOWN = frozenset().union(*_RANKS)
_BY_A_SPREADSHEET = re.compile(r"[0-9](?:[.,][0-9]{1,14})?E\+[0-9]{1,3}")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes, each once, in their order; how many lines said one `again`; the heading that they stood under
    (empty for none), and the columns that nothing is done with."""

    codes: tuple[str, ...]
    again: int = 0
    heading: str = ""
    ignored: tuple[str, ...] = ()


def read(content: bytes) -> CodeList:
    """The codes of a file, or of what was pasted. Raises UnreadableFile, naming lines or columns.

    A heading is never a code; a file of one column needs none.
    """
    table = table_file.table(table_file.text_of(content), _KNOWN.__contains__)
    place = choose(table.headings, _RANKS, "the code")
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in table.rows]
    if place is not None:
        return _listed(_column(rows, place), table.headings[place], _others(table.headings, place))
    if len(table.headings) > 1 or any(len(cells) > 1 for _, cells in rows):
        raise UnreadableFile(
            f"No column is called “code”. The first line says {in_words(table.headings)}."
            " Call the column with the codes “code”, or send only the codes, one a line."
        )
    first = table.headings[0].strip() if table.headings else ""
    lines = [(line, cells[0]) for line, cells in rows]
    if _is_heading(first, [code for _, code in lines]):
        return _listed(lines, first, ())
    return _listed([(1, first), *lines] if first else lines, "", ())


def _column(rows: Sequence[tuple[int, list[str]]], place: int) -> list[tuple[int, str]]:
    return [(line, cells[place] if place < len(cells) else "") for line, cells in rows]


def _others(headings: Sequence[str], place: int) -> tuple[str, ...]:
    return tuple(one_line(each, 40) for at, each in enumerate(headings) if at != place and each.strip())


def _is_heading(first: str, rest: Sequence[str]) -> bool:
    """Whether the only column's first line is plainly not like the codes below it: words where those have digits,
    small letters where those have none, spaces where those have none."""
    if not rest or any(letter.isdigit() for letter in first):
        return False
    if all(any(letter.isdigit() for letter in code) for code in rest):
        return True
    unlike_case = first.upper() != first and all(code.upper() == code for code in rest)
    return unlike_case or (" " in first and not any(" " in code for code in rest))


def _listed(lines: Sequence[tuple[int, str]], heading: str, ignored: tuple[str, ...]) -> CodeList:
    problems = [f"line {line} {wrong}" for line, code in lines if (wrong := _wrong(code))]
    if problems:
        more = f", and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise UnreadableFile("; ".join(problems[:_SHOWN]) + more)
    codes = [code for _, code in lines if code]
    found = tuple(dict.fromkeys(codes))
    if len(found) > MOST_CODES:
        raise UnreadableFile(f"{MOST_CODES:,} codes are the most at once; these are {len(found):,}")
    return CodeList(found, len(codes) - len(found), one_line(heading, 40), ignored)


def _wrong(code: str) -> str:
    if len(code) > LONGEST_CODE or not code.isprintable():
        return "is no code"
    if _BY_A_SPREADSHEET.fullmatch(code):
        return "was changed by a spreadsheet: save that column as text"
    return "is a heading, not a code" if heading_key(code) in _RANKS[0] else ""


def joined(one: CodeList, other: CodeList) -> CodeList:
    """A file and what was pasted, together."""
    codes = tuple(dict.fromkeys((*one.codes, *other.codes)))
    if len(codes) > MOST_CODES:
        raise UnreadableFile(f"{MOST_CODES:,} codes are the most at once; these are {len(codes):,}")
    twice = len(one.codes) + len(other.codes) - len(codes)
    return CodeList(codes, one.again + other.again + twice, one.heading or other.heading, one.ignored or other.ignored)


def checked(text: str) -> CodeList:
    """What was checked before, one code a line; nothing of it is taken for a heading."""
    return _listed(list(enumerate((line.strip() for line in text.splitlines()), 1)), "", ())
